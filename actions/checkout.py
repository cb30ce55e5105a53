"""Where to send an order: the form that asks for name, phone and address, and what follows once all are known."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.orm import Session

from actions import cards, details, forms
from actions.orders import show_order
from actions.payment import how_to_pay
from actions.registry import action
from actions.say import Say, harmless
from actions.turn import Event, Events, Turn
from shop import catalogue, orders
from shop.db import Database
from shop.errors import BadInput, NotAllowed
from shop.models import Order
from shop.states import OrderState

#: Taps of the summary, and the detail that each asks for again.
_CHANGES = {
    "change_name": details.RECIPIENT,
    "change_phone": details.PHONE,
    "change_address": details.ADDRESS,
}


@action("validate_checkout_form")
async def validate(turn: Turn, say: Say, db: Database) -> Events:
    """Take what was typed as the detail that was asked for, unless it is something else to be answered first."""
    if not turn.is_answer:
        return [SlotSet("details_correct", None)]
    if turn.intent in _CHANGES and _wants_change(turn):
        field = _CHANGES[turn.intent] if turn.text is None else details.field_named(turn.text)
        return [SlotSet(field, None), SlotSet("details_correct", None), SlotSet("requested_slot", field)]
    if turn.asked == "details_correct":
        return _at_summary(turn, say)
    if turn.asked is None or not details.answers(turn.asked, turn):
        return forms.NOT_AN_ANSWER
    return _detail(turn.asked, turn.text or "", say)


def _wants_change(turn: Turn) -> bool:
    """Change what is known already; "change the address to 8/1 …" with a new one in it is the new one."""
    if turn.text is None or turn.asked is None:
        return True
    if turn.asked == "details_correct":
        return details.evident_change(turn) is None
    return not details.answers(turn.asked, turn)


def _detail(field: str, text: str, say: Say) -> Events:
    everything = details.all_at_once(text)
    if everything is not None:
        return [_kept(name, value) for name, value in everything.items()]
    try:
        return [_kept(field, details.checked(field, text))]
    except BadInput as error:
        say(f"utter_bad_{error.field}_{error.reason}")
        return [SlotSet(field, None)]


def _kept(field: str, value: str) -> Event:
    kept: Event = SlotSet(field, harmless(value))  # the summary is a response that shows these slots
    return kept


def _at_summary(turn: Turn, say: Say) -> Events:
    if turn.intent == "affirm" or (turn.intent == "confirm_order" and turn.text):
        return [SlotSet("details_correct", True)]
    if turn.intent == "deny":
        say("utter_what_is_wrong")
        return [SlotSet("details_correct", None)]
    changed = details.evident_change(turn)
    if changed is None:
        return forms.NOT_AN_ANSWER
    return [_kept(*changed), SlotSet("details_correct", None)]


@action("action_finish_checkout")
async def finish(turn: Turn, say: Say, db: Database) -> Events:
    """All details are known: keep them on the order, show its bill and how to pay."""

    def keep(session: Session) -> Order:
        order = orders.of_customer(session, turn.customer_id, turn.slots["order"])
        if order.state != OrderState.PLACED:
            raise NotAllowed(order, "deliver to")
        return orders.set_delivery(
            session,
            order.id,
            recipient=turn.slots["recipient"],
            phone=turn.slots["phone"],
            address=turn.slots["address"],
        )

    try:
        order = await db.run(keep)
    except NotAllowed as error:
        say("utter_order_closed", order=error.number)
    else:
        pictures = await db.read(catalogue.pictures, [line.variant_id for line in order.lines])
        say.show(cards.bill(order, pictures, turn.language, say))
        await how_to_pay(turn, say, db, order)
        await _another_waits(turn, say, db)
    return [*forms.end(forms.CHECKOUT), SlotSet("order", None), SlotSet("details_needed", False)]


async def _another_waits(turn: Turn, say: Say, db: Database) -> None:
    other = await db.read(orders.awaiting_delivery_details, turn.customer_id)
    if other is not None:
        say("utter_another_order_waits", cards.order_taps(other, turn.language)[:1], order=other.number)


@action("action_give_details")
async def give_details(turn: Turn, say: Say, db: Database) -> Events:
    """A name or an address out of the blue: if an order lacks one, ask for its details in order.

    An order's number looks much like a telephone number; then that order is meant.
    """
    if turn.form is None and turn.text and "order_number" in turn.entities:
        return await show_order(turn, say, db)
    waiting = await db.read(orders.awaiting_delivery_details, turn.customer_id)
    if waiting is None:
        say("utter_no_details_needed")
        return forms.back(turn)
    if turn.form is not None:
        return forms.back(turn)
    say("utter_order_needs_details", order=waiting.number)
    return [SlotSet("order", waiting.number), SlotSet("details_needed", True), FollowupAction(forms.CHECKOUT)]
