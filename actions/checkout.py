"""Where to send an order, and how: the form that asks for it, and what follows once all is known.

What counts as an answer to a question for a name, a phone number or an address is `actions.details`; the choices by
tap are `actions.ways`.
"""

from __future__ import annotations

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.orm import Session

from actions import cards, details, forms, ways
from actions.labels import label
from actions.orders import show_order
from actions.payment import how_to_pay
from actions.registry import action
from actions.say import Say, harmless, tap
from actions.turn import Event, Events, Turn
from shop import addresses, catalogue, delivery, orders, ways_to_pay
from shop.addresses import Address, Delivery
from shop.db import Database
from shop.errors import BadInput, NotAllowed, NotFound
from shop.models import Order
from shop.replies import Button

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
    if turn.asked and forms.wants_back(turn):
        return _one_step_back(turn)
    if turn.intent == "use_address":
        return await _as_before(turn, say, db)
    if turn.intent in _CHANGES and _wants_change(turn):
        field = _CHANGES[turn.intent] if turn.text is None else details.field_named(turn.text)
        return [SlotSet(field, None), *_ask(field)]
    chosen = await db.read(ways.chosen, turn)
    if isinstance(chosen, Address):
        return await _with_address(turn, say, db, chosen)
    if chosen is not None:
        return chosen
    if turn.asked == "details_correct":
        return await _at_summary(turn, say, db)
    if turn.asked not in details.FIELDS or not details.answers(turn.asked, turn):
        return forms.NOT_AN_ANSWER
    return await _detail(turn.asked, turn, say, db)


def _wants_change(turn: Turn) -> bool:
    """Change what is known already; "change the address to 8/1 …" with a new one in it is the new one."""
    if turn.text is None or turn.asked is None:
        return True
    if turn.asked == "details_correct":
        return details.evident_change(turn) is None
    return turn.asked not in details.FIELDS or not details.answers(turn.asked, turn)


def _ask(field: str) -> Events:
    return [SlotSet("details_correct", None), SlotSet("requested_slot", field)]


def _one_step_back(turn: Turn) -> Events:
    """To the question before this one; before the first there is only leaving the form."""
    before = ways.question_before(turn)
    if before is None:
        return [*forms.emptied(forms.CHECKOUT), SlotSet("requested_slot", None)]
    return [SlotSet(before, None), *_ask(before)]


async def _detail(field: str, turn: Turn, say: Say, db: Database) -> Events:
    text = turn.text or ""
    everything = details.all_at_once(text)
    if everything is not None:
        address = everything.pop(details.ADDRESS)
        kept = [_kept(name, value) for name, value in everything.items()]
        return [*kept, *await _typed_address(turn, say, db, address)]
    try:
        if field == details.ADDRESS:
            return await _typed_address(
                turn, say, db, details.with_part(text, turn.slots.get("address_part"))
            )
        return [_kept(field, details.checked(field, text))]
    except BadInput as error:
        say(f"utter_bad_{error.field}_{error.reason}")
        return [SlotSet(field, None)]


async def _typed_address(turn: Turn, say: Say, db: Database, text: str) -> Events:
    """An address that lacks a postal code which cannot be found out is asked for it, once. Raises BadInput."""
    address = addresses.read(details.checked(details.ADDRESS, text))
    if address.postal_code is None and not turn.slots.get("address_part") and not turn.said_before:
        return [SlotSet("address_part", address.text), SlotSet(details.ADDRESS, None), *_ask(details.ADDRESS)]
    return await _with_address(turn, say, db, address)


async def _with_address(turn: Turn, say: Say, db: Database, address: Address) -> Events:
    """Keep the address; what it leaves to choose (how to send, how to pay) is asked next."""
    try:
        to_choose = await db.read(ways.left_to_choose, turn, address)
    except BadInput as error:
        say(f"utter_bad_{error.field}_{error.reason}")
        return [SlotSet(details.ADDRESS, None), *_ask(details.ADDRESS)]
    return [
        _kept(details.ADDRESS, address.text),
        SlotSet("address_part", None),
        SlotSet("place", ways.SETTLED),
        SlotSet("details_correct", None),
        *to_choose,
    ]


async def _as_before(turn: Turn, say: Say, db: Database) -> Events:
    """The address of an earlier order was tapped."""
    found = await db.read(addresses.earlier, turn.customer_id, 20)
    wanted = turn.entities.get("order_number")
    for known in found:
        if known.order_number == wanted:
            return [
                _kept(details.RECIPIENT, known.recipient),
                _kept(details.PHONE, delivery.written_phone(known.phone)),
                *await _with_address(turn, say, db, addresses.read(known.address)),
            ]
    return [SlotSet(details.RECIPIENT, None), *_ask(details.RECIPIENT)]


def _kept(field: str, value: str) -> Event:
    kept: Event = SlotSet(field, harmless(value))  # the summary is a response that shows these slots
    return kept


async def _at_summary(turn: Turn, say: Say, db: Database) -> Events:
    if turn.intent == "affirm" or (turn.intent == "confirm_order" and turn.text):
        return [SlotSet("details_correct", True)]
    if turn.intent == "deny":
        say("utter_what_is_wrong")
        return [SlotSet("details_correct", None)]
    changed = details.evident_change(turn)
    if changed is None:
        return forms.NOT_AN_ANSWER
    field, value = changed
    if field == details.ADDRESS:
        return await _with_address(turn, say, db, addresses.read(value))
    return [_kept(field, value), SlotSet("details_correct", None)]


@action("action_ask_recipient")
async def ask_recipient(turn: Turn, say: Say, db: Database) -> Events:
    """Ask who it is for, and offer where earlier orders went."""
    known = await db.read(addresses.earlier, turn.customer_id)
    if not known:
        say("utter_ask_recipient")
        return []
    lines = "\n".join(f"{number}) {_on_one_line(where)}" for number, where in enumerate(known, 1))
    say("utter_ask_recipient_again", _earlier_taps(known, turn.language), addresses=lines)
    return []


def _on_one_line(where: Delivery) -> str:
    return f"{where.recipient} {delivery.written_phone(where.phone)} {where.address}"


def _earlier_taps(known: list[Delivery], language: str) -> list[Button]:
    if len(known) == 1:
        return [tap(label("same_address", language), "use_address", order_number=known[0].order_number)]
    return [
        tap(label("send_to_number", language, number=number), "use_address", order_number=where.order_number)
        for number, where in enumerate(known, 1)
    ]


@action("action_ask_address")
async def ask_address(turn: Turn, say: Say, db: Database) -> Events:
    """Ask for the address, or only for the postal code that one lacks."""
    part = turn.slots.get("address_part")
    if part:
        say("utter_ask_postal_code", typed=part)
    else:
        say("utter_ask_address")
    return []


@action("action_finish_checkout")
async def finish(turn: Turn, say: Say, db: Database) -> Events:
    """All details are known: keep them on the order, show its bill and how to pay."""
    if not turn.slots.get(details.RECIPIENT):
        return await _left_unfinished(turn, say, db)
    try:
        order = await db.run(_keep, turn)
    except NotAllowed as error:
        say("utter_order_closed", order=error.number)
    else:
        pictures = await db.read(catalogue.pictures, [line.variant_id for line in order.lines])
        say.show(cards.bill(order, pictures, turn.language, say))
        await how_to_pay(turn, say, db, order)
        await _another_waits(turn, say, db)
    return [*forms.end(forms.CHECKOUT), SlotSet("order", None), SlotSet("details_needed", False)]


def _keep(session: Session, turn: Turn) -> Order:
    """The details and the way to pay. Both may be said again; what the shop has stopped offering is passed over."""
    order = orders.of_customer(session, turn.customer_id, turn.slots["order"])
    pay_by = turn.slots.get("pay_by") or order.payment_method
    if pay_by in ways_to_pay.methods(session, order):
        ways_to_pay.choose(session, order.id, pay_by, by="customer", now=turn.at)
    address = addresses.read(turn.slots["address"])
    method = turn.slots.get("ship_by")
    return orders.set_delivery(
        session,
        order.id,
        recipient=turn.slots["recipient"],
        phone=turn.slots["phone"],
        address=turn.slots["address"],
        province=address.province,
        postal_code=address.postal_code,
        shipping_method_id=int(method) if method else None,
    )


async def _left_unfinished(turn: Turn, say: Say, db: Database) -> Events:
    """The customer went back from the first question: the order stays, its details can be given any time."""
    try:
        order = await db.read(orders.of_customer, turn.customer_id, turn.slots.get("order") or "")
    except NotFound:
        pass
    else:
        say("utter_details_later", cards.order_taps(order, turn.language), order=order.number)
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
