"""What stands on an order's bill, and on its payment notification bill: every word and sum as it is written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from bills.texts import text
from shop import catalogue, delivery, ledger, money, payments, promptpay, views, ways_to_pay, words
from shop.ledger import Balance
from shop.models import Order
from shop.slips.verdicts import REJECTED
from shop.states import OrderState
from shop.views import OrderDetail

_LEDGER = {"accepted": "Payment accepted", "undone": "Entry taken back", "refunded": "Refunded"}
_SLIP = {REJECTED: "Slip received (not accepted)"}
_OVER = (OrderState.CANCELLED, OrderState.EXPIRED)


@dataclass(frozen=True)
class Item:
    """One line of what was ordered."""

    name: str
    quantity: str
    price: str
    amount: str


@dataclass(frozen=True)
class Entry:
    """A slip that came, or money that did; the amount of a slip is empty."""

    when: str
    words: str
    amount: str


@dataclass(frozen=True)
class Account:
    """Where to transfer to."""

    bank: str
    number: str
    holder: str


@dataclass(frozen=True)
class ToPay:
    """How to pay an order that waits for a transfer. `payload`: the text of the PromptPay QR, if there is one."""

    words: str
    accounts: tuple[Account, ...]
    payload: str | None


@dataclass(frozen=True)
class Document:
    """A bill to draw. `facts` and `sums` are (name, value); of `sums` the last counts most."""

    language: str
    title: str
    shop: str
    number: str
    facts: tuple[tuple[str, str], ...]
    send_to: tuple[str, ...]
    items: tuple[Item, ...]
    entries: tuple[Entry, ...] | None
    sums: tuple[tuple[str, str], ...]
    to_pay: ToPay | None


def order_bill(session: Session, number: str, language: str) -> Document:
    """The bill of the order with this number, in `language` ("th" or "en"). Raises NotFound."""
    detail = views.order_detail(session, number)
    order, _ = detail.order, partial(text, language)
    return Document(
        language=language,
        title=_("Order bill"),
        shop=_shop(session, language),
        number=order.number,
        facts=(*_facts(order, language), (_("Paid by"), _method(order, language))),
        send_to=_send_to(order),
        items=tuple(
            Item(
                line.name(language),
                str(line.quantity),
                _money(line.unit_price, order, language),
                _money(line.unit_price * line.quantity, order, language),
            )
            for line in order.lines
        ),
        entries=None,
        sums=_order_sums(order, language),
        to_pay=_to_pay(session, order, language),
    )


def payment_bill(session: Session, number: str, language: str) -> Document:
    """What was paid when for the order, which slips came, what is outstanding. Raises NotFound."""
    detail = views.order_detail(session, number)
    order, _ = detail.order, partial(text, language)
    return Document(
        language=language,
        title=_("Payment notification"),
        shop=_shop(session, language),
        number=order.number,
        facts=(
            *_facts(order, language),
            (_("Paid by"), _method(order, language)),
            *(((_("Customer"), order.recipient),) if order.recipient else ()),
        ),
        send_to=(),
        items=(),
        entries=_entries(detail, language),
        sums=_payment_sums(order, ledger.balance(session, order), language),
        to_pay=_to_pay(session, order, language),
    )


def _shop(session: Session, language: str) -> str:
    shop = catalogue.the_shop(session)
    return shop.name_en if language == "en" else shop.name_th


def _facts(order: Order, language: str) -> tuple[tuple[str, str], ...]:
    _ = partial(text, language)
    return (
        (_("Order number"), order.number),
        (_("Ordered"), words.written_time(order.placed_at, language)),
        (_("Status"), words.order_word(order.state, language)),
        # An order that is over waits for no payment, whatever its last state was.
        *(
            ()
            if order.state in _OVER
            else ((_("Payment"), words.payment_word(order.payment_state, language)),)
        ),
    )


def _method(order: Order, language: str) -> str:
    return text(language, "Cash on delivery" if order.payment_method == payments.COD else "Bank transfer")


def _send_to(order: Order) -> tuple[str, ...]:
    phone = delivery.written_phone(order.phone) if order.phone else None
    return tuple(part for part in (order.recipient, phone, order.address) if part)


def _order_sums(order: Order, language: str) -> tuple[tuple[str, str], ...]:
    _ = partial(text, language)
    way = order.shipping_en if language == "en" else order.shipping_th
    fee = _money(order.shipping_fee, order, language) if order.shipping_fee else _("Free")
    discount = ((_("Discount"), "−" + _money(order.discount, order, language)),) if order.discount else ()
    return (
        (_("Subtotal"), _money(order.subtotal, order, language)),
        (f"{_('Shipping')} ({way})" if way else _("Shipping"), fee),
        *discount,
        (_("Total"), _money(order.total, order, language)),
    )


def _payment_sums(order: Order, balance: Balance, language: str) -> tuple[tuple[str, str], ...]:
    _ = partial(text, language)
    received = balance.received
    known = (
        (_("Total"), _money(order.total, order, language)),
        (_("Received"), _money(received, order, language)),
    )
    if order.state in _OVER:
        return known
    if balance.overpaid:
        return (*known, (_("Paid too much"), _money(balance.overpaid, order, language)))
    return (*known, (_("Outstanding"), _money(balance.outstanding, order, language)))


def _entries(detail: OrderDetail, language: str) -> tuple[Entry, ...]:
    order = detail.order
    slips = [(slip.received_at, _SLIP.get(slip.verdict, "Slip received"), "") for slip in detail.slips]
    entered = [
        (paid.at, _LEDGER[paid.kind], _signed(paid.amount, order, language)) for paid in detail.payments
    ]
    return tuple(
        Entry(words.written_time(at, language), text(language, english), amount)
        for at, english, amount in sorted([*slips, *entered], key=lambda entry: entry[0])
    )


def _to_pay(session: Session, order: Order, language: str) -> ToPay | None:
    if not ways_to_pay.awaits_transfer(order):
        return None
    asked = promptpay.request(session, order)
    rest = ledger.balance(session, order).outstanding
    return ToPay(
        words=text(
            language,
            "Pay %(amount)s before %(before)s",
            amount=_money(rest, order, language),
            before=words.written_time(order.pay_before, language),
        ),
        accounts=tuple(
            Account(one.bank, one.number, one.holder) for one in catalogue.payment_accounts(session)
        ),
        payload=asked.payload if asked else None,
    )


def _money(amount: int, order: Order, language: str) -> str:
    return money.written(amount, order.currency, language)


def _signed(amount: int, order: Order, language: str) -> str:
    return ("−" if amount < 0 else "") + _money(abs(amount), order, language)
