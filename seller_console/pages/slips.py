"""The pictures customers sent as proof of payment; for signed-in sellers only, and only by links that pages drew."""

from __future__ import annotations

import asyncio
import io

import segno
from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import Forbidden, NotFound
from sanic.response import raw

from seller_console import slip_links
from shop import views
from shop.models import Slip
from shop.roles import May

pages = Blueprint("slips")


class OldLink(Forbidden):
    """The address of a slip has ended, or was drawn for somebody else."""


@pages.get("/slips/<slip_id:row>", ctx_may=May.SEE_MONEY)
async def picture(request: Request, slip_id: int) -> HTTPResponse:
    """The stored JPEG. Its own policy forbids everything, should a browser ever take it for a page."""
    slip = await _slip(request, slip_id)
    try:
        jpeg = await asyncio.to_thread(request.app.ctx.media.get, slip.picture)
    except FileNotFoundError as error:
        raise NotFound(f"the picture of slip {slip_id} is gone") from error
    return _file(jpeg, "image/jpeg", f"slip-{slip_id}.jpg")


@pages.get("/slips/<slip_id:row>/code", ctx_may=May.SEE_MONEY)
async def code(request: Request, slip_id: int) -> HTTPResponse:
    """The slip's mini-QR drawn again, large and clean, so that a bank's app can scan it from the screen."""
    slip = await _slip(request, slip_id)
    if slip.transfer is None:
        raise NotFound(f"slip {slip_id} has no code")
    out = io.BytesIO()
    segno.make_qr(slip.transfer.payload, error="m").save(out, kind="png", scale=12, border=4)
    return _file(out.getvalue(), "image/png", f"slip-{slip_id}-code.png")


async def _slip(request: Request, slip_id: int) -> Slip:
    given = (str(request.args.get(name) or "") for name in ("until", "key"))
    secret_key: str = request.app.ctx.settings.secret_key
    if not slip_links.opens(secret_key, request.ctx.seller.secret, slip_id, *given):
        raise OldLink("this link to a slip has ended")
    slip: Slip = await request.app.ctx.database.read(views.slip, slip_id)
    return slip


def _file(data: bytes, kind: str, name: str) -> HTTPResponse:
    return raw(
        data,
        content_type=kind,
        headers={
            "cache-control": "private, no-store",
            "content-security-policy": "default-src 'none'; sandbox",
            "content-disposition": f'inline; filename="{name}"',
        },
    )
