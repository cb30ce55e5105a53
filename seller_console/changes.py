"""Changes that somebody makes in the console: each runs in one transaction together with its entry in the audit log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, TypeVarTuple

from sanic import Request
from sqlalchemy.orm import Session

from shop import audit
from shop.db import utc_now
from shop.errors import ShopError

P = ParamSpec("P")
R = TypeVar("R")
Ts = TypeVarTuple("Ts")

_AT_ONCE = 25


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


def if_new(use_case: Callable[Concatenate[Session, P], bool]) -> Callable[Concatenate[Session, P], bool]:
    """As the use case, which says whether it changed anything: what was so already is not written down."""

    @wraps(use_case)
    def noting(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> bool:
        did_it = use_case(session, *args, **kwargs)
        if not did_it:
            audit.nothing_changed(session)
        return did_it

    return noting


async def change_each(
    request: Request,
    use_case: Callable[[Session, str, *Ts], bool],
    given: Mapping[str, tuple[*Ts]],
) -> dict[str, bool | ShopError]:
    """Call `use_case(session, subject, …)` for each subject, and say of each whether it changed anything, or refused.

    One that is refused leaves the others as they are. Changes come in transactions of a few, so that nobody else is
    kept waiting; who sends the same again after a crash finds the first ones done.
    """
    action, by = _action(request), request.ctx.seller.email

    def recorded(session: Session, subjects: Sequence[str]) -> dict[str, bool | ShopError]:
        results: dict[str, bool | ShopError] = {}
        for subject in subjects:
            try:
                with session.begin_nested():
                    results[subject] = changed = use_case(session, subject, *given[subject])
                    if changed:
                        audit.record(session, action, subject, by=by, now=utc_now())
            except ShopError as error:
                results[subject] = error
        return results

    done: dict[str, bool | ShopError] = {}
    in_turn = sorted(given)  # of two who lock the same rows, neither waits for the other in a ring
    for start in range(0, len(in_turn), _AT_ONCE):
        done |= await request.app.ctx.database.run(recorded, in_turn[start : start + _AT_ONCE])
    return done


def _action(request: Request) -> str:
    """The route's name without the application's."""
    return request.route.name.partition(".")[2] if request.route else ""
