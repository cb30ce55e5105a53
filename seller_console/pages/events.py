"""The stream that tells open pages what changed (server-sent events)."""

from __future__ import annotations

from sanic import Blueprint, Request

from seller_console import access

pages = Blueprint("events")

_HEARTBEAT_SECONDS = 15.0
_RECONNECT_MILLISECONDS = 2000


@pages.get("/events", ctx_signed_in=True)
async def events(request: Request) -> None:
    """Changes after the position the page was made at, or after the last one that a broken connection brought."""
    after = request.headers.get("last-event-id") or request.args.get("after")
    response = await request.respond(
        content_type="text/event-stream; charset=utf-8",
        # nginx would collect the answer before passing it on
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )
    await response.send(f"retry: {_RECONNECT_MILLISECONDS}\n\n")
    async for change in request.app.ctx.live.changes(after, _HEARTBEAT_SECONDS):
        # asked each time: whoever was signed out hears nothing more
        seller = await access.still_signed_in(request)
        if seller is None:
            break
        await response.send(change.as_event(seller.may) if change else ": still here\n\n")
    await response.eof()
