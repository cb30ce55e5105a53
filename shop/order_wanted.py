"""Which orders somebody wants to see, and the conditions on their table that say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement

from shop import attention
from shop.models import Order
from shop.models.order import TO_CHECK, TO_PAY, UNTOLD
from shop.states import OrderState, PaymentState

Condition = ColumnElement[bool]


class Only(StrEnum):
    """What there is to do: orders that need a person (shop.attention), whose customer was not told, that go on and are
    to be paid, whose slips are to be checked (the same as in shop.review).
    """

    ATTENTION = "attention"
    UNTOLD = "untold"
    TO_PAY = "to_pay"
    TO_CHECK = "to_check"


@dataclass(frozen=True)
class Wanted:
    """Which orders: of a channel, in these states, placed from `since` until before `until` (UTC), that cost `least` to
    `most` (minor units), with which there is `only` this to do, that fit what was typed. Empty is any.
    """

    channel_id: int | None = None
    payment: PaymentState | None = None
    state: OrderState | None = None
    since: datetime | None = None
    until: datetime | None = None
    least: int | None = None
    most: int | None = None
    only: Only | None = None
    words: str = ""


def scope(wanted: Wanted) -> list[Condition]:
    """Channel and time: every index that a filter has knows both."""
    conditions: list[Condition] = []
    if wanted.channel_id is not None:
        conditions.append(Order.channel_id == wanted.channel_id)
    if wanted.since is not None:
        conditions.append(Order.placed_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(Order.placed_at < wanted.until)
    return conditions


def choices(wanted: Wanted, now: datetime) -> list[Sequence[Condition]]:
    """The filters that are set and have an index of their own."""
    chosen: list[Sequence[Condition]] = []
    if wanted.only is not None:
        chosen.append(_only(wanted.only, now))
    if wanted.payment is not None:
        chosen.append((Order.payment_state == wanted.payment,))
    if wanted.state is not None:
        chosen.append((Order.state == wanted.state,))
    return chosen


def amounts(wanted: Wanted) -> list[Condition]:
    """What the order may cost."""
    conditions: list[Condition] = []
    if wanted.least is not None:
        conditions.append(Order.total >= wanted.least)
    if wanted.most is not None:
        conditions.append(Order.total <= wanted.most)
    return conditions


def conditions(wanted: Wanted, now: datetime) -> list[Condition]:
    """All of it, but for the words."""
    chosen = [condition for some in choices(wanted, now) for condition in some]
    return [*scope(wanted), *chosen, *amounts(wanted)]


def _only(only: Only, now: datetime) -> Sequence[Condition]:
    """As conditions, of which the first is the index's own."""
    few = {Only.UNTOLD: UNTOLD, Only.TO_PAY: TO_PAY, Only.TO_CHECK: TO_CHECK}
    return attention.needs(now) if only is Only.ATTENTION else (few[only],)
