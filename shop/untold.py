"""Which customers have not been told the last thing about their order: a mark on the order, so that a list can be
asked for them however many orders there are. It follows by itself whatever is flushed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, and_, event, exists, false, func, select, update
from sqlalchemy.orm import Session, attributes

from shop.models import Customer, Notice, Order
from shop.notices import NoticeState

_FAILED = (NoticeState.NOT_TOLD, NoticeState.UNCERTAIN)
_AT_ONCE = 500


def write(connection: Connection, order_ids: Sequence[int]) -> None:
    """Mark these orders anew. What comes later makes good: who was told "Shipped" need not be told "Paid" any more."""
    known = and_(Notice.order_id == Order.id, Notice.state.in_((NoticeState.TOLD, *_FAILED)))
    last = select(Notice.state.in_(_FAILED)).where(known).order_by(Notice.id.desc()).limit(1)
    reachable = exists().where(Customer.id == Order.customer_id, Customer.erased_at.is_(None))
    now = and_(reachable, func.coalesce(last.scalar_subquery(), false()))
    for start in range(0, len(order_ids), _AT_ONCE):
        some = order_ids[start : start + _AT_ONCE]
        found = connection.execute(select(Order.id, Order.untold, now).where(Order.id.in_(some)))
        for order_id, before, after in found.all():
            if bool(before) != bool(after):
                connection.execute(update(Order).where(Order.id == order_id).values(untold=bool(after)))


@event.listens_for(Session, "after_flush")
def _follow(session: Session, _context: Any) -> None:
    changed = {*_changed(session.new), *_changed(session.dirty)}
    if changed:
        write(session.connection(), sorted(changed))


def _changed(rows: Iterable[Any]) -> Iterable[int]:
    for row in rows:
        if isinstance(row, Notice) and attributes.get_history(row, "state").has_changes():
            yield row.order_id
