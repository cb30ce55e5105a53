"""What everybody keeps of themselves: name, language, password, and where they are signed in."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import access, proof
from seller_console.changes import change, if_new
from seller_console.pages.sign_in import signed_out
from seller_console.rendering import page
from shop import passwords, people, second_factor, sign_ins
from shop.db import utc_now
from shop.errors import BadInput, SignInRefused
from shop.models import SignIn, User
from shop.sign_ins import Attempt

pages = Blueprint("account", url_prefix="/account")

_SAID = ("saved", "password", "ended", "on", "off")


@dataclass(frozen=True)
class _Seen:
    user: User
    sessions: list[SignIn]
    codes_left: int


@pages.get("/", ctx_signed_in=True)
async def account(request: Request) -> HTTPResponse:
    """The page."""
    return await account_page(request)


@pages.post("/", ctx_signed_in=True)
async def save(request: Request) -> HTTPResponse:
    """Another name or language."""
    name, language = access.field(request, "name"), access.field(request, "language")

    def write(session: Session) -> bool:
        changed = people.rename(session, request.ctx.seller.id, name)
        if language in access.LANGUAGES:
            changed |= people.choose_language(session, request.ctx.seller.id, language)
        return changed

    try:
        await change(request, request.ctx.seller.email, if_new(write))
    except BadInput as error:
        return await account_page(request, status=409, wrong=("name", error.reason), name=name)
    return redirect("/account?said=saved", status=303)


@pages.post("/password", ctx_signed_in=True)
async def password(request: Request) -> HTTPResponse:
    """Another password. Whoever knows only the old one, or sits at another browser, is out."""
    seller = request.ctx.seller
    old, new = access.field(request, "old"), access.field(request, "new")
    try:
        passwords.check(new, seller.email)
    except BadInput as error:
        return await account_page(request, status=409, wrong=("new", error.reason))
    attempt = await proof.of_password(request, seller.email, old)
    if attempt is None:
        return await account_page(request, status=409, wrong=("old", "wrong"))
    new_hash = await asyncio.to_thread(passwords.hashed, new)
    try:
        await change(request, seller.email, _set_password, attempt, new_hash, seller.secret)
    except SignInRefused:
        return await account_page(request, status=409, wrong=("old", "wrong"))
    return redirect("/account?said=password", status=303)


@pages.post("/sessions/<token:str>/end", ctx_signed_in=True)
async def end_session(request: Request, token: str) -> HTTPResponse:
    """Sign out one browser."""
    seller = request.ctx.seller
    await change(request, seller.email, sign_ins.end_one, seller.id, token)
    if token == sign_ins.hashed(seller.secret):
        return signed_out(request)
    return redirect("/account?said=ended", status=303)


@pages.post("/sessions/end", ctx_signed_in=True)
async def end_all_sessions(request: Request) -> HTTPResponse:
    """Sign out everywhere, here too."""
    await change(request, request.ctx.seller.email, people.end_sessions, request.ctx.seller.id)
    return signed_out(request)


async def account_page(
    request: Request, *, status: int = 200, wrong: tuple[str, str] = ("", ""), **typed: Any
) -> HTTPResponse:
    """The page; `wrong` is a field that cannot be used and why, `typed` what was typed instead of what is kept."""
    seen: _Seen = await request.app.ctx.database.read(_see, request.ctx.seller.id)
    said = request.args.get("said")
    values: dict[str, Any] = {
        "user": seen.user,
        "name": seen.user.name,
        "sessions": seen.sessions,
        "this_session": sign_ins.hashed(request.ctx.seller.secret),
        "codes_left": seen.codes_left,
        "wrong": wrong,
        "said": said if said in _SAID else None,
    }
    return page(request, "account.html", status=status, **(values | typed))


def _see(session: Session, user_id: int) -> _Seen:
    user = people.account(session, user_id)
    open_sessions = list(sign_ins.sessions(session, user_id, utc_now()))
    return _Seen(user, open_sessions, second_factor.recovery_codes_left(session, user))


def _set_password(session: Session, attempt: Attempt, new_hash: str, secret: str) -> None:
    user = sign_ins.passed(session, attempt)
    people.change_password(session, user, new_hash, besides=sign_ins.hashed(secret))
