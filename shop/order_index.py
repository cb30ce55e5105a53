"""By what orders are found: their numbers, the names and phones they go to, parcels' numbers, slips' references.

Each is a row, in letters and digits only, so that what begins with what was typed stands side by side; of numbers also
the end can be typed, as they stand there backwards too. The index follows by itself whatever is flushed; who changes
many rows at once calls `write`. `shop.order_search` reads it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, delete, event, insert, select
from sqlalchemy.orm import Session, attributes

from shop.models import Customer, Order, OrderTerm, Shipment, Slip, Transfer
from shop.search_index import plain

_AT_ONCE = 500
_MOST_WORDS = 6
_LONGEST = 60
#: Before a number that stands there backwards.
BACKWARDS = "<"
#: What Thais write before a name without a space; the longer first.
_TITLES = ("นางสาว", "คุณ", "นาย", "นาง", "นส", "ดช", "ดญ")


def digits(text: str) -> str:
    """The digits of a text, Thai ones too, as ASCII."""
    return "".join(str(int(character)) for character in text if character.isdecimal())


def at_home(number: str) -> str:
    """A phone number's digits as they are dialled in Thailand: 66812345678 is 0812345678."""
    return f"0{number[2:]}" if number.startswith("66") and len(number) in (10, 11) else number


def words(name: str) -> list[str]:
    """The words of a name in letters and digits only."""
    return [word for part in name.split()[:_MOST_WORDS] if (word := plain(part)[:_LONGEST])]


def write(connection: Connection, order_ids: Sequence[int]) -> None:
    """Write these orders' part of the index anew, from what the database holds of them."""
    for start in range(0, len(order_ids), _AT_ONCE):
        some = order_ids[start : start + _AT_ONCE]
        # of two who write the same order's part at once, the second must see what the first has written
        held = select(Order.id).where(Order.id.in_(some)).order_by(Order.id)
        connection.execute(held.with_for_update(key_share=True)).all()
        connection.execute(delete(OrderTerm).where(OrderTerm.order_id.in_(some)))
        rows = [{"term": term, "order_id": order_id} for order_id, term in _terms(connection, some)]
        if rows:
            connection.execute(insert(OrderTerm), rows)


def _terms(connection: Connection, order_ids: Sequence[int]) -> set[tuple[int | None, str]]:
    found: defaultdict[int | None, set[str]] = defaultdict(set)
    named = select(Order.id, Order.number, Order.recipient, Order.phone, Customer.name)
    named = named.join(Customer, Customer.id == Order.customer_id).where(Order.id.in_(order_ids))
    for order_id, number, recipient, phone, name in connection.execute(named):
        found[order_id].update(_numbers(digits(number)))
        found[order_id].update(_numbers(at_home(digits(phone or ""))))
        found[order_id].update(_names(recipient or ""), _names(name or ""))
    sent = select(Shipment.order_id, Shipment.tracking).where(Shipment.order_id.in_(order_ids))
    paid = select(Slip.order_id, Transfer.reference).join(Transfer, Transfer.id == Slip.transfer_id)
    for query in (sent, paid.where(Slip.order_id.in_(order_ids))):
        for of, said in connection.execute(query):
            found[of].update(_numbers(plain(said)[:_LONGEST]))
    return {(order_id, term) for order_id, terms in found.items() for term in terms}


def _numbers(number: str) -> Iterator[str]:
    if number:
        yield number
        yield BACKWARDS + number[::-1]


def _names(name: str) -> Iterator[str]:
    """Each word, without a title that is written together with it too; and the whole name written together."""
    parts = words(name)
    yield from parts
    for part in parts:
        title = next((title for title in _TITLES if part.startswith(title)), "")
        if title and len(part) > len(title) + 1:
            yield part.removeprefix(title)
    if len(parts) > 1:
        yield "".join(parts)[:_LONGEST]


@event.listens_for(Session, "after_flush")
def _follow(session: Session, _context: Any) -> None:
    rows = [*session.new, *session.dirty]
    changed = {order_id for row in rows for order_id in _orders_of(row) if order_id is not None}
    changed.update(row.order_id for row in session.deleted if isinstance(row, Shipment))
    renamed = [row.id for row in rows if isinstance(row, Customer) and _has_changed(row, "name")]
    if renamed:
        theirs = select(Order.id).where(Order.customer_id.in_(renamed))
        changed.update(session.connection().scalars(theirs))
    if changed:
        write(session.connection(), sorted(changed))


def _orders_of(row: Any) -> Iterable[int | None]:
    """The orders that are found by something else now."""
    if isinstance(row, Order) and _has_changed(row, "number", "recipient", "phone"):
        return (row.id,)
    if isinstance(row, Shipment) and _has_changed(row, "tracking"):
        return (row.order_id,)
    if isinstance(row, Slip) and _has_changed(row, "order_id", "transfer_id"):
        return (row.order_id, *attributes.get_history(row, "order_id").deleted)
    return ()


def _has_changed(row: Any, *columns: str) -> bool:
    return any(attributes.get_history(row, column).has_changes() for column in columns)
