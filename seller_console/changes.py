"""Changes that somebody makes in the console: each runs in one transaction together with its entry in the audit log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from sanic import Request
from sqlalchemy.orm import Session

from shop import audit
from shop.db import utc_now

P = ParamSpec("P")
R = TypeVar("R")


async def change(
    request: Request,
    subject: str,
    use_case: Callable[Concatenate[Session, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Call `use_case(session, …)` and write down that whoever sent the request did this to `subject`.

    The action is the route's name, `<page>.<function>`; the detail is what the use case says by `audit.note`.
    """
    action, by = _action(request), request.ctx.seller.email

    def recorded(session: Session) -> R:
        result = use_case(session, *args, **kwargs)
        audit.record(session, action, subject, by=by, now=utc_now())
        return result

    done: R = await request.app.ctx.database.run(recorded)
    return done


def _action(request: Request) -> str:
    """The route's name without the application's."""
    return request.route.name.partition(".")[2] if request.route else ""
