"""Whether what a service found is what should have been paid: amount, receiver, time, reference.

Of each the answer is yes, no, or None where the service did not say enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shop.models import SlipCheck, Transfer

#: Customers may pay first and order then, and banks' clocks differ.
_EARLIER, _LATER = timedelta(hours=12), timedelta(hours=1)
_SEPARATORS = "- "
_HIDDEN = "xX*•"
#: So many digits of a number have to be seen before it counts as one of the shop's.
_ENOUGH = 4


@dataclass(frozen=True)
class Match:
    """How the answer compares, part by part."""

    amount: bool | None
    receiver: bool | None
    time: bool | None
    reference: bool | None

    @property
    def is_full(self) -> bool:
        """Every part is known and fits."""
        return all((self.amount, self.receiver, self.time, self.reference))


def compare(
    check: SlipCheck, transfer: Transfer, numbers: Iterable[str], *, expected: int, placed_at: datetime
) -> Match:
    """Compare the answer with `expected` (satang), the shop's account `numbers` and when the order was placed."""
    asked_at = check.asked_at
    in_time = None
    if check.paid_at is not None and asked_at is not None:
        in_time = placed_at - _EARLIER <= check.paid_at <= asked_at + _LATER
    return Match(
        amount=None if check.amount is None else check.amount == expected,
        receiver=False if check.other_receiver else _is_ours(check.receiver_accounts, list(numbers)),
        time=in_time,
        reference=check.reference == transfer.reference if check.reference else None,
    )


def _is_ours(shown: Iterable[str], numbers: list[str]) -> bool | None:
    """Whether one of the numbers shown is one of the shop's; names are too often cut off to say."""
    answers = [_fits(_compact(one), number) for one in shown for number in numbers]
    known = [answer for answer in answers if answer is not None]
    return any(known) if known else None


def _fits(shown: str, number: str) -> bool | None:
    """Compare position by position. A number of another length is another one; too few digits say nothing."""
    seen = sum(map(str.isdecimal, shown))
    if not shown or any(not sign.isdecimal() and sign not in _HIDDEN for sign in shown):
        return None
    own = _compact(number)
    fits = len(shown) == len(own) and all(
        sign in _HIDDEN or sign == digit for sign, digit in zip(shown, own, strict=True)
    )
    if not fits:
        return False
    return True if seen >= _ENOUGH else None


def _compact(number: str) -> str:
    return "".join(sign for sign in number if sign not in _SEPARATORS)
