"""Orders as rows of a table, for a spreadsheet or another system."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models import Order
from shop.money import as_decimal

COLUMNS = (
    "number",
    "placed_at_utc",
    "channel",
    "customer",
    "order_state",
    "payment_state",
    "sku_name",
    "quantity",
    "unit_price",
    "order_total",
    "currency",
    "recipient",
    "phone",
    "address",
)
#: A spreadsheet takes a text that begins so for a formula (OWASP: CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(session: Session) -> Iterator[tuple[str, ...]]:
    """One row for each line of each order, oldest first, in the order of `COLUMNS`."""
    for order in session.scalars(select(Order).order_by(Order.id).execution_options(yield_per=500)):
        for line in order.lines:
            yield tuple(
                _harmless(str(value))
                for value in (
                    order.number,
                    f"{order.placed_at:%Y-%m-%d %H:%M:%S}",
                    order.channel.name,
                    order.customer.name or "",
                    order.state,
                    order.payment_state,
                    line.name_th,
                    line.quantity,
                    as_decimal(line.unit_price, order.currency),
                    as_decimal(order.total, order.currency),
                    order.currency,
                    order.recipient or "",
                    order.phone or "",
                    order.address or "",
                )
            )


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
