"""Who works in the shop: accounts, roles, invites. For owners."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import access, just_made, network, proof
from seller_console.changes import change
from seller_console.rendering import page
from shop import invites, people, sign_ins, trust
from shop.db import utc_now
from shop.errors import BadInput, InviteOver, LastOwner, SignInRefused
from shop.models import Invite, User
from shop.roles import May, Role
from shop.sign_ins import Attempt

pages = Blueprint("people", url_prefix="/people")

P = ParamSpec("P")


@dataclass(frozen=True)
class _Seen:
    users: Sequence[User]
    wrong_tries: Mapping[int, int]
    invites: Sequence[Invite]
    link_of: str


@pages.get("/", ctx_may=May.KEEP_PEOPLE)
async def show(request: Request) -> HTTPResponse:
    """Everybody, and who is still to come."""
    return await _page(request, saved=request.args.get("said") == "saved")


@pages.post("/invites", ctx_may=May.KEEP_PEOPLE, ctx_at_most=(20, 3600))
async def invite(request: Request) -> HTTPResponse:
    """A link for somebody new. It is shown for a few minutes: the database has only its hash."""
    email, role = access.field(request, "email"), access.field(request, "role")
    typed = {"email": email, "of": "new"}
    attempt = await _password(request) if role == Role.OWNER else None
    asked = {"email": email, "role": role, "by": request.ctx.seller.email, "now": utc_now()}
    try:
        secret = await change(request, people.plain(email)[:254], trust.invite, attempt, **asked)
    except (BadInput, SignInRefused) as error:
        return await _refused(request, error, typed)
    return just_made.show_at(request, "/people", "link", [secret])


@pages.post("/invites/<invite_id:row>/withdraw", ctx_may=May.KEEP_PEOPLE)
async def withdraw(request: Request, invite_id: int) -> HTTPResponse:
    """The link works no more."""
    return await _do(request, 0, f"invite {invite_id}", invites.withdraw, invite_id)


@pages.post("/<user_id:row>/link", ctx_may=May.KEEP_PEOPLE, ctx_at_most=(20, 3600))
async def link(request: Request, user_id: int) -> HTTPResponse:
    """A link for somebody who has forgotten the password."""
    email, attempt = await _email(request, user_id), await _password(request)
    try:
        secret = await change(request, email, trust.link_for_new_password, attempt, user_id, utc_now())
    except (BadInput, SignInRefused) as error:
        return await _refused(request, error, {"of": str(user_id)})
    return just_made.show_at(request, "/people", "link", [secret])


@pages.post("/<user_id:row>/role", ctx_may=May.KEEP_PEOPLE)
async def role(request: Request, user_id: int) -> HTTPResponse:
    """Another role, from the person's next click on."""
    wanted, email = access.field(request, "role"), await _email(request, user_id)
    attempt = await _password(request) if wanted == Role.OWNER else None
    return await _do(request, user_id, email, trust.give_role, attempt, user_id, wanted)


@pages.post("/<user_id:row>/deactivate", ctx_may=May.KEEP_PEOPLE)
async def deactivate(request: Request, user_id: int) -> HTTPResponse:
    """Somebody has left."""
    return await _do(request, user_id, await _email(request, user_id), people.deactivate, user_id)


@pages.post("/<user_id:row>/reactivate", ctx_may=May.KEEP_PEOPLE)
async def reactivate(request: Request, user_id: int) -> HTTPResponse:
    """Somebody is back."""
    return await _do(request, user_id, await _email(request, user_id), people.reactivate, user_id)


@pages.post("/<user_id:row>/second-step-off", ctx_may=May.KEEP_PEOPLE)
async def second_step_off(request: Request, user_id: int) -> HTTPResponse:
    """Somebody has lost the phone with the authenticator app."""
    email, attempt = await _email(request, user_id), await _password(request)
    return await _do(request, user_id, email, trust.take_off_second_step, attempt, user_id)


async def _do(
    request: Request,
    user_id: int,
    subject: str,
    use_case: Callable[Concatenate[Session, P], object],
    *args: P.args,
    **kwargs: P.kwargs,
) -> HTTPResponse:
    try:
        await change(request, subject, use_case, *args, **kwargs)
    except LastOwner:
        return await _page(request, status=409, last_owner=True)
    except (BadInput, SignInRefused) as error:
        return await _refused(request, error, {"of": str(user_id)})
    return redirect("/people?said=saved", status=303)


async def _refused(
    request: Request, error: BadInput | SignInRefused, typed: Mapping[str, str]
) -> HTTPResponse:
    """The page again, with what was typed and what of it cannot be used; `typed["of"]` says in whose form."""
    if isinstance(error, BadInput):
        wrong = {"field": error.field, "why": error.reason}
    else:
        wrong = {"field": "password", "why": "wrong" if access.field(request, "password") else "missing"}
    return await _page(request, status=409, typed={"role": access.field(request, "role"), **typed, **wrong})


async def _password(request: Request) -> Attempt | None:
    """The attempt if the owner's own password was typed."""
    typed = access.field(request, "password")
    return await proof.of_password(request, request.ctx.seller.email, typed) if typed else None


async def _email(request: Request, user_id: int) -> str:
    user: User = await request.app.ctx.database.read(people.account, user_id)
    return user.email


async def _page(
    request: Request, *, status: int = 200, typed: Mapping[str, str] | None = None, **values: Any
) -> HTTPResponse:
    made = just_made.found(request, "link")
    seen: _Seen = await request.app.ctx.database.read(_see, made)
    nothing: dict[str, str] = {"email": "", "role": Role.STAFF, "field": "", "why": "", "of": ""}
    shown: dict[str, Any] = {"saved": False, "last_owner": False}
    return page(
        request,
        "people.html",
        status=status,
        users=seen.users,
        wrong_tries=seen.wrong_tries,
        invites=seen.invites,
        roles=list(Role),
        link=_link(request, made[0]) if seen.link_of else "",
        link_of=seen.link_of,
        typed=nothing | dict(typed or {}),
        **(shown | values),
    )


def _see(session: Session, made: Sequence[str]) -> _Seen:
    users, now, link_of = people.all_accounts(session), utc_now(), ""
    with suppress(InviteOver):
        link_of = invites.find(session, made[0], now).email if made else ""
    return _Seen(users, sign_ins.wrong_tries(session, users), invites.pending(session, now), link_of)


def _link(request: Request, secret: str) -> str:
    """The address to send: under the name by which the owner has reached the console."""
    scheme = "https" if network.over_tls(request) else "http"
    return f"{scheme}://{request.host}/join/{secret}"
