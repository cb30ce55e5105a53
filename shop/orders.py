"""An order's life: place, say where to send it, cancel, look at. Its payment is in `payments`."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import (
    alerts,
    audit,
    carts,
    catalogue,
    customers,
    delivery,
    hearing,
    notices,
    shipping,
    states,
    stock,
)
from shop.errors import BadInput, EmptyCart, NotAllowed, NotFound, OtherPrices, SellerBills
from shop.models import Customer, Order, OrderLine, Transition, Variant
from shop.notices import NoticeKind
from shop.shipping import Quote
from shop.slips import verdicts
from shop.states import OrderState, PaymentState

_UNPAID = (PaymentState.AWAITING_SLIP, PaymentState.ON_DELIVERY)


def place(session: Session, customer_id: int, *, cause: str, now: datetime) -> Order:
    """Turn the customer's cart into an order: stock taken, number given, lines and prices frozen.

    The same `cause` (the event behind the tap) gives the same order again. Raises EmptyCart, SellerBills, OtherPrices
    when prices or what is offered have changed since the customer looked, SoldOut when someone else was faster; the
    caller must then roll back, and `carts.review` says what has changed.
    """
    # The customer's row is the lock of the cart: two taps at once become one after the other.
    customer = customers.lock(session, customer_id)
    placed = placed_by(session, cause)
    if placed is not None:
        return placed
    cart = carts.lines(session, customer_id)
    if not cart:
        raise EmptyCart
    if not catalogue.the_shop(session).auto_billing:
        raise SellerBills
    if carts.has_changed(cart):
        raise OtherPrices
    goods = {line.variant: line.quantity for line in cart}
    return enter(session, customer, goods, cause=cause, by="customer", now=now)[0]


def placed_by(session: Session, cause: str) -> Order | None:
    """The order that this event or form has placed, if it has."""
    return session.scalar(select(Order).where(Order.cause == cause))


def enter(
    session: Session, customer: Customer, goods: Mapping[Variant, int], *, cause: str, by: str, now: datetime
) -> tuple[Order, Transition]:
    """Order so many of each variant for the locked customer, whose cart is empty then. Who may do so when is the
    caller's rule. Returns the first line of its history too. Raises SoldOut.
    """
    order = _order_of(session, customer, goods, cause, now)
    session.add(order)
    session.flush()
    placed = states.record_placed(session, order, by=by, now=now)
    alerts.note(session, alerts.Kind.ORDER, order.number, by=by, now=now)
    stock.take(session, order, now)
    carts.clear(session, customer.id)
    return order, placed


def of_customer(session: Session, customer_id: int, number: str) -> Order:
    """The customer's own order with this number; `#` and small letters are forgiven. Raises NotFound."""
    wanted = "TL-" + number.strip().upper().removeprefix("#").removeprefix("TL").removeprefix("-")
    order = session.scalar(select(Order).where(Order.number == wanted, Order.customer_id == customer_id))
    if order is None:
        raise NotFound(f"order {number}")
    return order


def latest(session: Session, customer_id: int, limit: int = 10) -> Sequence[Order]:
    """The customer's orders, newest first."""
    mine = select(Order).where(Order.customer_id == customer_id)
    return session.scalars(mine.order_by(Order.id.desc()).limit(limit)).all()


def awaiting_delivery_details(session: Session, customer_id: int) -> Order | None:
    """The newest order of the customer that is placed but does not say yet where to send it."""
    mine = select(Order).where(
        Order.customer_id == customer_id, Order.state == OrderState.PLACED, Order.address.is_(None)
    )
    return session.scalar(mine.order_by(Order.id.desc()).limit(1))


def set_delivery(
    session: Session,
    order_id: int,
    *,
    recipient: str,
    phone: str,
    address: str,
    province: str | None = None,
    postal_code: str | None = None,
    shipping_method_id: int | None = None,
) -> Order:
    """Say where to send the order, and how: its shipping fee and total follow, as long as nothing was paid.

    `province` is a Thai name (shop.addresses). A method that does not send there, or None, means the first that does.
    Raises BadInput for what cannot be used, NotFound, NotAllowed once the order is packed.
    """
    order = states.lock(session, order_id)
    if order.state not in (OrderState.PLACED, OrderState.CONFIRMED):
        raise NotAllowed(order, "deliver to")
    order.recipient = delivery.checked_recipient(recipient)
    order.phone = delivery.checked_phone(phone)
    order.address = delivery.checked_address(address)
    order.province, order.postal_code = province, postal_code
    if nothing_was_paid(order):
        _ship_by(order, _chosen(quotes(session, order, province), shipping_method_id))
    session.flush()
    hearing.mask_again(session, order.customer_id)
    return order


def ship_anew(session: Session, order: Order) -> None:
    """What is in the locked order has changed: the way to send, its fee and the total follow. Raises BadInput."""
    _ship_by(order, _chosen(quotes(session, order, order.province), order.shipping_method_id))


def quotes(session: Session, order: Order, province: str | None) -> Sequence[Quote]:
    """The ways to send the order to the province (its Thai name, None: not known), in the seller's order.

    Raises BadInput("address", "not_shipped") when the shop does send, but not there.
    """
    ids = [line.variant_id for line in order.lines]
    weighed = session.execute(select(Variant.id, Variant.weight).where(Variant.id.in_(ids)))
    weights = dict(weighed.all())
    weight = sum(weights[line.variant_id] * line.quantity for line in order.lines)
    found = shipping.quotes(session, subtotal=order.subtotal, weight=weight, province=province)
    if not found and shipping.methods(session):
        raise BadInput("address", "not_shipped")
    return found


def set_discount(
    session: Session, order_id: int, amount: int, *, by: str, now: datetime
) -> tuple[Order, bool]:
    """Take `amount` (minor units, 0: nothing) off what the order comes to; its customer gets the new bill.

    Returns the order and whether this call did it. Raises BadInput("amount", "range") when nothing would be left to
    pay, NotAllowed once money has come or the order is under way.
    """
    order = states.lock(session, order_id)
    if order.discount == amount:
        return order, False
    if order.received or order.payment_state == PaymentState.PAID:
        raise NotAllowed(order, "discount")
    if not 0 <= amount < order.subtotal + order.shipping_fee:
        raise BadInput("amount", "range")
    changed = states.move_order(session, order, "discount", by=by, now=now, reason=str(amount))
    order.discount, order.total = amount, order.subtotal + order.shipping_fee - amount
    notices.write(session, order, NoticeKind.BILL_CHANGED, changed, now)
    return order, True


def cancel(session: Session, order_id: int, *, now: datetime) -> Order:
    """The customer calls the order off; its stock returns. Cancelling again changes nothing.

    Raises NotAllowed once a slip has come or the shop has taken it on: money may be on its way, so a person decides.
    """
    order = states.lock(session, order_id)
    if order.state != OrderState.CANCELLED:
        if not nothing_was_paid(order):
            raise NotAllowed(order, "cancel")
        end(session, order, by="customer", now=now)
    return order


def nothing_was_paid(order: Order) -> bool:
    """Whether the order is as its customer placed it: they may call it off, and what it comes to may still change."""
    return order.state == OrderState.PLACED and order.payment_state in _UNPAID and not order.received


def end(session: Session, order: Order, *, by: str, now: datetime, put_back: bool = True) -> Transition:
    """Cancel the locked order and give its stock back (see `give_up`). Who may do so when is the caller's rule.
    Raises NotAllowed.
    """
    cancelled = states.move_order(session, order, "cancel", by=by, now=now)
    give_up(session, order, "cancelled", by=by, now=now, put_back=put_back)
    return cancelled


def give_up(
    session: Session, order: Order, reason: str, *, by: str, now: datetime, put_back: bool = True
) -> None:
    """The locked order has just ended: its stock returns for the `reason` (shop.stock), and no slip waits any more.

    Not `put_back`: the goods are damaged or lost, and are not sold again.
    """
    stock.give_back(session, order, reason, now)
    if not put_back:
        stock.keep_out(session, order, by, now)
    audit.note(session, put_back=put_back)
    verdicts.lay_aside(session, order)


@dataclass(frozen=True)
class Again:
    """What of an earlier order could not be put into the cart, or not as many: names by language ("th", "en")."""

    missing: Sequence[Mapping[str, str]]


def again(session: Session, customer_id: int, number: str) -> Again:
    """Put what the customer's order had into their cart, at today's prices, as far as it is left. Raises NotFound."""
    order = of_customer(session, customer_id, number)
    in_cart = {line.variant_id: line.quantity for line in carts.lines(session, customer_id)}
    missing = []
    for line in order.lines:
        variant = session.get_one(Variant, line.variant_id)
        wanted = max(line.quantity, in_cart.get(variant.id, 0))
        left = variant.stock if catalogue.on_sale(variant) else 0
        if left < wanted:
            missing.append({"th": line.name_th, "en": line.name_en})
        if left:
            carts.put(session, customer_id, variant.id, min(wanted, left))
    return Again(missing)


def _order_of(
    session: Session, customer: Customer, goods: Mapping[Variant, int], cause: str, now: datetime
) -> Order:
    shop = catalogue.the_shop(session)
    subtotal = sum(variant.price * quantity for variant, quantity in goods.items())
    weight = sum(variant.weight * quantity for variant, quantity in goods.items())
    order = Order(
        number=_new_number(session),
        cause=cause,
        channel_id=customer.channel_id,
        customer_id=customer.id,
        state=OrderState.PLACED,
        payment_state=PaymentState.AWAITING_SLIP,
        currency=shop.currency,
        subtotal=subtotal,
        placed_at=now,
        pay_before=now + timedelta(hours=shop.payment_hours),
        lines=[line_of(variant, quantity) for variant, quantity in goods.items()],
    )
    # Where it goes is asked next; until then the first way to send stands for the fee.
    offered = shipping.quotes(session, subtotal=subtotal, weight=weight, province=None)
    _ship_by(order, _chosen(offered, None))
    return order


def _chosen(offered: Sequence[Quote], method_id: int | None) -> Quote | None:
    wanted = (quote for quote in offered if quote.method.id == method_id)
    return next(wanted, offered[0] if offered else None)


def _ship_by(order: Order, quote: Quote | None) -> None:
    """The names are kept with the fee: the seller may rename or remove the method later."""
    order.shipping_method_id = quote.method.id if quote else None
    order.shipping_th = quote.method.name_th if quote else ""
    order.shipping_en = quote.method.name_en if quote else ""
    order.shipping_fee = quote.fee if quote else 0
    order.total = order.subtotal + order.shipping_fee - (order.discount or 0)


def line_of(variant: Variant, quantity: int) -> OrderLine:
    """So many of the variant as a line of an order, by today's names and price."""
    return OrderLine(
        variant_id=variant.id,
        name_th=variant.name("th"),
        name_en=variant.name("en"),
        unit_price=variant.price,
        quantity=quantity,
    )


def _new_number(session: Session) -> str:
    """Random, so that nobody learns other orders' numbers, or how many there are, from their own."""
    while True:
        number = f"TL-{secrets.randbelow(10**8):08d}"
        if session.scalar(select(Order.id).where(Order.number == number)) is None:
            return number
