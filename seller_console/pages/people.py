"""Who works in the shop: accounts, roles, invites. For owners."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import access
from seller_console.changes import change
from seller_console.rendering import page
from shop import invites, people, second_factor, sign_ins
from shop.db import utc_now
from shop.errors import BadInput, LastOwner
from shop.models import Invite, User
from shop.roles import May, Role

pages = Blueprint("people", url_prefix="/people")

P = ParamSpec("P")


@dataclass(frozen=True)
class _Seen:
    users: Sequence[User]
    wrong_tries: Mapping[int, int]
    invites: Sequence[Invite]


@pages.get("/", ctx_may=May.KEEP_PEOPLE)
async def show(request: Request) -> HTTPResponse:
    """Everybody, and who is still to come."""
    return await _page(request, saved=request.args.get("said") == "saved")


@pages.post("/invites", ctx_may=May.KEEP_PEOPLE, ctx_at_most=(20, 3600))
async def invite(request: Request) -> HTTPResponse:
    """A link for somebody new. It is shown this once: the database has only its hash."""
    email, role = access.field(request, "email"), access.field(request, "role")
    by = request.ctx.seller.email
    try:
        secret = await change(
            request, people.plain(email)[:254], invites.create, email=email, role=role, by=by, now=utc_now()
        )
    except BadInput as error:
        wrong = {"field": error.field, "why": error.reason}
        return await _page(request, status=409, typed={"email": email, "role": role} | wrong)
    return await _page(request, link=_link(request, secret), link_of=people.plain(email))


@pages.post("/invites/<invite_id:row>/withdraw", ctx_may=May.KEEP_PEOPLE)
async def withdraw(request: Request, invite_id: int) -> HTTPResponse:
    """The link works no more."""
    return await _do(request, f"invite {invite_id}", invites.withdraw, invite_id)


@pages.post("/<user_id:row>/link", ctx_may=May.KEEP_PEOPLE, ctx_at_most=(20, 3600))
async def link(request: Request, user_id: int) -> HTTPResponse:
    """A link for somebody who has forgotten the password."""
    email = await _email(request, user_id)
    secret = await change(
        request, email, invites.for_new_password, user_id, by=request.ctx.seller.email, now=utc_now()
    )
    return await _page(request, link=_link(request, secret), link_of=email)


@pages.post("/<user_id:row>/role", ctx_may=May.KEEP_PEOPLE)
async def role(request: Request, user_id: int) -> HTTPResponse:
    """Another role, from the person's next click on."""
    wanted = access.field(request, "role")
    return await _do(request, await _email(request, user_id), people.change_role, user_id, wanted)


@pages.post("/<user_id:row>/deactivate", ctx_may=May.KEEP_PEOPLE)
async def deactivate(request: Request, user_id: int) -> HTTPResponse:
    """Somebody has left."""
    return await _do(request, await _email(request, user_id), people.deactivate, user_id)


@pages.post("/<user_id:row>/reactivate", ctx_may=May.KEEP_PEOPLE)
async def reactivate(request: Request, user_id: int) -> HTTPResponse:
    """Somebody is back."""
    return await _do(request, await _email(request, user_id), people.reactivate, user_id)


@pages.post("/<user_id:row>/second-step-off", ctx_may=May.KEEP_PEOPLE)
async def second_step_off(request: Request, user_id: int) -> HTTPResponse:
    """Somebody has lost the phone with the authenticator app."""

    def write(session: Session) -> None:
        second_factor.take_off(session, people.account(session, user_id))

    return await _do(request, await _email(request, user_id), write)


async def _do(
    request: Request,
    subject: str,
    use_case: Callable[Concatenate[Session, P], object],
    *args: P.args,
    **kwargs: P.kwargs,
) -> HTTPResponse:
    try:
        await change(request, subject, use_case, *args, **kwargs)
    except LastOwner:
        return await _page(request, status=409, last_owner=True)
    except BadInput as error:
        return await _page(request, status=409, typed={"field": error.field, "why": error.reason})
    return redirect("/people?said=saved", status=303)


async def _email(request: Request, user_id: int) -> str:
    user: User = await request.app.ctx.database.read(people.account, user_id)
    return user.email


async def _page(
    request: Request, *, status: int = 200, typed: Mapping[str, str] | None = None, **values: Any
) -> HTTPResponse:
    seen: _Seen = await request.app.ctx.database.read(_see)
    nothing: dict[str, str] = {"email": "", "role": Role.STAFF, "field": "", "why": ""}
    shown: dict[str, Any] = {"link": "", "link_of": "", "saved": False, "last_owner": False}
    return page(
        request,
        "people.html",
        status=status,
        users=seen.users,
        wrong_tries=seen.wrong_tries,
        invites=seen.invites,
        roles=list(Role),
        typed=nothing | dict(typed or {}),
        **(shown | values),
    )


def _see(session: Session) -> _Seen:
    users = people.all_accounts(session)
    return _Seen(users, sign_ins.wrong_tries(session, users), invites.pending(session, utc_now()))


def _link(request: Request, secret: str) -> str:
    """The address to send: under the name by which the owner has reached the console."""
    scheme = "https" if access.over_tls(request) else "http"
    return f"{scheme}://{request.host}/join/{secret}"
