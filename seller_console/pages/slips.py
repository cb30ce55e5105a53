"""The pictures customers sent as proof of payment; for signed-in sellers only."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound
from sanic.response import raw

from shop import views

pages = Blueprint("slips")


@pages.get("/slips/<slip_id:row>")
async def picture(request: Request, slip_id: int) -> HTTPResponse:
    """The stored JPEG. Its own policy forbids everything, should a browser ever take it for a page."""
    slip = await request.app.ctx.database.read(views.slip, slip_id)
    try:
        jpeg = await asyncio.to_thread(request.app.ctx.media.get, slip.picture)
    except FileNotFoundError as error:
        raise NotFound(f"the picture of slip {slip_id} is gone") from error
    return raw(
        jpeg,
        content_type="image/jpeg",
        headers={
            "cache-control": "private, max-age=600",
            "content-security-policy": "default-src 'none'; sandbox",
            "content-disposition": f'inline; filename="slip-{slip_id}.jpg"',
        },
    )
