"""What every chat platform shares: an event that came in, a message that went out, and an error on the way.

Platforms' own formats are in their folders. Nothing here talks to a network or a database.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypedDict


class Kind(StrEnum):
    """What an event is. Everything that nobody acts on is IGNORED, with its reason."""

    MESSAGE = "message"  # words, attachments, or both
    TAP = "tap"  # a button, quick reply, menu entry or "Get started"
    REFERRAL = "referral"  # an existing chat opened again through a link or an advertisement
    OPTIN = "optin"
    ECHO = "echo"  # something the account itself said: we, another app, or a person in the platform's inbox
    DELIVERY = "delivery"
    READ = "read"
    REACTION = "reaction"
    EDIT = "edit"
    UNSEND = "unsend"
    CART = "cart"
    HANDOVER = "handover"
    POLICY = "policy"
    TEMPLATE_STATUS = "template_status"
    IGNORED = "ignored"


OPENERS = frozenset({Kind.MESSAGE, Kind.TAP, Kind.REFERRAL, Kind.REACTION})
"""Kinds by which a person opens Messenger's 24 hours (Messenger Platform: "standard messaging window")."""

ANSWERED = frozenset({Kind.MESSAGE, Kind.TAP, Kind.REFERRAL})
"""Kinds that are a turn of the conversation."""


@dataclass(frozen=True)
class Tap:
    """A tapped title and what its button carried; `payload` is None when the button is not ours."""

    payload: str | None
    title: str


@dataclass(frozen=True)
class Attachment:
    """One attached thing. `type` is the platform's word (image, video, audio, file, fallback, location, …).

    Whatever has a `sticker_id` has the type "sticker", also where the platform calls it an image.
    """

    type: str
    url: str | None = None
    sticker_id: str | None = None
    title: str | None = None
    coordinates: tuple[float, float] | None = None

    @property
    def is_photo(self) -> bool:
        """Could be a payment slip: a picture that can be fetched and is no sticker or thumbs-up."""
        return self.type == "image" and self.url is not None


@dataclass(frozen=True)
class Referral:
    """The link, advertisement or product that led the person here."""

    ref: str | None
    source: str | None
    type: str | None
    ad_id: str | None = None
    product_id: str | None = None


@dataclass(frozen=True)
class Incoming:
    """One event of one account (a Facebook Page), checked and typed.

    `account_id`, `where` and `item` (JSON-able, safe to store) give the same event again through the
    platform's `parse_item`. `key` (≤ 190 characters) is unique within the account and the same at every
    redelivery.
    `customer_id` is the person's id at that account (PSID), None where the event concerns no person.
    `at` is aware UTC, None when the platform gave no usable time (then take the time of receipt).
    """

    kind: Kind
    account_id: str
    customer_id: str | None
    key: str
    at: datetime | None
    where: str
    item: Any = field(repr=False)
    mid: str | None = None
    text: str | None = None  # MESSAGE and ECHO: the words; EDIT: the new words; REACTION: the emoji
    tap: Tap | None = None
    attachments: tuple[Attachment, ...] = ()
    referral: Referral | None = None
    reply_to: str | None = None  # the mid that a MESSAGE answers
    watermark: datetime | None = None  # DELIVERY and READ: everything up to here
    mids: tuple[str, ...] = ()  # DELIVERY
    app_id: str | None = None  # ECHO: who sent it; HANDOVER: who gets or wants the conversation
    metadata: str | None = None  # ECHO and HANDOVER
    action: str | None = None  # REACTION, HANDOVER, POLICY, TEMPLATE_STATUS, OPTIN: the platform's word
    reason: str | None = None  # IGNORED: why; POLICY: the platform's reason
    standby: bool = False  # another app holds the conversation: keep the event, do not answer

    @property
    def wants_answer(self) -> bool:
        """A turn of the conversation, and ours to answer."""
        says_nothing = self.tap is not None and not self.tap.payload and not self.tap.title
        return self.kind in ANSWERED and not self.standby and not says_nothing

    @property
    def opens_window(self) -> bool:
        """The person did something that lets the account write freely for the next 24 hours."""
        return self.kind in OPENERS


@dataclass(frozen=True)
class Credentials:
    """What it takes to speak for one account. `api_url` is the platform's API base with its version."""

    account_id: str
    token: str = field(repr=False)
    app_secret: str | None = field(repr=False)
    api_url: str


@dataclass(frozen=True)
class Sent:
    """A message the platform has accepted."""

    message_id: str


class Sentence(TypedDict):
    """The same words in Thai and English."""

    th: str
    en: str


class Scope(StrEnum):
    """What an error stops: one message, or all of the account until a pause is over or a person has acted."""

    MESSAGE = "message"
    ACCOUNT = "account"


@dataclass(eq=False)
class SendError(Exception):
    """The platform did not take a message, or nobody knows whether it did (`uncertain`).

    `permanent`: trying again cannot help before a person has changed something. `retry_after` is seconds,
    where the platform named them. `meaning` is one word of the platform's error table; `sentence` tells a
    seller what happened and what to do; `detail` is the platform's own text, for the log. `attempts` is how
    often the message may be tried at all, None for any number.
    """

    meaning: str
    permanent: bool
    sentence: Sentence
    scope: Scope = Scope.MESSAGE
    retry_after: float | None = None
    uncertain: bool = False
    code: int | None = None
    subcode: int | None = None
    detail: str = ""
    attempts: int | None = 5

    def __str__(self) -> str:
        numbers = "/".join(str(number) for number in (self.code, self.subcode) if number is not None)
        return " ".join(part for part in (self.meaning, numbers, self.detail) if part)


FIRST_PAUSE = 2.0
LONGEST_PAUSE = 300.0


def retry_delay(attempt: int, error: SendError, jitter: float | None = None) -> float | None:
    """Seconds to wait after the `attempt`-th try (from 1) failed with `error`, or None to give up.

    The pause doubles from 2 to 300 seconds; the platform's own `retry_after` is never undercut. `jitter`
    from 0 to 1 spreads the pause over 75 to 125 % of itself (`retry_after` only upwards); drawn at random
    unless given.
    """
    if error.permanent or (error.attempts is not None and attempt >= error.attempts):
        return None
    spread = random.random() if jitter is None else jitter  # noqa: S311 - nothing secret
    pause = min(FIRST_PAUSE * 2.0 ** min(max(attempt, 1) - 1, 16), LONGEST_PAUSE) * (0.75 + spread / 2)
    return max(pause, (error.retry_after or 0.0) * (1 + spread / 4))
