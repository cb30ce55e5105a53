"""Which orders somebody looks for: by number, name, phone, parcel or slip, whole or as they begin; numbers also as they
end. However many orders there are, a search reads so much of the index and no more.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import BindParameter, TextClause, bindparam, or_, select, text
from sqlalchemy.orm import Session

from shop.models import OrderTerm
from shop.order_index import BACKWARDS, at_home, digits, words
from shop.search_index import plain

SHORTEST = 2
#: The end of a number must be this long: all orders' numbers end somehow.
_SHORTEST_END = 4
_MOST_WORDS = 6
#: Of each term that fits the newest orders are read; beyond so many terms, as many rows as come first.
_MOST_TERMS = 20
_MOST_ORDERS = 500
#: So few orders can be asked one by one for the other words.
_FEW = 200
_AFTER_ALL = "\U0010ffff"


@dataclass(frozen=True)
class Found:
    """Ids of the orders that fit. Not `complete`: there are more, and more letters would say which are meant."""

    ids: frozenset[int]
    complete: bool


_NOTHING = Found(frozenset(), complete=True)


def find(session: Session, typed: str) -> Found:
    """The orders that fit all that was typed, written together or word by word."""
    together = _together(typed)
    parts = words(typed)[:_MOST_WORDS]
    if len(together) < SHORTEST:
        return _NOTHING
    found = _beginning_with(session, _ranges(together))
    if len(parts) > 1:
        apart = _with_all(session, parts)
        return Found(found.ids | apart.ids, found.complete and apart.complete)
    return found


def written_out(ids: Collection[int]) -> BindParameter[Sequence[int]]:
    """Ids for `in_`, written into the statement: to hand over two thousand values takes longer than to use them."""
    return bindparam("ids", sorted(ids), expanding=True, literal_execute=True)


def _together(typed: str) -> str:
    """As it stands in the index: a phone as it is dialled at home, an order's number without its letters."""
    number = digits(typed)
    # Signs and spaces may stand between digits, the order's letters before them.
    rest = plain("".join(one for one in unicodedata.normalize("NFKC", typed) if not one.isdecimal()))
    if number and rest in ("", "tl"):
        return number
    return plain(typed)


def _ranges(term: str) -> list[str]:
    """What the rows that fit begin with."""
    beginnings = [term]
    if term.isdecimal() and at_home(term) != term:
        beginnings.append(at_home(term))
    if len(term) >= _SHORTEST_END and any(map(str.isdecimal, term)):
        beginnings.append(BACKWARDS + term[::-1])
    return beginnings


def _with_all(session: Session, parts: Sequence[str]) -> Found:
    """By a rare word, and then those that have the others too. Long words are rare, so they are looked up first."""
    rarest: Found | None = None
    for part in sorted(parts, key=len, reverse=True):
        if len(part) < SHORTEST or (rarest and rarest.complete and len(rarest.ids) <= _FEW):
            break
        found = _beginning_with(session, _ranges(part))
        if rarest is None or _rarity(found) < _rarity(rarest):
            rarest = found
    if rarest is None:
        return _NOTHING
    ids = rarest.ids
    for part in parts:
        ids &= _having(session, ids, part)
    return Found(ids, rarest.complete)


def _rarity(found: Found) -> tuple[bool, int]:
    return not found.complete, len(found.ids)


def _having(session: Session, ids: frozenset[int], part: str) -> frozenset[int]:
    terms = [(OrderTerm.term >= start) & (OrderTerm.term < start + _AFTER_ALL) for start in _ranges(part)]
    fits = select(OrderTerm.order_id).where(OrderTerm.order_id.in_(written_out(ids)), or_(*terms))
    return frozenset(session.scalars(fits))


def _beginning_with(session: Session, beginnings: Sequence[str]) -> Found:
    ids: set[int] = set()
    complete = True
    for beginning in beginnings:
        until = beginning + _AFTER_ALL
        terms = session.scalars(_TERMS, {"from": beginning, "until": until}).all()
        if len(terms) <= _MOST_TERMS:
            rows = _newest(session, terms)
            complete &= all(len(some) < _MOST_ORDERS for some in rows)
            ids.update(*rows)
            continue
        exact = _newest(session, [beginning])[0]
        many = select(OrderTerm.order_id).where(OrderTerm.term >= beginning, OrderTerm.term < until)
        first = session.scalars(many.order_by(OrderTerm.term).limit(_MOST_ORDERS)).all()
        complete &= len(first) < _MOST_ORDERS
        ids.update(exact, first)
    return Found(frozenset(ids), complete)


#: The terms in a part of the index, each found by one step along it, not by reading its orders.
_TERMS = text(
    "WITH RECURSIVE step (term, number) AS ("  # noqa: S608
    " SELECT (SELECT min(term) FROM order_term WHERE term >= :from AND term < :until), 1"
    " UNION ALL"
    " SELECT (SELECT min(term) FROM order_term WHERE term > step.term AND term < :until), number + 1"
    f" FROM step WHERE step.term IS NOT NULL AND number <= {_MOST_TERMS}"
    ") SELECT term FROM step WHERE term IS NOT NULL"
)


def _newest(session: Session, terms: Sequence[str]) -> list[list[int]]:
    """The newest orders of each term."""
    if not terms:
        return []
    rows: dict[str, list[int]] = {term: [] for term in terms}
    values = {f"term{number}": term for number, term in enumerate(terms)}
    for term, order_id in session.execute(_newest_of(len(terms), _MOST_ORDERS), values):
        rows[term].append(order_id)
    return list(rows.values())


@cache
def _newest_of(number: int, most: int) -> TextClause:
    return text(
        " UNION ALL ".join(
            f"SELECT * FROM (SELECT term, order_id FROM order_term WHERE term = :term{n}"  # noqa: S608
            f" ORDER BY order_id DESC LIMIT {most}) AS t{n}"
            for n in range(number)
        )
    )
