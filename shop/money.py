"""Money as integers in a currency's minor unit (satang for THB), and how a sum is written."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel.numbers import format_currency, get_currency_precision

#: Nothing a chat shop sells costs so much; beyond it is a slip of the thumb, or hostile.
_ABSURD = Decimal(10_000_000)
#: A number, and how Thai people say of it that it is money.
_TYPED = re.compile(
    r"(?:฿|THB\b)?\s*(?P<number>-?[\d,]*\.?\d*)\s*(?:[.,]?[-–]|฿|บาท|บ\.|THB|baht)?", re.IGNORECASE
)


def places(currency: str) -> int:
    """How many decimals the currency has: 2 for THB."""
    return get_currency_precision(currency)


def as_decimal(amount: int, currency: str) -> Decimal:
    """`amount` minor units as an exact decimal in the major unit: 125050 THB → 1250.50."""
    return Decimal(amount).scaleb(-places(currency))


def as_minor(amount: Decimal, currency: str) -> int:
    """`amount` of the major unit in minor units: 1250.50 THB → 125050.

    Raises ValueError for what is negative, no number, absurdly large or finer than the minor unit.
    """
    if not amount.is_finite() or not 0 <= amount < _ABSURD:
        raise ValueError(f"no amount: {amount}")
    minor = amount.scaleb(places(currency))
    if minor != minor.to_integral_value():
        raise ValueError(f"finer than the currency: {amount}")
    return int(minor)


def typed(text: str, currency: str) -> int:
    """What a person typed as an amount of the major unit in minor units: "1,250.50", "฿100", "250 บาท", "250.-", "๒๕๐".

    Raises ValueError.
    """
    found = _TYPED.fullmatch(text.strip())
    try:
        return as_minor(Decimal(found["number"].replace(",", "") if found else ""), currency)
    except InvalidOperation as error:
        raise ValueError(f"no amount: {text!r}") from error


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
