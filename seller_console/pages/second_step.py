"""The second step of one's own sign-in: an authenticator app is added, its recovery codes shown once, taken off."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import segno
from markupsafe import Markup
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import access, just_made, proof
from seller_console.changes import change
from seller_console.pages.account import account_page
from seller_console.rendering import page
from shop import people, second_factor, sign_ins
from shop.db import utc_now
from shop.errors import BadInput, SignInRefused
from shop.models import User
from shop.sign_ins import Attempt
from shop.vault import Vault, WrongKey

pages = Blueprint("second_step", url_prefix="/account/second-step")


@pages.post("/offer", ctx_signed_in=True)
async def offer(request: Request) -> HTTPResponse:
    """Make a secret for an app. Nothing is asked for before the app has shown that it has it."""
    await change(request, request.ctx.seller.email, _offer, _vault(request), request.ctx.seller.id)
    return redirect("/account/second-step", status=303)


@pages.get("/", ctx_signed_in=True)
async def show(request: Request) -> HTTPResponse:
    """The secret as a QR code, and where the app's first code goes."""
    return await _show(request)


@pages.post("/confirm", ctx_signed_in=True)
async def confirm(request: Request) -> HTTPResponse:
    """The app's first code, from whoever knows the password: it is on, and the recovery codes are shown."""
    attempt = await _password(request)
    if attempt is None:
        return await _show(request, status=409, wrong="password")
    given = access.field(request, "code")[:100]
    try:
        codes = await change(request, request.ctx.seller.email, _confirm, _vault(request), attempt, given)
    except SignInRefused:
        return await _show(request, status=409, wrong="password")
    except BadInput:
        return await _show(request, status=409, wrong="code")
    return just_made.show_at(request, "/account/second-step/codes", "codes", codes)


@pages.get("/codes", ctx_signed_in=True)
async def show_codes(request: Request) -> HTTPResponse:
    """The recovery codes that were just made, for a few minutes: the database has only their hashes."""
    codes = just_made.found(request, "codes")
    return page(request, "recovery_codes.html", codes=codes) if codes else redirect("/account", status=303)


@pages.post("/codes", ctx_signed_in=True)
async def new_codes(request: Request) -> HTTPResponse:
    """Other recovery codes, for whoever knows the password."""
    attempt = await _password(request)
    codes: Sequence[str] = ()
    with suppress(SignInRefused):
        if attempt is not None:
            codes = await change(request, request.ctx.seller.email, _new_codes, attempt)
    if not codes:
        return await account_page(request, status=409, wrong=("second", "wrong"))
    return just_made.show_at(request, "/account/second-step/codes", "codes", codes)


@pages.post("/off", ctx_signed_in=True)
async def off(request: Request) -> HTTPResponse:
    """The password alone is enough again, says whoever knows it."""
    attempt = await _password(request)
    try:
        if attempt:
            await change(request, request.ctx.seller.email, _off, attempt)
    except SignInRefused:
        attempt = None
    if attempt is None:
        return await account_page(request, status=409, wrong=("second", "wrong"))
    return redirect("/account?said=off", status=303)


async def _show(request: Request, *, status: int = 200, wrong: str = "") -> HTTPResponse:
    secret = await request.app.ctx.database.read(_offered, _vault(request), request.ctx.seller.id)
    if secret is None:
        return redirect("/account", status=303)
    link = second_factor.link(secret, shop=request.ctx.shop_name, email=request.ctx.seller.email)
    by_fours = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    values: dict[str, Any] = {"code": drawn(link), "secret": by_fours, "link": link, "wrong": wrong}
    return page(request, "second_step.html", status=status, **values)


def drawn(text: str) -> Markup:
    """A QR code as SVG for a page: without styles, which the page's policy forbids."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4, light="#fff",
        svgclass="qr", lineclass=None,
    )  # fmt: skip
    return Markup(out.getvalue().decode())  # noqa: S704  # segno's own drawing, no text in it


async def _password(request: Request) -> Attempt | None:
    return await proof.of_password(request, request.ctx.seller.email, access.field(request, "password"))


def _offer(session: Session, vault: Vault, user_id: int) -> None:
    user = people.account(session, user_id)
    if user.totp_since is None:
        second_factor.offer(session, vault, user)


def _offered(session: Session, vault: Vault, user_id: int) -> str | None:
    user: User = people.account(session, user_id)
    if not user.totp or user.totp_since is not None:
        return None
    with suppress(WrongKey):  # of another TALAD_SECRET_KEY: the next offer makes one anew
        return vault.open(user.totp)
    return None


def _confirm(session: Session, vault: Vault, attempt: Attempt, given: str) -> Sequence[str]:
    return second_factor.confirm(session, vault, sign_ins.passed(session, attempt), given, utc_now())


def _new_codes(session: Session, attempt: Attempt) -> Sequence[str]:
    user = sign_ins.passed(session, attempt)
    return second_factor.new_recovery_codes(session, user) if user.totp_since else []


def _off(session: Session, attempt: Attempt) -> None:
    second_factor.take_off(session, sign_ins.passed(session, attempt))


def _vault(request: Request) -> Vault:
    return Vault(request.app.ctx.settings.secret_key)
