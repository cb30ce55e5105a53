"""How many orders each choice of the list would show.

Counted up to a limit: nobody plans their day by whether 40,000 or 41,000 orders are delivered, and neither counters
that every order would have to queue for nor scans are needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, and_, func, select, true
from sqlalchemy.orm import Session

from shop import order_search, order_wanted
from shop.models import Order
from shop.order_wanted import Condition, Wanted

#: Counted no further.
COUNTED = 1000

K = TypeVar("K")


@dataclass(frozen=True)
class Few:
    """Ids of all orders that may fit, which are few. Not `complete`: there are more."""

    ids: frozenset[int]
    complete: bool = True


def few(session: Session, wanted: Wanted) -> Few | None:
    """The orders that fit the words, or that cost what is asked for when few do: somebody looks for the order of a
    transfer. None when nothing of the kind makes them few.
    """
    if wanted.words.strip():
        found = order_search.find(session, wanted.words)
        return Few(found.ids, found.complete)
    amounts = order_wanted.amounts(wanted)
    if not amounts:
        return None
    some = select(Order.id).where(*amounts)
    if session.scalar(some.offset(COUNTED).limit(1)) is not None:
        return None
    return Few(frozenset(session.scalars(some)))


def counts(
    session: Session, each: Mapping[K, Wanted], few: Few | None, *, now: datetime
) -> Mapping[K, int | None]:
    """How many orders each of these would show, COUNTED at most; None where that is not known without looking at
    orders that do not fit: several filters meet. `few` is the same for all: they ask for the same words and amounts.
    """
    if few is not None:
        return _among(session, each, few, now)
    known = {key: order_wanted.conditions(wanted, now) for key, wanted in each.items() if _is_one(wanted)}
    found = dict(zip(known, sizes(session, list(known.values())), strict=True))
    return {key: found.get(key) for key in each}


def sizes(session: Session, filters: Sequence[Sequence[Condition]]) -> Sequence[int]:
    """How many orders meet each of the conditions, COUNTED at most. Each has an index, along which it is counted."""
    if not filters:
        return []
    return list(session.execute(select(*(_up_to_limit(some).scalar_subquery() for some in filters))).one())


def _is_one(wanted: Wanted) -> bool:
    """Whether one index has just those."""
    return (
        not order_wanted.amounts(wanted)
        and sum(one is not None for one in (wanted.only, wanted.payment, wanted.state)) <= 1
    )


def _up_to_limit(conditions: Sequence[Condition]) -> Select[int]:
    some = select(Order.id).where(*conditions).limit(COUNTED).subquery()
    return select(func.count()).select_from(some)


def _among(session: Session, each: Mapping[K, Wanted], few: Few, now: datetime) -> Mapping[K, int | None]:
    fits = [and_(true(), *order_wanted.conditions(wanted, now)) for wanted in each.values()]
    these = Order.id.in_(order_search.written_out(few.ids))
    found = session.execute(select(*(func.count().filter(one) for one in fits)).where(these)).one()
    return {key: min(number, COUNTED) for key, number in zip(each, found, strict=True)}
