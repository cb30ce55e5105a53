"""Signing in, with a password and, for those who use one, the code of an authenticator app; and signing out."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import access, known, network, proof
from seller_console.changes import change
from seller_console.proof import TryLater
from seller_console.rendering import page
from shop import passwords, sign_ins
from shop.db import utc_now
from shop.errors import SignInRefused, TooManyAttempts
from shop.sign_ins import Attempt, Browser
from shop.vault import Vault

pages = Blueprint("sign_in")

#: Stands for the password between the two steps of signing in.
_HALF_WAY_COOKIE = "talad_half_way"


@pages.get("/sign-in", ctx_public=True)
async def form(request: Request) -> HTTPResponse:
    """The form; whoever is signed in already goes on."""
    if request.ctx.seller:
        return redirect(access.own_path(request.args.get("next", "/")), status=303)
    return _form(request)


@pages.post("/sign-in", ctx_public=True)
async def sign_in(request: Request) -> HTTPResponse:
    """Check name and password, give the browser its session, and lead to where it wanted to go."""
    email, password = access.field(request, "email"), access.field(request, "password")
    try:
        attempt = await proof.of_password(request, email, password)
    except TryLater as paused:
        return _paused(_form(request, status=429, paused=paused), paused)
    if attempt is None:
        return _form(request, status=401, wrong=True)
    better = await _better_hash(attempt, password)
    database = request.app.ctx.database
    try:
        secret, is_whole = await database.run(_enter, attempt, better, proof.browser(request))
    except SignInRefused:
        return _form(request, status=401, wrong=True)
    target = access.own_path(access.field(request, "next"))
    if is_whole:
        return signed_in(request, secret, target, attempt.email)
    response = redirect(f"/sign-in/code?next={quote(target, safe='/')}", status=303)
    access.set_cookie(request, response, _HALF_WAY_COOKIE, secret, int(sign_ins.HALF_WAY.total_seconds()))
    return response


@pages.get("/sign-in/code", ctx_public=True)
async def code_form(request: Request) -> HTTPResponse:
    """The second step; whoever did not take the first one is led there."""
    try:
        await request.app.ctx.database.read(sign_ins.half_way, _half_way(request), utc_now())
    except SignInRefused:
        return redirect("/sign-in", status=303)
    return _code_form(request)


@pages.post("/sign-in/code", ctx_public=True)
async def code(request: Request) -> HTTPResponse:
    """The code of the app, or a recovery code, opens the session."""
    vault = Vault(request.app.ctx.settings.secret_key)
    given, address = access.field(request, "code")[:100], network.client_address(request)
    try:
        opened: tuple[str, str] | None = await request.app.ctx.database.run(
            _finish, vault, _half_way(request), given, address, proof.browser(request)
        )
    except SignInRefused:
        return redirect("/sign-in", status=303)
    except TooManyAttempts as error:
        paused = proof.later(error)
        return _paused(_code_form(request, status=429, paused=paused), paused)
    if opened is None:
        return _code_form(request, status=401, wrong=True)
    secret, email = opened
    return signed_in(request, secret, access.own_path(access.field(request, "next")), email)


@pages.post("/sign-out", ctx_signed_in=True)
async def sign_out(request: Request) -> HTTPResponse:
    """End the session."""
    await change(request, request.ctx.seller.email, sign_ins.sign_out, request.ctx.seller.secret)
    return signed_out(request)


def signed_in(request: Request, secret: str, target: str, email: str) -> HTTPResponse:
    """Give the browser the account's session and lead it to a path of ours."""
    response = redirect(target, status=303)
    lifetime = int(sign_ins.STAY_SIGNED_IN.total_seconds())
    access.set_cookie(request, response, access.SESSION_COOKIE, secret, lifetime)
    known.remember(request, response, email)
    for name in (access.FORM_COOKIE, _HALF_WAY_COOKIE):
        access.drop_cookie(request, response, name)
    return response


def signed_out(request: Request) -> HTTPResponse:
    """Take the session from the browser."""
    response = redirect("/sign-in", status=303)
    access.drop_cookie(request, response, access.SESSION_COOKIE)
    return response


async def _better_hash(attempt: Attempt, password: str) -> str | None:
    if attempt.password and passwords.is_dated(attempt.password):
        return await asyncio.to_thread(passwords.hashed, password)
    return None


def _enter(session: Session, attempt: Attempt, better: str | None, browser: Browser) -> tuple[str, bool]:
    """The secret for the cookie, and whether it is a session's; without that the code is still to come."""
    user, now = sign_ins.passed(session, attempt), utc_now()
    user.password = better or user.password
    if user.totp_since is not None:
        return sign_ins.ask_for_code(session, user, now), False
    return sign_ins.sign_in(session, user, now, browser), True


def _finish(
    session: Session, vault: Vault, secret: str, given: str, address: str, browser: Browser
) -> tuple[str, str] | None:
    """The session's secret and the account's email."""
    now = utc_now()
    user = sign_ins.enter_code(session, vault, secret, given, address=address, now=now)
    return (sign_ins.sign_in(session, user, now, browser), user.email) if user else None


def _half_way(request: Request) -> str:
    return access.cookie(request, _HALF_WAY_COOKIE) or ""


def _paused(response: HTTPResponse, paused: TryLater) -> HTTPResponse:
    response.headers["retry-after"] = str(paused.seconds)
    return response


def _code_form(request: Request, *, status: int = 200, **values: Any) -> HTTPResponse:
    return _door(request, "sign_in_code.html", status, values)


def _form(request: Request, *, status: int = 200, **values: Any) -> HTTPResponse:
    response = _door(request, "sign_in.html", status, {"email": access.field(request, "email")} | values)
    if request.args.get("language") in access.LANGUAGES:
        access.set_cookie(request, response, access.LANGUAGE_COOKIE, request.ctx.language, 365 * 24 * 60 * 60)
    return response


def _door(request: Request, template: str, status: int, values: dict[str, Any]) -> HTTPResponse:
    asked: dict[str, Any] = {
        "next": access.own_path(access.field(request, "next") or request.args.get("next", "/")),
        "wrong": False,
        "paused": None,
    }
    response = page(request, template, status=status, **(asked | values))
    access.give_form_token(request, response)
    return response
