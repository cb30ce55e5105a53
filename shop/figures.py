"""How the shop does: sales, money, best products, channels, and how many who chat also order. Only looks.

A sale is an order placed in the period that was neither cancelled nor has expired; money is what the ledgers say,
by the moment it was entered. Unpaid is what the customer of a sale has yet to transfer; what a carrier collects for the
shop comes by itself and is counted apart. All amounts are in minor units of the shop's currency.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from typing import TypeVar

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, distinct, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, lazyload

from shop.models import Channel, ChatDay, Customer, Order, OrderLine, Payment, Product, Variant
from shop.periods import Period, Step, day_mark, mark
from shop.states import OrderState, PaymentState

K = TypeVar("K")

_BEST = 10
_ENDED = (OrderState.CANCELLED, OrderState.EXPIRED)
_UNPAID = (PaymentState.AWAITING_SLIP, PaymentState.PENDING, PaymentState.REJECTED)


@dataclass(frozen=True)
class Sums:
    """A period in a few numbers. `on_delivery`: sales whose money the carrier has yet to bring; `wrote`: customers who
    were in the chat; `bought`: those who placed an order.
    """

    orders: int
    sold: int
    ended: int
    unpaid: int
    unpaid_amount: int
    on_delivery: int
    on_delivery_amount: int
    received: int
    wrote: int
    bought: int

    @property
    def conversion(self) -> float | None:
        """Which part of those who were in the chat ordered, 0 to 1; None when nobody was there."""
        # whoever only uses a store link of another day orders without a word
        return self.bought / max(self.wrote, self.bought) if self.wrote or self.bought else None


NOTHING = Sums(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Part:
    """One hour, day or month of a period (`mark`, see shop.periods).

    Who was in the chat is kept by the day: of an hour both `wrote` and `bought` are 0.
    """

    mark: str
    sums: Sums


@dataclass(frozen=True)
class Sold:
    """A product, how many pieces of it, and what their lines come to, before discounts and shipping."""

    product: Product
    pieces: int
    amount: int


@dataclass(frozen=True)
class ChannelSums:
    """A period on one channel."""

    channel: Channel
    sums: Sums


def sums(session: Session, period: Period, channel_id: int | None = None) -> Sums:
    """The period in a few numbers, of one channel or all."""
    return total(channels(session, period, channel_id))


def channels(session: Session, period: Period, channel_id: int | None = None) -> Sequence[ChannelSums]:
    """Each channel that has numbers in the period, or just this one, the one that sold most first."""
    keys = Order.channel_id, Order.channel_id, Customer.channel_id
    found: Mapping[int, Sums] = _by(session, period, channel_id, *keys)
    ranked = sorted(found, key=lambda number: (-found[number].sold, number))
    return [ChannelSums(session.get_one(Channel, number), found[number]) for number in ranked]


def total(found: Sequence[ChannelSums]) -> Sums:
    """All these channels together."""
    return Sums(*map(sum, zip(astuple(NOTHING), *(astuple(one.sums) for one in found), strict=True)))


def course(session: Session, period: Period, channel_id: int | None = None) -> Sequence[Part]:
    """What happened in each part of the period, also where that is nothing."""
    step = period.step
    chats = None if step is Step.HOUR else day_mark(session, ChatDay.day, step)
    keys = mark(session, Order.placed_at, step), mark(session, Payment.at, step), chats
    found = _by(session, period, channel_id, *keys)
    if chats is None:
        found = {at: replace(sums, bought=0) for at, sums in found.items()}
    return [Part(at, found.get(at, NOTHING)) for at in period.marks()]


def best_products(
    session: Session, period: Period, channel_id: int | None = None, limit: int | None = _BEST
) -> Sequence[Sold]:
    """The products that brought most in the period."""
    pieces, amount = func.sum(OrderLine.quantity), func.sum(OrderLine.quantity * OrderLine.unit_price)
    query = (
        select(Variant.product_id, pieces, amount)
        .join(OrderLine, OrderLine.variant_id == Variant.id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(_sold(period, channel_id))
        .group_by(Variant.product_id)
        .order_by(amount.desc(), Variant.product_id)
        .limit(limit)
    )
    rows = session.execute(query).all()
    named = select(Product).where(Product.id.in_([product for product, *_ in rows]))
    products = {one.id: one for one in session.scalars(named.options(lazyload("*")))}
    return [Sold(products[product], *row) for product, *row in rows]


def _by(
    session: Session,
    period: Period,
    channel_id: int | None,
    of_order: SQLColumnExpression[K],
    of_payment: SQLColumnExpression[K],
    of_chat: SQLColumnExpression[K] | None,
) -> Mapping[K, Sums]:
    """The numbers of a period, divided by what orders, payments and days in the chat (if at all) belong to."""
    orders: Mapping[K, Sums] = _orders_by(session, period, channel_id, of_order)
    money = select(of_payment, func.sum(Payment.amount)).join(Order, Order.id == Payment.order_id)
    money = money.where(_entered(period, channel_id)).group_by(of_payment)
    received: dict[K, int] = dict(session.execute(money).all())
    wrote: Mapping[K, int] = {} if of_chat is None else _chats_by(session, period, channel_id, of_chat)
    return {
        key: replace(orders.get(key, NOTHING), received=received.get(key, 0), wrote=wrote.get(key, 0))
        for key in {*orders, *received, *wrote}
    }


def _orders_by(
    session: Session, period: Period, channel_id: int | None, key: SQLColumnExpression[K]
) -> Mapping[K, Sums]:
    """What the orders alone tell: neither money nor chats."""
    live = Order.state.not_in(_ENDED)
    unpaid = and_(live, Order.payment_state.in_(_UNPAID))
    on_delivery = and_(live, Order.payment_state == PaymentState.ON_DELIVERY)
    due = Order.total - Order.received
    query = select(
        key,
        func.sum(case((live, 1), else_=0)),
        func.sum(case((live, Order.total), else_=0)),
        func.sum(case((live, 0), else_=1)),
        func.sum(case((unpaid, 1), else_=0)),
        func.sum(case((unpaid, due), else_=0)),
        func.sum(case((on_delivery, 1), else_=0)),
        func.sum(case((on_delivery, due), else_=0)),
        func.count(distinct(Order.customer_id)),
    )
    found = session.execute(query.where(_placed(period, channel_id)).group_by(key))
    names = (
        "orders",
        "sold",
        "ended",
        "unpaid",
        "unpaid_amount",
        "on_delivery",
        "on_delivery_amount",
        "bought",
    )
    return {at: replace(NOTHING, **dict(zip(names, numbers, strict=True))) for at, *numbers in found}


def _chats_by(
    session: Session, period: Period, channel_id: int | None, key: SQLColumnExpression[K]
) -> Mapping[K, int]:
    """How many customers were in the chat. Kept by the day: of a cut-off period, those of its whole last day."""
    chats = select(key, func.count(distinct(ChatDay.customer_id)))
    chats = chats.join(Customer, Customer.id == ChatDay.customer_id)
    days = ChatDay.day.between(period.first, period.last)
    chats = chats.where(days, _is(Customer.channel_id, channel_id)).group_by(key)
    return dict(session.execute(chats).all())


def _placed(period: Period, channel_id: int | None) -> ColumnElement[bool]:
    return and_(
        Order.placed_at >= period.start, Order.placed_at < period.end, _is(Order.channel_id, channel_id)
    )


def _sold(period: Period, channel_id: int | None) -> ColumnElement[bool]:
    return and_(_placed(period, channel_id), Order.state.not_in(_ENDED))


def _entered(period: Period, channel_id: int | None) -> ColumnElement[bool]:
    return and_(Payment.at >= period.start, Payment.at < period.end, _is(Order.channel_id, channel_id))


def _is(column: InstrumentedAttribute[int], channel_id: int | None) -> ColumnElement[bool]:
    return true() if channel_id is None else column == channel_id
