"""Signing in and out."""

from __future__ import annotations

import math
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import access
from seller_console.rendering import page
from shop import people
from shop.db import utc_now
from shop.errors import TooManyAttempts

pages = Blueprint("sign_in")

#: How long a sign-in form may lie open.
_FORM_SECONDS = 24 * 60 * 60


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
        secret = await request.app.ctx.database.run(_attempt, email, password, access.client_address(request))
    except TooManyAttempts as paused:
        seconds = max(1, math.ceil((paused.until - utc_now()).total_seconds()))
        response = _form(request, status=429, paused=paused.until, minutes=math.ceil(seconds / 60))
        response.headers["retry-after"] = str(seconds)
        return response
    if secret is None:
        return _form(request, status=401, wrong=True)
    response = redirect(access.own_path(access.field(request, "next")), status=303)
    lifetime = int(people.STAY_SIGNED_IN.total_seconds())
    access.set_cookie(request, response, access.SESSION_COOKIE, secret, lifetime)
    access.drop_cookie(request, response, access.FORM_COOKIE)
    return response


@pages.post("/sign-out", ctx_signed_in=True)
async def sign_out(request: Request) -> HTTPResponse:
    """End the session."""
    await request.app.ctx.database.run(people.sign_out, request.ctx.seller.secret)
    response = redirect("/sign-in", status=303)
    access.drop_cookie(request, response, access.SESSION_COOKIE)
    return response


def _attempt(session: Session, email: str, password: str, address: str) -> str | None:
    now = utc_now()
    user = people.check_password(session, email, password, address=address, now=now)
    return people.sign_in(session, user, now) if user else None


def _form(request: Request, *, status: int = 200, **values: Any) -> HTTPResponse:
    asked: dict[str, Any] = {
        "next": access.own_path(access.field(request, "next") or request.args.get("next", "/")),
        "email": access.field(request, "email"),
        "wrong": False,
        "paused": None,
        "minutes": 0,
    }
    response = page(request, "sign_in.html", status=status, **(asked | values))
    access.set_cookie(request, response, access.FORM_COOKIE, access.form_token(request), _FORM_SECONDS)
    if request.args.get("language") in access.LANGUAGES:
        access.set_cookie(request, response, access.LANGUAGE_COOKIE, request.ctx.language, 365 * 24 * 60 * 60)
    return response
