"""The language a seller reads the console in."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import BadRequest
from sanic.response import redirect

from seller_console import access
from seller_console.changes import change, if_new
from shop import people

pages = Blueprint("language")


@pages.post("/language", ctx_signed_in=True)
async def choose(request: Request) -> HTTPResponse:
    """Keep the choice with the account and come back to the same page."""
    language = access.field(request, "language")
    if language not in access.LANGUAGES:
        raise BadRequest("unknown language")
    seller = request.ctx.seller
    await change(request, seller.email, if_new(people.choose_language), seller.id, language)
    return redirect(access.own_path(access.field(request, "next")), status=303)
