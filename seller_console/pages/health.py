"""Whether the process lives, and whether it can work; for supervisors and load balancers."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import text
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from shop.models import Channel

pages = Blueprint("health", url_prefix="/health")


@pages.get("/live", ctx_anonymous=True)
async def live(_request: Request) -> HTTPResponse:
    """The process answers."""
    return text("live\n")


@pages.get("/ready", ctx_anonymous=True)
async def ready(request: Request) -> HTTPResponse:
    """The database answers, and has our tables."""
    try:
        await request.app.ctx.database.read(_look)
    except SQLAlchemyError:
        return text("the database does not answer, or is not migrated\n", status=503)
    return text("ready\n")


def _look(session: Session) -> None:
    session.execute(select(Channel.id).limit(1))
