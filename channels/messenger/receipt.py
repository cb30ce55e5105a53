"""A bill as Messenger's receipt template; what the template cannot hold is said before it as text."""

from __future__ import annotations

import re
from decimal import Decimal

from babel.numbers import get_currency_precision

from channels.messenger import limits
from channels.messenger.cards import two_lines
from channels.messenger.wire import BLANK, Message, template, texts
from shop.replies import BadReply, Bill, BillLine

_EXACT_BELOW = 10**15  # JSON readers take numbers as doubles: these have 15 sure digits
_POSTCODE = re.compile(r"\d{5}", re.ASCII)


def receipt(bill: Bill) -> list[Message]:
    """The bill's messages. Raises BadReply for an amount that a receipt cannot show exactly."""
    address = _address(bill)
    words = [] if address else [bill.address]
    elements = []
    for line in bill.lines[: limits.RECEIPT_LINES]:
        element, complete = _element(line, bill.currency)
        elements.append(element)
        words += [] if complete else [line.title]
    words += [_as_text(line, bill.currency) for line in bill.lines[limits.RECEIPT_LINES :]]
    payload = {
        "template_type": "receipt",
        "recipient_name": bill.recipient_name.strip() or BLANK,
        "order_number": bill.order_number,
        "currency": bill.currency,
        "payment_method": bill.payment_method.strip() or BLANK,
        "timestamp": str(bill.placed_at),
        "elements": elements,
        "address": address,
        "summary": {
            "subtotal": _number(bill.subtotal, bill.currency),
            "shipping_cost": _number(bill.shipping, bill.currency),
            "total_cost": _number(bill.total, bill.currency),
        },
        "adjustments": [
            {"name": name, "amount": _number(amount, bill.currency)} for name, amount in bill.adjustments
        ],
    }
    filled = {name: value for name, value in payload.items() if value not in (None, [])}
    return [*texts("\n".join(part for part in words if part.strip())), template(filled)]


def _element(line: BillLine, currency: str) -> tuple[Message, bool]:
    """Messenger Platform, receipt template: an element's price is that of its whole quantity."""
    times = f"{line.quantity} × {_decimal(line.unit_price, currency)}" if line.quantity != 1 else ""
    title, subtitle, complete = two_lines(line.title, times)
    element = {
        "title": title,
        "subtitle": subtitle if complete else times,
        "quantity": line.quantity,
        "price": _number(line.unit_price * line.quantity, currency),
        "currency": currency,
        "image_url": line.image_url,
    }
    return {name: value for name, value in element.items() if value not in (None, "")}, complete


def _as_text(line: BillLine, currency: str) -> str:
    price = _decimal(line.unit_price * line.quantity, currency)
    return f"{line.title}: {line.quantity} × {_decimal(line.unit_price, currency)} = {price} {currency}"


def _decimal(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(-get_currency_precision(currency))


def _number(amount: int, currency: str) -> int | float:
    """The amount in the currency's major unit as a JSON number with exactly its digits."""
    if abs(amount) >= _EXACT_BELOW:
        raise BadReply(f"an amount of {amount} is too large for a receipt")
    value = _decimal(amount, currency)
    return int(value) if value == value.to_integral_value() else float(value)


def _address(bill: Bill) -> Message | None:
    """The address in the parts a receipt requires, or None to say it as text.

    The shop keeps an address as people write it. A Thai one ends with district, province and a postcode of
    five digits; the receipt shows the parts in that order again, so no word moves. Any other stays text.
    """
    *street, city, state, postcode = ["", "", "", *bill.address.split()]
    if bill.currency != "THB" or not any(street) or not _POSTCODE.fullmatch(postcode):
        return None
    street_1, city, state = " ".join(street).strip(" ,"), city.strip(","), state.strip(",")
    return {"street_1": street_1, "city": city, "state": state, "postal_code": postcode, "country": "TH"}
