"""The console's list of orders: filtered, searched, newest first, page by page, with a number beside each filter.

However many orders there are, a page costs the same: each filter has an index in the list's order, of all channels and
of one, and what combines several is walked along the rarest of them, so far and no further. Numbers are counted up to a
limit: nobody plans their day by whether 40,000 or 41,000 orders are delivered, and neither counters that every order
would have to queue for nor scans are needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from shop import attention, order_search
from shop.models import Order
from shop.models.order import TO_CHECK, TO_PAY, UNTOLD
from shop.states import OrderState, PaymentState

PAGE = 50
#: Counted no further.
COUNTED = 1000
#: Orders that a page looks at, in steps, where several filters meet and none of them is rare.
_LOOKED_AT = (500, 2_000, 7_500)

_Condition = ColumnElement[bool]
_Place = tuple[datetime, int]


class Only(StrEnum):
    """What there is to do: orders that need a person (shop.attention), whose customer was not told, that go on and are
    to be paid, whose slips are to be checked (the same as in shop.review).
    """

    ATTENTION = "attention"
    UNTOLD = "untold"
    TO_PAY = "to_pay"
    TO_CHECK = "to_check"


@dataclass(frozen=True)
class Wanted:
    """Which orders: of a channel, in these states, placed from `since` until before `until` (UTC), that cost `least` to
    `most` (minor units), with which there is `only` this to do, that fit what was typed. Empty is any.
    """

    channel_id: int | None = None
    payment: PaymentState | None = None
    state: OrderState | None = None
    since: datetime | None = None
    until: datetime | None = None
    least: int | None = None
    most: int | None = None
    only: Only | None = None
    words: str = ""


@dataclass(frozen=True)
class Page:
    """A part of the list. `older`: the `before_id` of the next part, None at the end. `looked_to`: not all orders down
    to this time fitted, and the search for more ends here for now. Not `complete`: more fit what was typed.
    """

    orders: Sequence[Order]
    older: int | None
    looked_to: datetime | None = None
    complete: bool = True


@dataclass(frozen=True)
class Counts:
    """How many orders each filter would show in the channel and time that are chosen, COUNTED at most."""

    all: int
    only: Mapping[Only, int]
    payment: Mapping[PaymentState, int]
    state: Mapping[OrderState, int]


def page(
    session: Session, wanted: Wanted, *, now: datetime, before_id: int | None = None, limit: int = PAGE
) -> Page:
    """The newest orders that are wanted, or those after the order `before_id` in the list.

    New orders come in front of the first part and move nothing in the others.
    """
    start = _place(session, before_id)
    if wanted.words.strip():
        found = order_search.find(session, wanted.words)
        part = _among(session, found.ids, _conditions(wanted, now), start, limit)
        return Page(part.orders, part.older, complete=found.complete)
    rare = _rare_amounts(session, wanted)
    if rare is not None:
        return _among(session, rare, _conditions(wanted, now), start, limit)
    driving, others = _plan(session, wanted, now)
    if not others:
        ids = session.scalars(_walk(driving, start).limit(limit + 1)).all()
        return _loaded(session, ids, limit)
    return _look(session, driving, others, start, limit)


def every(
    session: Session, wanted: Wanted, *, now: datetime, before_id: int | None = None, limit: int
) -> tuple[Sequence[Order], int | None]:
    """As `page`, for going through the whole list: the next part begins at the second value, None at the end."""
    part = page(session, wanted, now=now, before_id=before_id, limit=limit)
    return part.orders, part.older


def counts(session: Session, wanted: Wanted, *, now: datetime) -> Counts:
    """The numbers beside the filters."""
    scope = _scope(wanted)
    filters: Mapping[Any, Sequence[_Condition]] = {
        "all": (),
        **{only: _only(only, now) for only in Only},
        **{payment: (Order.payment_state == payment,) for payment in PaymentState},
        **{state: (Order.state == state,) for state in OrderState},
    }
    asked = [_up_to(COUNTED, *scope, *conditions).scalar_subquery() for conditions in filters.values()]
    counted = dict(zip(filters, session.execute(select(*asked)).one(), strict=True))
    return Counts(
        all=counted["all"],
        only={only: counted[only] for only in Only},
        payment={payment: counted[payment] for payment in PaymentState},
        state={state: counted[state] for state in OrderState},
    )


def _up_to(most: int, *conditions: _Condition) -> Select[int]:
    some = select(Order.id).where(*conditions).limit(most).subquery()
    return select(func.count()).select_from(some)


def _scope(wanted: Wanted) -> list[_Condition]:
    """Channel and time: every index that a filter has knows both."""
    conditions: list[_Condition] = []
    if wanted.channel_id is not None:
        conditions.append(Order.channel_id == wanted.channel_id)
    if wanted.since is not None:
        conditions.append(Order.placed_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(Order.placed_at < wanted.until)
    return conditions


def _choices(wanted: Wanted, now: datetime) -> list[Sequence[_Condition]]:
    """The filters that are set and have an index of their own."""
    choices: list[Sequence[_Condition]] = []
    if wanted.only is not None:
        choices.append(_only(wanted.only, now))
    if wanted.payment is not None:
        choices.append((Order.payment_state == wanted.payment,))
    if wanted.state is not None:
        choices.append((Order.state == wanted.state,))
    return choices


def _only(only: Only, now: datetime) -> Sequence[_Condition]:
    """As conditions, of which the first is the index's own."""
    few = {Only.UNTOLD: UNTOLD, Only.TO_PAY: TO_PAY, Only.TO_CHECK: TO_CHECK}
    return attention.needs(now) if only is Only.ATTENTION else (few[only],)


def _amounts(wanted: Wanted) -> list[_Condition]:
    conditions: list[_Condition] = []
    if wanted.least is not None:
        conditions.append(Order.total >= wanted.least)
    if wanted.most is not None:
        conditions.append(Order.total <= wanted.most)
    return conditions


def _conditions(wanted: Wanted, now: datetime) -> list[_Condition]:
    chosen = [condition for conditions in _choices(wanted, now) for condition in conditions]
    return [*_scope(wanted), *chosen, *_amounts(wanted)]


def _plan(
    session: Session, wanted: Wanted, now: datetime
) -> tuple[Sequence[_Condition], Sequence[_Condition]]:
    """The conditions to walk along, and those to look at on the way."""
    scope, choices, amounts = _scope(wanted), _choices(wanted, now), _amounts(wanted)
    if len(choices) > 1:
        asked = [_up_to(COUNTED, *scope, *conditions).scalar_subquery() for conditions in choices]
        sizes = session.execute(select(*asked)).one()
        choices = [
            choice for _size, choice in sorted(zip(sizes, choices, strict=True), key=lambda one: one[0])
        ]
    driving = [*scope, *(choices[0] if choices else ())]
    return driving, [condition for choice in choices[1:] for condition in choice] + amounts


def _rare_amounts(session: Session, wanted: Wanted) -> frozenset[int] | None:
    """The orders that cost what is asked for, when they are few: somebody looks for the order of a transfer."""
    amounts = _amounts(wanted)
    if not amounts:
        return None
    some = select(Order.id).where(*amounts)
    if session.scalar(some.offset(COUNTED).limit(1)) is not None:
        return None
    return frozenset(session.scalars(some))


def _place(session: Session, before_id: int | None) -> _Place | None:
    """Where an order stands in the list."""
    if before_id is None:
        return None
    row = session.execute(select(Order.placed_at, Order.id).where(Order.id == before_id)).one_or_none()
    return (row.placed_at, row.id) if row else None


def _after(start: _Place | None) -> ColumnElement[bool]:
    if start is None:
        return true()
    at, id_ = start
    return and_(Order.placed_at <= at, or_(Order.placed_at < at, Order.id < id_))


def _walk(conditions: Sequence[_Condition], start: _Place | None) -> Select[int]:
    query = select(Order.id).where(*conditions, _after(start))
    return query.order_by(Order.placed_at.desc(), Order.id.desc())


def _among(
    session: Session,
    ids: frozenset[int],
    conditions: Sequence[_Condition],
    start: _Place | None,
    limit: int,
) -> Page:
    """Those of a few orders that fit. Found first and sorted then, as the inner limit demands (it cuts nothing off): a
    database might rather walk along all orders, looking for these.
    """
    these = Order.id.in_(order_search.written_out(ids))
    fits = select(Order.id, Order.placed_at).where(these, *conditions, _after(start))
    few = fits.limit(len(ids)).subquery()
    newest = select(few.c.id).order_by(few.c.placed_at.desc(), few.c.id.desc()).limit(limit + 1)
    return _loaded(session, session.scalars(newest).all(), limit)


def _look(
    session: Session,
    driving: Sequence[_Condition],
    others: Sequence[_Condition],
    start: _Place | None,
    limit: int,
) -> Page:
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
            return _loaded(session, ids, limit)
        end = session.execute(walked.add_columns(Order.placed_at).offset(most - 1).limit(1)).one_or_none()
        if end is None:
            return _loaded(session, ids, limit)
        start = reached, last = end.placed_at, end.id
    return Page(_loaded(session, ids, limit).orders, last, looked_to=reached)


def _loaded(session: Session, ids: Sequence[int], limit: int) -> Page:
    """The orders with these ids, of which the one beyond the limit only says that there are more."""
    shown = ids[:limit]
    orders = {order.id: order for order in session.scalars(select(Order).where(Order.id.in_(shown)))}
    return Page([orders[id_] for id_ in shown], shown[-1] if len(ids) > limit else None)


def numbers(session: Session, given: Sequence[str]) -> Iterator[Order]:
    """The orders with these numbers, in this sequence; those that do not exist are left out."""
    found = {order.number: order for order in session.scalars(select(Order).where(Order.number.in_(given)))}
    return (found[number] for number in dict.fromkeys(given) if number in found)
