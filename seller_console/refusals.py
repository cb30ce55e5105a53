"""What cannot be done, in sentences: error pages for browsers, one line of text for everything else."""

from __future__ import annotations

import logging

from sanic import HTTPResponse, Request, Sanic
from sanic.exceptions import SanicException
from sanic.response import text as plain_text
from sqlalchemy.exc import OperationalError

from seller_console.access import ForgedForm
from seller_console.pages.slips import OldLink
from seller_console.proof import TryLater
from seller_console.rendering import page
from seller_console.texts import text
from shop.errors import NotFound

log = logging.getLogger(__name__)

#: Status → heading and what to do.
_SENTENCES = {
    400: ("Not possible", "The console does not understand this request."),
    401: ("Please sign in", "You are not signed in, or no longer."),
    403: ("Not possible", "You may not do this."),
    404: ("Not found", "There is nothing here. The address may be mistyped."),
    405: ("Not possible", "This address cannot be used like that."),
    410: (
        "This invite has ended",
        "A link works once, for three days. Please ask the owner of the shop for another one.",
    ),
    413: (
        "Too much",
        "That is too large to be sent at once. Please choose fewer or smaller files, or write less.",
    ),
    429: ("Too fast", "That was too often in a short time. Please wait a little, then try again."),
    500: ("Something went wrong", "It was not your fault, and it has been noted. Please try again."),
    503: ("Not ready", "The console cannot reach its database. Please try again in a moment."),
}
_OLD_FORM = ("This page is too old", "Nothing was changed. Go back, reload the page and try again.")
_OLD_LINK = (
    "This link has ended",
    "A link to a slip works for 15 minutes, and only for whoever opened the order. Please open the order again.",
)


def answer(app: Sanic) -> None:  # type: ignore[type-arg]
    """Answer every exception that a page lets through."""
    app.error_handler.add(NotFound, _not_found)
    app.error_handler.add(SanicException, _refused)
    app.error_handler.add(OperationalError, _no_database)
    app.error_handler.add(Exception, _crashed)


def _not_found(request: Request, _error: Exception) -> HTTPResponse:
    return refusal(request, 404)


def _refused(request: Request, error: Exception) -> HTTPResponse:
    status = error.status_code if isinstance(error, SanicException) else 500
    if status >= 500:
        log.error("%s %s: %s", request.method, request.path, error, exc_info=error)
    if isinstance(error, TryLater):
        return _too_often(request, error)
    own = _OLD_FORM if isinstance(error, ForgedForm) else _OLD_LINK if isinstance(error, OldLink) else None
    return refusal(request, status, own)


def _too_often(request: Request, paused: TryLater) -> HTTPResponse:
    response = refusal(request, 429, paused=paused)
    response.headers["retry-after"] = str(paused.seconds)
    return response


def _no_database(request: Request, error: Exception) -> HTTPResponse:
    log.error("%s %s: %s", request.method, request.path, error)
    return refusal(request, 503)


def _crashed(request: Request, error: Exception) -> HTTPResponse:
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return refusal(request, 500)


def refusal(
    request: Request, status: int, sentences: tuple[str, str] | None = None, paused: TryLater | None = None
) -> HTTPResponse:
    """An error page, or a line of text for those who did not ask for a page; `paused` says how long to wait."""
    heading, advice = sentences or _SENTENCES.get(status, _SENTENCES[403 if status < 500 else 500])
    if "text/html" in request.headers.get("accept", ""):
        return page(request, "refusal.html", status=status, heading=heading, advice=advice, paused=paused)
    language = request.ctx.language
    return plain_text(f"{text(language, heading)}. {text(language, advice)}\n", status=status)
