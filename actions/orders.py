"""The customer's orders: the list, one of them, cancelling one."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.orm import Session

from actions import cards, forms, menu
from actions.labels import label
from actions.registry import action
from actions.say import Say, tap
from actions.showcart import show_cart
from actions.turn import Events, Turn
from shop import delivery, money, orders
from shop.db import Database
from shop.errors import NotAllowed, NotFound
from shop.models import Order
from shop.words import status_lines


@action("action_view_orders")
async def view_orders(turn: Turn, say: Say, db: Database) -> Events:
    """The latest orders as cards; the one whose number was typed in full."""
    if "order_number" in turn.entities:
        return await show_order(turn, say, db)
    found = await db.read(orders.latest, turn.customer_id)
    if found:
        say.show(cards.orders(found, turn.language))
    else:
        say("utter_no_orders", await db.read(menu.taps, turn.language))
    return forms.leave_choosing(turn)


@action("action_show_order")
async def show_order(turn: Turn, say: Say, db: Database) -> Events:
    """One order: what was bought, where it goes, how it stands, what can be done."""
    try:
        order = await db.read(orders.of_customer, turn.customer_id, turn.entities.get("order_number", ""))
    except NotFound:
        say("utter_order_not_found", await db.read(menu.taps, turn.language))
        return forms.leave_choosing(turn)
    say(
        "utter_order",
        cards.order_taps(order, turn.language),
        order=order.number,
        lines=cards.order_lines(order, turn.language),
        total=money.written(order.total, order.currency, turn.language),
        status=status_lines(order, turn.language),
        send_to=_send_to(order, turn.language),
    )
    return forms.leave_choosing(turn)


@action("action_order_again")
async def order_again(turn: Turn, say: Say, db: Database) -> Events:
    """Put what an earlier order had into the cart again, and say what of it is not to be had."""
    try:
        again = await db.run(orders.again, turn.customer_id, turn.entities.get("order_number", ""))
    except NotFound:
        say("utter_order_not_found", await db.read(menu.taps, turn.language))
        return forms.leave_choosing(turn)
    for names in again.missing:
        say("utter_not_to_be_had_again", product=names[turn.language])
    await show_cart(turn, say, db)
    return forms.leave_choosing(turn)


@action("validate_cancel_form")
async def validate_cancel(turn: Turn, say: Say, db: Database) -> Events:
    """Which order to cancel, and whether the customer is sure."""
    if not turn.is_answer:
        return [SlotSet("cancel_sure", None)]
    if turn.asked and forms.wants_back(turn):
        return [SlotSet("cancel_sure", False), SlotSet("requested_slot", None)]
    if turn.intent == "cancel_now":
        return [
            SlotSet("cancel_order_number", turn.entities.get("order_number", "")),
            SlotSet("cancel_sure", True),
        ]
    if turn.intent == "cancel_order":
        return _which(await db.read(_cancellable, turn))
    if turn.asked == "cancel_sure" and turn.intent in ("affirm", "deny"):
        return [SlotSet("cancel_sure", turn.intent == "affirm")]
    if turn.asked == "cancel_order_number" and "order_number" in turn.entities:
        return _which(await db.read(_cancellable, turn))
    if turn.asked == "cancel_order_number" and turn.intent == "deny":
        return [SlotSet("cancel_sure", False), SlotSet("requested_slot", None)]
    return forms.NOT_AN_ANSWER


@action("action_ask_cancel_order_number")
async def ask_which(turn: Turn, say: Say, db: Database) -> Events:
    """Ask which of several orders to cancel, by taps."""
    found = await db.read(_cancellable, turn)
    choices = [(order.number, order.total, order.currency) for order in found]
    say("utter_cancel_which_order", cards.order_choices(choices, "cancel_order", turn.language))
    return []


@action("action_ask_cancel_sure")
async def ask_sure(turn: Turn, say: Say, db: Database) -> Events:
    """Ask before cancelling; the tap names the order, so that an old tap cannot cancel another one."""
    number = turn.slots["cancel_order_number"]
    order = await db.read(orders.of_customer, turn.customer_id, number)
    say(
        "utter_cancel_sure",
        [
            tap(label("cancel_now", turn.language), "cancel_now", order_number=number),
            tap(label("keep_order", turn.language), "deny"),
        ],
        order=number,
        total=money.written(order.total, order.currency, turn.language),
    )
    return []


@action("action_finish_cancel")
async def finish_cancel(turn: Turn, say: Say, db: Database) -> Events:
    """Cancel the order if the customer is sure; else go on with what was being done."""
    number, sure = turn.slots.get("cancel_order_number"), turn.slots.get("cancel_sure")
    asked_for = turn.slots.get("order")
    over = forms.end(forms.CANCEL)
    if sure is False:
        say("utter_not_cancelled")
        return [*over, *_resume(asked_for)]
    if not number:
        say("utter_nothing_to_cancel", await db.read(menu.taps, turn.language))
        return over
    try:
        order = await db.run(_cancel, turn, number)
    except NotFound:
        say("utter_order_not_found", await db.read(menu.taps, turn.language))
        return [*over, *_resume(asked_for)]
    except NotAllowed as error:
        say("utter_cannot_cancel", order=error.number)
        return [*over, *_resume(asked_for)]
    say("utter_cancelled", await db.read(menu.taps, turn.language), order=order.number)
    if order.number != asked_for:
        return [*over, *_resume(asked_for)]
    return [*over, *forms.emptied(forms.CHECKOUT), SlotSet("order", None), SlotSet("details_needed", False)]


def _cancel(session: Session, turn: Turn, number: str) -> Order:
    order = orders.of_customer(session, turn.customer_id, number)
    return orders.cancel(session, order.id, now=turn.at)


def _cancellable(session: Session, turn: Turn) -> Sequence[Order]:
    """The order that was named, or is being completed, else all that can be cancelled, newest first."""
    named = turn.entities.get("order_number") or (turn.intent == "cancel_order" and turn.slots.get("order"))
    if named:
        try:
            return [orders.of_customer(session, turn.customer_id, named)]
        except NotFound:
            pass
    latest = orders.latest(session, turn.customer_id)
    return [order for order in latest if orders.nothing_was_paid(order)]


def _which(found: Sequence[Order]) -> Events:
    """One order needs no choice; with none the form has nothing to ask and ends."""
    if not found:
        return [*forms.emptied(forms.CANCEL), SlotSet("requested_slot", None)]
    return [
        SlotSet("cancel_order_number", found[0].number if len(found) == 1 else None),
        SlotSet("cancel_sure", None),
    ]


def _resume(number: str | None) -> Events:
    """Ask on for the details of the order that was being completed."""
    return [FollowupAction(forms.CHECKOUT)] if number else []


def _send_to(order: Order, language: str) -> str:
    if not order.deliverable or order.phone is None:
        return label("no_address", language)
    return f"{order.recipient} {delivery.written_phone(order.phone)}\n{order.address}"
