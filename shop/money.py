"""Money as integers in a currency's minor unit (satang for THB), and how a sum is written."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_currency, get_currency_precision


def as_decimal(amount: int, currency: str) -> Decimal:
    """`amount` minor units as an exact decimal in the major unit: 125050 THB → 1250.50."""
    return Decimal(amount).scaleb(-get_currency_precision(currency))


@lru_cache(maxsize=4096)  # a shop has few different prices, and shows them all the time
def written(amount: int, currency: str, language: str) -> str:
    """`amount` minor units as people write it: ฿1,250 or ฿1,250.50; whole sums carry no decimals."""
    value = as_decimal(amount, currency)
    return format_currency(
        value,
        currency,
        format="¤#,##0" if value == value.to_integral_value() else "¤#,##0.00",
        locale="en" if language == "en" else "th",
        currency_digits=False,
    ).replace("THB", "฿")
