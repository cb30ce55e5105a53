"""The chats that need a person or have one, in the order in which they need somebody, read part by part.

First who waits for a person, longest first; then whose person has not read what they wrote last, longest first; then
all others whose chat a person has, who wrote last first. Each of the three is read along an index of its own, so that a
part costs the same however many customers there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, literal, literal_column, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from shop import places
from shop.handoff import EPOCH
from shop.models import Customer
from shop.models.base import UtcDateTime

_PER_PART = 40
#: Written into the statement as the indexes have it: SQLite takes them for no other value.
_NONE: ColumnElement[int] = literal_column("0")


@dataclass(frozen=True)
class Part:
    """Some of these chats. `after` leads to the next part; "" at the end."""

    customers: Sequence[Customer]
    after: str


@dataclass(frozen=True)
class _Section:
    """Those of one kind, in the order of a moment. `name` begins the names of places in it."""

    name: str
    which: Callable[[datetime], ColumnElement[bool]]
    moment: InstrumentedAttribute[datetime | None]
    newest_first: bool = False


def _wait(_now: datetime) -> ColumnElement[bool]:
    return Customer.wants_person_since > EPOCH


def _are_unread(_now: datetime) -> ColumnElement[bool]:
    return and_(Customer.unread > _NONE, _WAIT_NOT, _WROTE)


def _have_a_person(now: datetime) -> ColumnElement[bool]:
    # a person's time may be over, and the bot not back yet
    has_time = func.coalesce(Customer.person_until, EPOCH) > now
    return and_(Customer.unread == _NONE, Customer.person_until.is_not(None), has_time, _WAIT_NOT, _WROTE)


#: No condition for the index of the column, which would bring them in another order.
_WAIT_NOT = func.coalesce(Customer.wants_person_since, EPOCH) == EPOCH
#: Who never wrote has nothing that a person could answer.
_WROTE = Customer.last_inbound_at.is_not(None)
_SECTIONS = (
    _Section("w", _wait, Customer.wants_person_since),
    _Section("u", _are_unread, Customer.last_inbound_at),
    _Section("h", _have_a_person, Customer.last_inbound_at, newest_first=True),
)


def part(session: Session, now: datetime, *, after: str = "", limit: int = _PER_PART) -> Part:
    """The first `limit` of them, or those from where `after` leads to; from the beginning when it is no place."""
    names = [section.name for section in _SECTIONS]
    place = places.read(after[1:]) if after[:1] in names else None
    found: list[tuple[_Section, Customer]] = []
    for section in _SECTIONS[names.index(after[0]) if place else 0 :]:
        rows = session.scalars(_walk(section, now, place).limit(limit + 1 - len(found)))
        found += [(section, customer) for customer in rows]
        place = None  # the next section is read from its beginning
    shown = found[:limit]
    return Part([customer for _, customer in shown], _place(*shown[-1]) if len(found) > limit else "")


def _walk(section: _Section, now: datetime, place: tuple[datetime, int] | None) -> Select[Customer]:
    """All of the section in its order, or those beyond the place."""
    query = select(Customer).where(section.which(now))
    by = (section.moment, Customer.id)
    if place is not None:
        here = tuple_(literal(place[0], UtcDateTime()), literal(place[1]))
        query = query.where(tuple_(*by) < here if section.newest_first else tuple_(*by) > here)
    return query.order_by(*(column.desc() if section.newest_first else column for column in by))


def _place(section: _Section, customer: Customer) -> str:
    return section.name + places.named(getattr(customer, section.moment.key), customer.id)
