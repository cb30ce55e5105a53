"""The console's list of orders: filtered, searched, newest first, page by page (shop.order_counts has the numbers).

However many orders there are, a page costs the same: each filter has an index in the list's order, of all channels and
of one, and what combines several is walked along the rarest of them, so far and no further.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, or_, select, true
from sqlalchemy.orm import Session

from shop import order_counts, order_search, order_wanted
from shop.models import Order
from shop.order_counts import Few
from shop.order_wanted import Condition, Wanted

PAGE = 50
#: Orders that a page looks at, in steps, where several filters meet and none of them is rare.
_LOOKED_AT = (500, 2_500)
#: Who wants the numbers of all that fit has so many times as much looked at.
_LOOKS = 6

_Column = SQLColumnExpression[Any]


class _Place(NamedTuple):
    """Where an order stands in the list."""

    at: datetime
    id: int


@dataclass(frozen=True)
class Page:
    """A part of the list. `older`: the `before_id` of the next part, None at the end. `looked_to`: not all orders down
    to this time fitted, and the search for more ends here for now. `few`: what order_counts.few says of what is wanted.
    """

    orders: Sequence[Order]
    older: int | None
    looked_to: datetime | None
    few: Few | None

    @property
    def complete(self) -> bool:
        """Whether no more fit what was typed than are looked at."""
        return self.few is None or self.few.complete


class Beside(NamedTuple):
    """Numbers of the next newer and the next older order, None where there is none."""

    newer: str | None
    older: str | None


@dataclass(frozen=True)
class _Part:
    """Ids of a part of the list, of which one beyond what was asked for only says that there are more. `looked_to`: an
    order at which the search for more ended for now.
    """

    ids: Sequence[int]
    looked_to: _Place | None = None


def page(
    session: Session,
    wanted: Wanted,
    *,
    now: datetime,
    before_id: int | None = None,
    limit: int = PAGE,
) -> Page:
    """The newest orders that are wanted, or those after the order `before_id` in the list.

    New orders come in front of the first part and move nothing in the others.
    """
    few = order_counts.few(session, wanted)
    part = _part(session, wanted, few, _place(session, before_id), now, limit)
    shown = part.ids[:limit]
    older = shown[-1] if len(part.ids) > limit else part.looked_to.id if part.looked_to else None
    return Page(_loaded(session, shown), older, part.looked_to.at if part.looked_to else None, few)


def numbers_that_fit(session: Session, wanted: Wanted, *, now: datetime, limit: int) -> Sequence[str]:
    """The numbers of the newest orders that are wanted, so many at most."""
    few, start, ids = order_counts.few(session, wanted), None, list[int]()
    for _ in range(_LOOKS):
        part = _part(session, wanted, few, start, now, limit - len(ids))
        ids += part.ids
        start = part.looked_to
        if start is None or len(ids) >= limit:
            break
    rows = session.execute(select(Order.id, Order.number).where(Order.id.in_(ids[:limit])))
    numbers = {row.id: row.number for row in rows}
    return [numbers[id_] for id_ in ids[:limit]]


def beside(session: Session, wanted: Wanted, order: Order, *, now: datetime) -> Beside:
    """The numbers of the orders beside this one in the list, which it need not be in (any more).

    Where several filters meet, those that are not near are not found.
    """
    few = order_counts.few(session, wanted)
    driving, others = ([], []) if few else _plan(session, wanted, now)
    place = _Place(order.placed_at, order.id)

    def next_one(*, newer: bool) -> str | None:
        fits = and_(true(), *others).label("fits")
        beyond = select(Order.number, Order.placed_at, Order.id, fits).where(_beyond(place, newer=newer))
        if few is not None:  # sorted afterwards, as in `_among`
            these = Order.id.in_(order_search.written_out(few.ids))
            near = beyond.where(these, *order_wanted.conditions(wanted, now)).limit(len(few.ids)).subquery()
        else:
            walked = beyond.where(*driving).order_by(*_sequence(Order.placed_at, Order.id, newer))
            near = walked.limit(_LOOKED_AT[0] if others else 1).subquery()
        sequence = _sequence(near.c.placed_at, near.c.id, newer)
        return session.scalar(select(near.c.number).where(near.c.fits).order_by(*sequence).limit(1))

    return Beside(next_one(newer=True), next_one(newer=False))


def _part(
    session: Session, wanted: Wanted, few: Few | None, start: _Place | None, now: datetime, limit: int
) -> _Part:
    if few is not None:
        return _among(session, few.ids, order_wanted.conditions(wanted, now), start, limit)
    driving, others = _plan(session, wanted, now)
    if not others:
        return _Part(session.scalars(_walk(driving, start).limit(limit + 1)).all())
    return _look(session, driving, others, start, limit)


def _plan(session: Session, wanted: Wanted, now: datetime) -> tuple[Sequence[Condition], Sequence[Condition]]:
    """The conditions to walk along, and those to look at on the way."""
    scope, choices = order_wanted.scope(wanted), order_wanted.choices(wanted, now)
    if len(choices) > 1:
        sizes = order_counts.sizes(session, [[*scope, *choice] for choice in choices])
        choices = [
            choice for _size, choice in sorted(zip(sizes, choices, strict=True), key=lambda one: one[0])
        ]
    driving = [*scope, *(choices[0] if choices else ())]
    others = [condition for choice in choices[1:] for condition in choice]
    return driving, others + order_wanted.amounts(wanted)


def _place(session: Session, before_id: int | None) -> _Place | None:
    """Where an order stands in the list."""
    if before_id is None:
        return None
    row = session.execute(select(Order.placed_at, Order.id).where(Order.id == before_id)).one_or_none()
    return _Place(*row) if row else None


def _after(start: _Place | None) -> ColumnElement[bool]:
    return true() if start is None else _beyond(start, newer=False)


def _beyond(place: _Place, *, newer: bool) -> ColumnElement[bool]:
    at, id_ = place
    if newer:
        return and_(Order.placed_at >= at, or_(Order.placed_at > at, Order.id > id_))
    return and_(Order.placed_at <= at, or_(Order.placed_at < at, Order.id < id_))


def _sequence(at: _Column, id_: _Column, newer: bool) -> Sequence[_Column]:
    """Along the list, away from a place in it."""
    return (at, id_) if newer else (at.desc(), id_.desc())


def _walk(conditions: Sequence[Condition], start: _Place | None) -> Select[int]:
    query = select(Order.id).where(*conditions, _after(start))
    return query.order_by(Order.placed_at.desc(), Order.id.desc())


def _among(
    session: Session,
    ids: frozenset[int],
    conditions: Sequence[Condition],
    start: _Place | None,
    limit: int,
) -> _Part:
    """Those of a few orders that fit. Found first and sorted then, as the inner limit demands (it cuts nothing off): a
    database might rather walk along all orders, looking for these.
    """
    these = Order.id.in_(order_search.written_out(ids))
    fits = select(Order.id, Order.placed_at).where(these, *conditions, _after(start))
    few = fits.limit(len(ids)).subquery()
    newest = select(few.c.id).order_by(few.c.placed_at.desc(), few.c.id.desc()).limit(limit + 1)
    return _Part(session.scalars(newest).all())


def _look(
    session: Session,
    driving: Sequence[Condition],
    others: Sequence[Condition],
    start: _Place | None,
    limit: int,
) -> _Part:
    """Walk along, first a little, then more; what lies further than a page may look is another page.

    Whether an order fits is asked on the way: asked of the orders found there, a database might rather begin with all
    that fit, wherever they are.
    """
    ids: list[int] = []
    for most in _LOOKED_AT:
        walked = _walk(driving, start)
        near = walked.add_columns(Order.placed_at, and_(*others).label("fits")).limit(most).subquery()
        fits = select(near.c.id).where(near.c.fits).order_by(near.c.placed_at.desc(), near.c.id.desc())
        ids += session.scalars(fits.limit(limit + 1 - len(ids)))
        if len(ids) > limit:
            return _Part(ids)
        end = session.execute(walked.add_columns(Order.placed_at).offset(most - 1).limit(1)).one_or_none()
        if end is None:
            return _Part(ids)
        start = _Place(end.placed_at, end.id)
    return _Part(ids, looked_to=start)


def _loaded(session: Session, ids: Sequence[int]) -> Sequence[Order]:
    orders = {order.id: order for order in session.scalars(select(Order).where(Order.id.in_(ids)))}
    return [orders[id_] for id_ in ids]


def numbers(session: Session, given: Sequence[str]) -> Iterator[Order]:
    """The orders with these numbers, in this sequence; those that do not exist are left out."""
    found = {order.number: order for order in session.scalars(select(Order).where(Order.number.in_(given)))}
    return (found[number] for number in dict.fromkeys(given) if number in found)
