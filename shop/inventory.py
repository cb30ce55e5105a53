"""The stock as sellers keep it: received, counted, damaged; what was sold of it meanwhile is never overwritten.

Each change is made relative to what is there, or only if the stock is still what the seller looked at, and is kept with
its reason. What orders take is in `shop.stock`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select, true, tuple_, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from shop import audit
from shop.errors import BadFields, NotFound, StockMoved
from shop.fields import Fields
from shop.models import Order, Product, Shop, StockChange, Variant

MOST = 1_000_000
#: More low variants than that are not counted one by one.
_MOST_COUNTED = 999


class Reason(StrEnum):
    """Why a seller changes stock; any other word in a history is their own, or an order's."""

    RECEIVED = "received"
    COUNTED = "counted"
    DAMAGED = "damaged"
    RETURNED = "returned"
    OTHER = "other"


@dataclass(frozen=True)
class Entry:
    """A change of stock, of which variant, the order that caused it, and the stock `left` after it."""

    change: StockChange
    variant: Variant
    order_number: str | None
    left: int


def change(
    session: Session, variant_id: int, by_how_many: int, reason: str, *, by: str, now: datetime, cause: str
) -> None:
    """Add so many to the stock, or take them away; done before with the same `cause`, it changes nothing.

    Raises BadFields({"number": "range"}) when fewer are left than are taken, or far too many would be, and
    BadFields({"number": "again"}) when the `cause` has changed something else before.
    """
    if not by_how_many:
        return
    done = _done(session, cause)
    if done is not None:
        if (done.variant_id, done.change, done.reason) != (variant_id, by_how_many, reason):
            raise BadFields({"number": "again"})
        return
    after = Variant.stock + by_how_many
    fits = (Variant.id == variant_id) & (after >= 0) & (after <= MOST)
    if not _write(session, variant_id, fits, after):
        raise BadFields({"number": "range"})
    _record(session, variant_id, by_how_many, reason, by, now, cause)


def set_counted(
    session: Session,
    variant_id: int,
    counted: int,
    reason: str,
    *,
    seen: int,
    by: str,
    now: datetime,
    cause: str,
) -> None:
    """The stock is `counted`, if it is still what was `seen` before; done before with the same `cause`, nothing.

    Raises StockMoved, which says what it is now, also when the `cause` has changed something else before.
    """
    if counted == seen:
        return
    done = _done(session, cause)
    if done is not None:
        if (done.variant_id, done.change) != (variant_id, counted - seen):
            raise StockMoved(_as_it_is(session, variant_id))
        return
    same = (Variant.id == variant_id) & (Variant.stock == seen)
    if not _write(session, variant_id, same, counted):
        raise StockMoved(_as_it_is(session, variant_id))
    _record(session, variant_id, counted - seen, reason, by, now, cause)


def change_by_form(session: Session, typed: dict[str, str], *, by: str, now: datetime) -> Variant:
    """What a seller's form says: `variant`, `reason` (one of Reason), `number`, `words` for another reason, `seen` (the
    stock that the form showed) and `once`, which is new for each form.

    The number is how many came or went, and what there is when it was counted.
    Raises NotFound, StockMoved, BadFields (of the names above: missing, long, number, range, unknown, again).
    """
    fields = Fields(typed)
    variant = session.get(Variant, fields.whole("variant", 1, 2**31 - 1))
    if variant is None:
        raise NotFound("variant")
    reason = fields.one_of("reason", set(Reason))
    words = fields.text("words", 80, required=reason == Reason.OTHER)
    number = fields.whole("number", -MOST if reason == Reason.OTHER else 0, MOST)
    cause = fields.text("once", 40, required=True)
    fields.check()
    why = words if reason == Reason.OTHER else reason
    if reason == Reason.COUNTED:
        seen = Fields(typed).whole("seen", 0, MOST)
        set_counted(session, variant.id, number, why, seen=seen, by=by, now=now, cause=cause)
    else:
        change(
            session,
            variant.id,
            -number if reason == Reason.DAMAGED else number,
            why,
            by=by,
            now=now,
            cause=cause,
        )
    return variant


def history(
    session: Session, product_id: int, *, before_id: int | None = None, limit: int = 30
) -> tuple[Sequence[Entry], int | None]:
    """The changes of a product's stock, newest first, and the `before_id` of the next page, None at the end."""
    query = (
        select(StockChange, Variant, Order.number)
        .join(Variant, Variant.id == StockChange.variant_id)
        .outerjoin(Order, Order.id == StockChange.order_id)
        .where(Variant.product_id == product_id)
        .order_by(StockChange.id.desc())
        .limit(limit + 1)
    )
    if before_id is not None:
        query = query.where(StockChange.id < before_id)
    found = session.execute(query).all()
    left = _stock_after(session, found[0][0].id, {row[1].id for row in found}) if found else {}
    entries = []
    for row in found[:limit]:
        entries.append(Entry(row[0], row[1], row[2], left[row[1].id]))
        left[row[1].id] -= row[0].change
    return entries, found[limit - 1][0].id if len(found) > limit else None


def set_threshold(session: Session, typed: dict[str, str]) -> None:
    """Warn when fewer than `low_stock` of a variant are left that says nothing else itself (0: never).

    Raises BadFields.
    """
    fields = Fields(typed)
    below = fields.whole("low_stock", 0, MOST)
    fields.check()
    shop = session.get_one(Shop, 1)
    audit.note(session, low_stock=[shop.low_stock, below])
    shop.low_stock = below


def count_low(session: Session) -> int:
    """How many variants that customers see are running low or sold out, at most some hundreds. Quick: walks indexes."""
    return sum(
        session.scalar(
            select(func.count()).select_from(
                select(Variant.id).join(Product).where(part, _SEEN).limit(_MOST_COUNTED).subquery()
            )
        )
        or 0
        for part in _low_parts(session)
    )


def low(session: Session, *, after: tuple[int, int] | None = None, limit: int = 60) -> Sequence[Variant]:
    """Those variants, fewest left first, at most `limit`; those that come after the one with this stock and id."""
    found: list[Variant] = []
    beyond = tuple_(Variant.stock, Variant.id) > tuple_(*after) if after else true()
    for part in _low_parts(session):
        query = select(Variant).join(Product).where(part, _SEEN, beyond)
        found += session.scalars(query.order_by(Variant.stock, Variant.id).limit(limit))
    return sorted(found, key=lambda variant: (variant.stock, variant.id))[:limit]


def is_low(below: int) -> ColumnElement[bool]:
    """Whether fewer of a variant are left than its own threshold, or else the shop's (`below`)."""
    return Variant.stock < func.coalesce(Variant.low_stock, below)


_SEEN = Variant.active & Product.active


def _low_parts(session: Session) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """`is_low` in two parts, each of which walks an index of its own."""
    below = session.scalar(select(Shop.low_stock)) or 0
    return (
        (Variant.stock < below) & Variant.low_stock.is_(None),
        Variant.low_stock.is_not(None) & (Variant.stock < Variant.low_stock),
    )


def _stock_after(session: Session, change_id: int, variant_ids: set[int]) -> dict[int, int]:
    """The stock that these variants had after this change: what they have now, less what came later."""
    later = dict(
        session.execute(
            select(StockChange.variant_id, func.sum(StockChange.change))
            .where(StockChange.id > change_id, StockChange.variant_id.in_(variant_ids))
            .group_by(StockChange.variant_id)
        ).all()
    )
    now = session.execute(select(Variant.id, Variant.stock).where(Variant.id.in_(variant_ids)))
    return {variant_id: stock - later.get(variant_id, 0) for variant_id, stock in now}


def _write(
    session: Session, variant_id: int, only_if: ColumnElement[bool], stock: ColumnElement[int] | int
) -> bool:
    """Whether the stock could be written. SQLAlchemy would look through everything it has loaded for the one row."""
    statement = update(Variant).where(only_if).values(stock=stock).returning(Variant.stock)
    left = session.scalar(statement.execution_options(synchronize_session=False))
    loaded = session.identity_map.get(identity_key(Variant, variant_id))
    if left is not None and loaded is not None:
        set_committed_value(loaded, "stock", left)
    return left is not None


def _done(session: Session, cause: str) -> StockChange | None:
    return session.scalar(select(StockChange).where(StockChange.cause == cause))


def _as_it_is(session: Session, variant_id: int) -> Variant:
    found = select(Variant).where(Variant.id == variant_id).execution_options(populate_existing=True)
    return session.scalars(found).one()


def _record(
    session: Session, variant_id: int, by_how_many: int, reason: str, by: str, now: datetime, cause: str
) -> None:
    noted = StockChange(variant_id=variant_id, change=by_how_many, reason=reason, at=now, by=by, cause=cause)
    session.add(noted)
    session.flush()
    audit.note(session, **{f"stock of {variant_id}": by_how_many})
