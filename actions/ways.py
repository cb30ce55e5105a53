"""How an order is sent and paid, and in which sub-district its address is: what the checkout asks by taps.

A question with one possible answer is not asked: its slot is filled at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rasa_sdk.events import SlotSet
from sqlalchemy.orm import Session

from actions import cards, details
from actions.labels import label
from actions.registry import action
from actions.say import Say, tap
from actions.turn import Events, Turn
from shop import addresses, money, orders, payments, ways_to_pay
from shop.addresses import Address, Place
from shop.db import Database
from shop.models import Order
from shop.replies import Button
from shop.shipping import Quote

PLACE, SHIP_BY, PAY_BY = "place", "ship_by", "pay_by"
#: The slots' value when there is nothing to choose.
SETTLED = ""
#: Taps that choose, the slot of each, and the entity that carries the choice; without it the question is asked.
_TAPS = {
    "choose_place": (PLACE, "place"),
    "choose_shipping": (SHIP_BY, "method"),
    "choose_payment": (PAY_BY, "method"),
}
_COD_WORDS = ("ปลายทาง", "cod", "cash")
_TRANSFER_WORDS = ("โอน", "transfer", "พร้อมเพย์", "promptpay", "bank")


@dataclass(frozen=True)
class _Summary:
    """What the summary says besides name, phone and address."""

    order: Order
    quote: Quote | None
    methods: Sequence[str]
    shipping: Sequence[Quote]

    @property
    def fee(self) -> int:
        return self.quote.fee if self.quote else self.order.shipping_fee

    @property
    def total(self) -> int:
        return self.order.subtotal + self.fee


def left_to_choose(session: Session, turn: Turn, address: Address) -> Events:
    """The slots of the ways to send and to pay: filled where there is no choice or it still holds, else empty.

    Raises BadInput when the shop does not send there.
    """
    order = orders.of_customer(session, turn.customer_id, turn.slots["order"])
    quotes = orders.quotes(session, order, address.province)
    offered = [str(quote.method.id) for quote in quotes] if orders.nothing_was_paid(order) else []
    return [
        SlotSet(SHIP_BY, _still(turn.slots.get(SHIP_BY), offered)),
        SlotSet(PAY_BY, _still(turn.slots.get(PAY_BY), ways_to_pay.methods(session, order))),
    ]


def _still(chosen: str | None, offered: Sequence[str]) -> str | None:
    if len(offered) < 2:
        return offered[0] if offered else SETTLED
    return chosen if chosen in offered else None


def chosen(session: Session, turn: Turn) -> Events | Address | None:
    """What a tap or typed words choose: events, or the address with its place; None if they choose nothing."""
    if turn.intent in _TAPS and turn.text is None:
        slot, entity = _TAPS[turn.intent]
        value = turn.entities.get(entity)
    elif turn.text and turn.asked in (PLACE, SHIP_BY, PAY_BY) and not details.is_question(turn.text):
        slot, value = turn.asked, _typed(session, turn)
        if value is None:
            return None
    else:
        return None
    if slot == PLACE and value and turn.slots.get("address"):
        return addresses.at(turn.slots["address"], value)
    return [
        SlotSet(slot, value),
        SlotSet("details_correct", None),
        *([] if value else [SlotSet("requested_slot", slot)]),
    ]


def question_before(turn: Turn) -> str | None:
    """The question before the open one, None before the first. Ways to send and to pay have taps to change them."""
    asked = details.FIELDS.index(turn.asked) if turn.asked in details.FIELDS else len(details.FIELDS)
    return details.FIELDS[asked - 1] if asked else None


@action("action_ask_place")
async def ask_place(turn: Turn, say: Say, db: Database) -> Events:
    """Ask in which sub-district the address is, by taps."""
    places = addresses.read(turn.slots["address"]).candidates
    say("utter_ask_place", [_place_tap(place) for place in places])
    return []


@action("action_ask_ship_by")
async def ask_ship_by(turn: Turn, say: Say, db: Database) -> Events:
    """Ask how to send it, with what each way costs."""
    summary = await db.read(_summary, turn)
    currency = summary.order.currency
    lines = "\n".join(cards.shipping_method(quote, currency, turn.language) for quote in summary.shipping)
    taps = [
        tap(quote.method.name(turn.language), "choose_shipping", method=quote.method.id)
        for quote in summary.shipping
    ]
    say("utter_ask_ship_by", taps, methods=lines)
    return []


@action("action_ask_pay_by")
async def ask_pay_by(turn: Turn, say: Say, db: Database) -> Events:
    """Ask how it will be paid."""
    summary = await db.read(_summary, turn)
    say("utter_ask_pay_by", [_payment_tap(method, turn.language) for method in summary.methods])
    return []


@action("action_ask_details_correct")
async def ask_details_correct(turn: Turn, say: Say, db: Database) -> Events:
    """Show all that was said, with the total it comes to, and ask whether it is right."""
    summary = await db.read(_summary, turn)
    say(
        "utter_ask_details_correct",
        _changes(turn, summary),
        shipping=_shipping_words(summary, turn.language),
        payment=label(f"pay_by_{turn.slots.get(PAY_BY) or summary.order.payment_method}", turn.language),
        total=money.written(summary.total, summary.order.currency, turn.language),
    )
    return []


def _changes(turn: Turn, summary: _Summary) -> list[Button]:
    """Taps for what can be chosen otherwise, besides name, phone and address."""
    taps = []
    if len(summary.shipping) > 1:
        taps.append(tap(label("change_shipping", turn.language), "choose_shipping"))
    if len(summary.methods) > 1:
        taps.append(tap(label("change_payment", turn.language), "choose_payment"))
    if addresses.read(turn.slots["address"]).candidates:
        taps.append(tap(label("choose_place", turn.language), "choose_place"))
    return taps


def _shipping_words(summary: _Summary, language: str) -> str:
    fee = cards.shipping(summary.fee, summary.order.currency, language)
    if summary.quote is None or len(summary.shipping) == 1:
        return fee
    return f"{summary.quote.method.name(language)} · {fee}"


def _summary(session: Session, turn: Turn) -> _Summary:
    order = orders.of_customer(session, turn.customer_id, turn.slots["order"])
    methods = ways_to_pay.methods(session, order)
    if not orders.nothing_was_paid(order):
        return _Summary(order, None, methods, ())
    offered = orders.quotes(session, order, addresses.read(turn.slots["address"]).province)
    wanted = (quote for quote in offered if str(quote.method.id) == turn.slots.get(SHIP_BY))
    return _Summary(order, next(wanted, offered[0] if offered else None), methods, offered)


def _typed(session: Session, turn: Turn) -> str | None:
    """The choice that the words name."""
    words = (turn.text or "").casefold()
    if turn.asked == PAY_BY:
        on_delivery = any(word in words for word in _COD_WORDS)
        by_transfer = any(word in words for word in _TRANSFER_WORDS)
        return None if on_delivery == by_transfer else payments.COD if on_delivery else payments.TRANSFER
    if turn.asked == PLACE:
        places = addresses.read(turn.slots["address"]).candidates
        return next((place.code for place in places if place.subdistrict.casefold() in words), None)
    named = [
        str(quote.method.id)
        for quote in _summary(session, turn).shipping
        if any(quote.method.name(language).casefold() in words for language in ("th", "en"))
    ]
    return named[0] if len(named) == 1 else None


def _place_tap(place: Place) -> Button:
    return tap(place.subdistrict, "choose_place", place=place.code)


def _payment_tap(method: str, language: str) -> Button:
    return tap(label(f"pay_by_{method}", language), "choose_payment", method=method)
