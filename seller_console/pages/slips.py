"""The pictures customers sent as proof of payment; for signed-in sellers only, and only by links that pages drew."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import Forbidden, NotFound
from sanic.response import raw

from seller_console import slip_links
from shop import views

pages = Blueprint("slips")


class OldLink(Forbidden):
    """The address of a slip has ended, or was drawn for somebody else."""


@pages.get("/slips/<slip_id:row>")
async def picture(request: Request, slip_id: int) -> HTTPResponse:
    """The stored JPEG. Its own policy forbids everything, should a browser ever take it for a page."""
    given = (str(request.args.get(name) or "") for name in ("until", "key"))
    secret_key: str = request.app.ctx.settings.secret_key
    if not slip_links.opens(secret_key, request.ctx.seller.secret, slip_id, *given):
        raise OldLink("this link to a slip has ended")
    slip = await request.app.ctx.database.read(views.slip, slip_id)
    try:
        jpeg = await asyncio.to_thread(request.app.ctx.media.get, slip.picture)
    except FileNotFoundError as error:
        raise NotFound(f"the picture of slip {slip_id} is gone") from error
    return raw(
        jpeg,
        content_type="image/jpeg",
        headers={
            "cache-control": "private, no-store",
            "content-security-policy": "default-src 'none'; sandbox",
            "content-disposition": f'inline; filename="slip-{slip_id}.jpg"',
        },
    )
