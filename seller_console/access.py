"""Who may come in: one guard before every route. Each route says for whom it is, or the console does not start.

`ctx_may=May.…` is for signed-in people whose role allows that, `ctx_signed_in=True` for all of them;
`ctx_public=True` lets strangers in; `ctx_anonymous=True` does not even look who asks (health, static files).
The guard also checks that a form was sent by our own page (CSRF), and says in which language to answer.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from sanic import HTTPResponse, Request, Sanic
from sanic.exceptions import Forbidden, PayloadTooLarge, Unauthorized
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console.network import client_address, over_tls
from seller_console.readable import make_readable
from shop import roles, sign_ins
from shop.db import utc_now
from shop.errors import SignInRefused
from shop.models import Shop
from shop.roles import May

SESSION_COOKIE = "talad_session"
#: Proves that the sign-in form came from us, before there is a session.
FORM_COOKIE = "talad_form"
LANGUAGE_COOKIE = "talad_language"
#: How long a form for strangers may lie open.
_FORM_SECONDS = 24 * 60 * 60
#: That a session is in use is written down so often, not with every request.
_SEEN_EVERY = timedelta(minutes=5)
LANGUAGES = ("th", "en")
CSRF_FIELD = "csrf"
_CSRF_HEADER = "x-csrf-token"
#: Exactly one of these stands at every route.
_FOR_WHOM = ("may", "signed_in", "public", "anonymous")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Seller:
    """Whoever is signed in. `secret` is their cookie's, `csrf` goes into their forms, their role allows `may`."""

    id: int
    email: str
    name: str
    role: str
    language: str
    csrf: str
    secret: str
    may: frozenset[May]
    seen_at: datetime | None
    alert_sound: bool
    alert_notice: bool


class Stranger(Unauthorized):
    """Nobody is signed in, and this is no page that could lead to the sign-in form."""


class ForgedForm(Forbidden):
    """A form without our token: sent by another site, or from a page older than the session."""


def guard(app: Sanic) -> None:  # type: ignore[type-arg]
    """Put the guard before every route of the application, unknown addresses included.

    Raises ValueError for a route that does not say, or says twice, for whom it is.
    """
    for route in app.router.routes:
        if len(set(_FOR_WHOM) & vars(route.ctx).keys()) != 1:
            raise ValueError(f"/{route.path} must have one of ctx_{', ctx_'.join(_FOR_WHOM)}")
    app.register_middleware(_guard, "request")


async def _guard(request: Request) -> HTTPResponse | None:
    request.ctx.seller, request.ctx.shop_name = None, "Talad"
    request.ctx.language = _language_of_stranger(request)
    make_readable(request)
    route = request.route.ctx if request.route else None
    if getattr(route, "anonymous", False):
        return None
    seller, shop_names = await request.app.ctx.database.read(_who, cookie(request, SESSION_COOKIE))
    if seller:
        request.ctx.seller, request.ctx.language = seller, seller.language
    request.ctx.shop_name = shop_names.get(request.ctx.language, "Talad")
    if seller is None and not getattr(route, "public", False):
        return _to_sign_in(request)
    needed: May | None = getattr(route, "may", None)
    if seller and needed and needed not in seller.may:
        raise Forbidden(f"this takes {needed}")
    if request.method not in SAFE_METHODS:
        _check_form(request, seller)
    if seller:
        await _note_seen(request, seller)
    return None


async def is_open(request: Request) -> bool:
    """Whether the route is for whoever asks; for what happens before the guard, which comes after the body."""
    seller, _ = await request.app.ctx.database.read(_who, cookie(request, SESSION_COOKIE))
    needed: May | None = getattr(request.route.ctx, "may", None) if request.route else None
    return seller is not None and (needed is None or needed in seller.may)


async def _note_seen(request: Request, seller: Seller) -> None:
    now = utc_now()
    if seller.seen_at is None or now - seller.seen_at > _SEEN_EVERY:
        await request.app.ctx.database.run(sign_ins.seen, seller.secret, now, client_address(request))


def _who(session: Session, secret: str | None) -> tuple[Seller | None, dict[str, str]]:
    shop = session.get(Shop, 1)
    names = {"th": shop.name_th, "en": shop.name_en} if shop else {}
    return _seller(session, secret), names


def _seller(session: Session, secret: str | None) -> Seller | None:
    if not secret:
        return None
    try:
        found = sign_ins.signed_in(session, secret, utc_now())
    except SignInRefused:
        return None
    user = found.user
    return Seller(
        user.id,
        user.email,
        user.name,
        user.role,
        user.language,
        found.csrf,
        secret,
        roles.allowed(user.role),
        found.last_seen_at,
        user.alert_sound,
        user.alert_notice,
    )


async def still_signed_in(request: Request) -> Seller | None:
    """The seller as they are now if their session goes on; for answers that take long."""
    seller: Seller | None
    seller, _ = await request.app.ctx.database.read(_who, request.ctx.seller.secret)
    return seller


def _to_sign_in(request: Request) -> HTTPResponse:
    if request.method != "GET" or "text/html" not in request.headers.get("accept", ""):
        raise Stranger("sign in first")
    if request.path == "/" and not request.query_string:
        return redirect("/sign-in", status=303)
    path = f"{request.path}?{request.query_string}" if request.query_string else request.path
    return redirect(f"/sign-in?next={quote(path, safe='/')}", status=303)


def _check_form(request: Request, seller: Seller | None) -> None:
    expected = seller.csrf if seller else cookie(request, FORM_COOKIE)
    given = request.headers.get(_CSRF_HEADER) or field(request, CSRF_FIELD)
    if not expected or not hmac.compare_digest(expected.encode(), given.encode(errors="replace")):
        if _was_left_unread(request):
            raise PayloadTooLarge("the form is larger than its page takes")
        raise ForgedForm("the form's token is missing or old")


def _was_left_unread(request: Request) -> bool:
    """Whether the form is too large to be read: then its token is not missing, nobody has looked."""
    length = request.headers.get("content-length", "")
    most = request.stream.request_max_size if request.stream else 0
    return length.isdecimal() and len(length) < 18 and int(length) > most


def form_token(request: Request) -> str:
    """The token for this page's forms."""
    seller: Seller | None = request.ctx.seller
    if seller:
        return seller.csrf
    if not hasattr(request.ctx, "form_token"):
        request.ctx.form_token = cookie(request, FORM_COOKIE) or secrets.token_urlsafe(24)
    token: str = request.ctx.form_token
    return token


def give_form_token(request: Request, response: HTTPResponse) -> None:
    """Let a stranger's browser keep the token of the form it is given."""
    set_cookie(request, response, FORM_COOKIE, form_token(request), _FORM_SECONDS)


def field(request: Request, name: str) -> str:
    """A field of the sent form; empty when it is missing."""
    return str(request.form.get(name) or "") if request.form else ""


def cookie(request: Request, name: str) -> str | None:
    """The value of our cookie; None for one that we cannot have given."""
    value: str | None = request.cookies.get(_cookie_name(request, name))
    return value if value and value.isascii() and value.isprintable() else None


def set_cookie(request: Request, response: HTTPResponse, name: str, value: str, max_age: int) -> None:
    """Give the browser a cookie that no script reads and no other site's form sends along."""
    response.add_cookie(_cookie_name(request, name), value, max_age=max_age, **_attributes(request))


def drop_cookie(request: Request, response: HTTPResponse, name: str) -> None:
    """Take our cookie back."""
    response.add_cookie(_cookie_name(request, name), "", max_age=0, **_attributes(request))


def _attributes(request: Request) -> dict[str, Any]:
    return {"path": "/", "httponly": True, "samesite": "Lax", "secure": over_tls(request)}


def _cookie_name(request: Request, name: str) -> str:
    """Over TLS with `__Host-`: browsers then take the cookie from this very host only (RFC 6265bis, 4.1.3.2)."""
    return f"__Host-{name}" if over_tls(request) else name


def own_path(value: str) -> str:
    """`value` if it is a path of this site, else "/": a link must not lead to another site after signing in."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return "/"
    plain = value.isprintable() and "\\" not in value and not value.startswith("//")
    return value if value.startswith("/") and plain and not parts.netloc and not parts.scheme else "/"


def _language_of_stranger(request: Request) -> str:
    asked = request.args.get("language") or cookie(request, LANGUAGE_COOKIE)
    if asked in LANGUAGES:
        return str(asked)
    preferred = request.headers.get("accept-language", "").split(",")[0].strip().lower()
    return "en" if preferred.startswith("en") else "th"
