"""Behind an invite's link: somebody chooses a name, a password and a language, and is in."""

from __future__ import annotations

import asyncio
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import access, proof
from seller_console.pages.sign_in import signed_in
from seller_console.refusals import refusal
from seller_console.rendering import page
from shop import audit, invites, passwords, people, sign_ins
from shop.db import utc_now
from shop.errors import BadInput, InviteOver
from shop.sign_ins import Browser

pages = Blueprint("join", url_prefix="/join")


@pages.get("/<secret:str>", ctx_public=True, ctx_at_most=(60, 600))
async def form(request: Request, secret: str) -> HTTPResponse:
    """The form. Looking, as chats do for their previews, does not use the link up."""
    return await _form(request, secret)


@pages.post("/<secret:str>", ctx_public=True, ctx_at_most=(60, 600))
async def join(request: Request, secret: str) -> HTTPResponse:
    """A new account is signed in at once; whoever has a new password signs in with it."""
    name, password = access.field(request, "name"), access.field(request, "password")
    language = access.field(request, "language")
    language = language if language in access.LANGUAGES else request.ctx.language
    database, typed = request.app.ctx.database, {"name": name, "chosen": language}
    try:
        email, is_new = await database.read(_whose, secret)
        passwords.check(password, email)
        if is_new:
            people.usable_name(name)  # before the slow part
        password_hash = await asyncio.to_thread(passwords.hashed, password)
        opened = await database.run(_join, secret, name, password_hash, language, proof.browser(request))
    except BadInput as error:
        return await _form(request, secret, status=409, field=error.field, why=error.reason, **typed)
    except InviteOver:
        return await _form(request, secret)
    if opened is None:
        return redirect("/sign-in", status=303)
    return signed_in(request, opened, "/", email)


async def _form(request: Request, secret: str, *, status: int = 200, **values: Any) -> HTTPResponse:
    try:
        email, is_new = await request.app.ctx.database.read(_whose, secret)
    except InviteOver:
        return refusal(request, 410)
    nothing = {"name": "", "chosen": request.ctx.language, "field": "", "why": ""}
    shown = {"secret": secret, "email": email, "is_new": is_new}
    response = page(request, "join.html", status=status, **(nothing | shown | values))
    if request.ctx.seller is None:
        access.give_form_token(request, response)
    return response


def _whose(session: Session, secret: str) -> tuple[str, bool]:
    """Whose the link is, and whether they are new."""
    email = invites.find(session, secret, utc_now()).email
    return email, people.by_email(session, email) is None


def _join(
    session: Session, secret: str, name: str, password_hash: str, language: str, browser: Browser
) -> str | None:
    """The secret of the new account's session."""
    now = utc_now()
    is_new = _whose(session, secret)[1]
    user = invites.accept(session, secret, name=name, password_hash=password_hash, language=language, now=now)
    audit.record(session, "join.join" if is_new else "join.renew", user.email, by=user.email, now=now)
    return sign_ins.sign_in(session, user, now, browser) if is_new else None
