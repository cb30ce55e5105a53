"""What is asked about a transfer that a slip names, and what a verification service may answer.

The rules (when to ask, what an answer comes to) are in checks.py; who asks over the network is no matter of the shop.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """What a service's answer comes to."""

    FOUND = "found"  # the bank knows the transfer
    NOT_FOUND = "not_found"  # the bank does not know it, or not yet: it takes minutes after a transfer
    PENDING = "pending"  # the service says itself that it is too early
    DUPLICATE = "duplicate"  # the bank knows it, and the service was asked about it before
    QUOTA = "quota"  # the service answers nothing more until somebody pays
    AUTH = "auth"  # the service does not know the key
    ERROR = "error"  # no answer that can be used


@dataclass(frozen=True)
class Question:
    """About which transfer: `bank` and `reference` as in shop.slips.codes, `payload` the QR's text.

    `expected` is what should have been paid, in satang.
    """

    bank: str
    reference: str
    payload: str
    expected: int


@dataclass(frozen=True)
class Answer:
    """What the service `provider` said; what it did not say is None or empty.

    `amount` in satang; `receiver_accounts` are numbers with hidden digits ("xxx-x-x5366-x"), of the account and of the
    PromptPay number; `raw` is its text, cut off where it is long; `retry_after`: in how many seconds to ask again;
    `other_receiver`: the service itself says that the money went elsewhere; `why` is for logs, without personal data.
    """

    state: State
    provider: str
    amount: int | None = None
    paid_at: datetime | None = None
    reference: str = ""
    receiver_name: str = ""
    receiver_accounts: tuple[str, ...] = ()
    other_receiver: bool = False
    raw: str = ""
    retry_after: float | None = None
    why: str = ""
