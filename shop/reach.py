"""How a customer may be written to at a given moment: the one table of it, asked at the moment of sending.

Messenger Platform, "Send messages" (as of 2026), counted from the customer's last message, tap, link or reaction:

| who writes                      | up to 24 hours | up to 7 days | later   |
| ------------------------------- | -------------- | ------------ | ------- |
| the bot answers                 | RESPONSE       | not          | not     |
| the shop tells news (a notice)  | UPDATE         | UTILITY      | UTILITY |
| a person of the shop            | RESPONSE       | HUMAN_AGENT  | not     |

UTILITY needs a text that Meta has approved for the Page. HUMAN_AGENT is for what a person wrote, never for the bot. The
other message tags were ended on 27 April 2026.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from shop.message_templates import APPROVED, PENDING

#: The margin is for clocks and the way there.
_MARGIN = timedelta(minutes=5)
WINDOW = timedelta(hours=24) - _MARGIN
PERSONS_WINDOW = timedelta(days=7) - _MARGIN


class Author(StrEnum):
    """Whose message it is."""

    BOT = "bot"
    NOTICE = "notice"
    PERSON = "person"


class Way(StrEnum):
    """How a message goes out."""

    RESPONSE = "RESPONSE"
    UPDATE = "UPDATE"
    UTILITY = "UTILITY"
    HUMAN_AGENT = "HUMAN_AGENT"


class Closed(StrEnum):
    """Why it cannot go out now."""

    WINDOW = "window"
    NO_TEMPLATE = "no_template"
    TEMPLATE_PENDING = "template_pending"
    TEMPLATE_REJECTED = "template_rejected"
    SEVEN_DAYS = "seven_days"


def way(
    author: Author,
    *,
    last_inbound_at: datetime | None,
    now: datetime,
    template: str | None = None,
    is_refused: bool = False,
) -> Way | Closed:
    """How `author` may write to a customer who last did something at `last_inbound_at`.

    `template` is the state of the notice's template (shop.message_templates), None without one. `is_refused`: the
    platform has just said that the 24 hours are over, whatever our own clock says.
    """
    if is_open(last_inbound_at, now) and not is_refused:
        return Way.UPDATE if author == Author.NOTICE else Way.RESPONSE
    if author == Author.NOTICE:
        return _by_template(template)
    if author == Author.PERSON:
        return Way.HUMAN_AGENT if _within(PERSONS_WINDOW, last_inbound_at, now) else Closed.SEVEN_DAYS
    return Closed.WINDOW


def is_open(last_inbound_at: datetime | None, now: datetime) -> bool:
    """Whether the customer did something within the last 24 hours."""
    return _within(WINDOW, last_inbound_at, now)


def persons_way_ends(last_inbound_at: datetime | None, now: datetime) -> datetime | None:
    """When a person may write in another way than now, or no more; None when they may not now."""
    ends = [last_inbound_at + window for window in (WINDOW, PERSONS_WINDOW)] if last_inbound_at else []
    return min((end for end in ends if end >= now), default=None)


def _within(window: timedelta, last_inbound_at: datetime | None, now: datetime) -> bool:
    return last_inbound_at is not None and now - last_inbound_at <= window


def _by_template(status: str | None) -> Way | Closed:
    if status == APPROVED:
        return Way.UTILITY
    if status is None:
        return Closed.NO_TEMPLATE
    return Closed.TEMPLATE_PENDING if status == PENDING else Closed.TEMPLATE_REJECTED
