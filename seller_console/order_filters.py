"""The filters of the list of orders: between the page's address and what is asked of the shop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from sanic import Request

from seller_console.addresses import row_id
from shop import money, periods
from shop.models import Channel
from shop.order_wanted import Only, Wanted
from shop.periods import Period
from shop.states import OrderState, PaymentState

#: Stretches of days that have a name, as the filters offer them.
DAYS = {"today": "Today", "week": "7 days", "days30": "30 days"}
#: Who sees no money does not see either who has yet to pay.
_OF_MONEY = (Only.TO_PAY, Only.TO_CHECK)
_LONGEST = 100
_CURRENCY = "THB"
#: By what each filter is called in the address.
_NAMES = {
    "channel": "channel",
    "q": "words",
    "only": "only",
    "payment": "payment",
    "state": "state",
    "days": "days",
    "from": "first",
    "to": "last",
    "least": "least",
    "most": "most",
}


@dataclass(frozen=True)
class Filters:
    """What the address asks for, as it was typed: states by name, days by name or as dates, amounts in baht."""

    channel: str = ""
    words: str = ""
    only: str = ""
    payment: str = ""
    state: str = ""
    days: str = ""
    first: str = ""
    last: str = ""
    least: str = ""
    most: str = ""

    @property
    def channel_id(self) -> int | None:
        """The channel, None for all."""
        try:
            return row_id(self.channel)
        except ValueError:
            return None

    @property
    def some(self) -> int:
        """How many filters are set, besides the channel and the words."""
        dates = bool(self.days or self.first or self.last)
        return sum(map(bool, (self.only, self.payment, self.state, dates, self.least or self.most)))

    @property
    def query(self) -> str:
        """The part of an address that asks for the same."""
        return urlencode(
            {name: getattr(self, field) for name, field in _NAMES.items() if getattr(self, field)}
        )

    @property
    def address(self) -> str:
        """Of the page that shows them."""
        return f"/orders?{self.query}" if self.query else "/orders"

    def but(self, **changes: str) -> Filters:
        """The same with other values."""
        return replace(self, **changes)

    def showing(self, **chosen: str) -> Filters:
        """One of the quick choices, in the same channel and time."""
        return self.but(**({"only": "", "payment": "", "state": ""} | chosen))

    def only_words(self) -> Filters:
        """What was typed, looked for in all orders."""
        return Filters(words=self.words)

    def during(self, days: str) -> Filters:
        """The same in days that have a name, or at any time."""
        return self.but(days=days, first="", last="")

    def is_wrong(self, now: datetime) -> bool:
        """Whether a date or an amount cannot be used; it then filters nothing."""
        given = bool(self.first or self.last) and self._period(now) is None
        return given or any(text and _amount(text) is None for text in (self.least, self.most))

    def wanted(self, now: datetime) -> Wanted:
        """What to ask the shop for."""
        period = self._period(now)
        return Wanted(
            channel_id=self.channel_id,
            payment=PaymentState(self.payment) if self.payment in set(PaymentState) else None,
            state=OrderState(self.state) if self.state in set(OrderState) else None,
            since=period.start if period else None,
            until=period.end if period else None,
            least=_amount(self.least),
            most=_amount(self.most),
            only=Only(self.only) if self.only in set(Only) else None,
            words=self.words,
        )

    def _period(self, now: datetime) -> Period | None:
        """One date alone is that day. Dates come before a name: whoever typed some means them."""
        if self.first or self.last:
            try:
                return periods.between(self.first or self.last, self.last or self.first)
            except ValueError:
                return None
        return periods.named(self.days, periods.today(now))


def from_address(request: Request, *, sees_money: bool) -> Filters:
    """The filters in the request's address."""
    return from_values({name: str(request.args.get(name)) for name in request.args}, sees_money=sees_money)


def from_values(values: Mapping[str, str], *, sees_money: bool) -> Filters:
    """The filters among these values of an address.

    Who sees no money cannot find out amounts, or who paid, by asking.
    """
    given = {field: values.get(name, "").strip()[:_LONGEST] for name, field in _NAMES.items()}
    if not sees_money:
        given |= {"least": "", "most": "", "payment": ""}
        given["only"] = "" if given["only"] in _OF_MONEY else given["only"]
    return Filters(**given)


def choices(filters: Filters, channels: Sequence[Channel]) -> Iterator[Filters]:
    """All that one tap leads to from there, and what is shown already: what has a number beside it."""
    yield filters
    yield filters.showing()
    yield from (filters.showing(only=one) for one in Only)
    yield from (filters.showing(payment=one) for one in PaymentState)
    yield from (filters.showing(state=one) for one in OrderState)
    yield from (filters.but(channel=str(one)) for one in ("", *(channel.id for channel in channels)))
    yield from (filters.during(one) for one in ("", *DAYS))


def _amount(text: str) -> int | None:
    try:
        return money.typed(text, _CURRENCY) if text else None
    except ValueError:
        return None
