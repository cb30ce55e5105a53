"""The cart: look at it, and order what is in it."""

from __future__ import annotations

from rasa_sdk.events import SlotSet
from sqlalchemy.orm import Session

from actions import forms
from actions.choose import show_cart
from actions.registry import action
from actions.say import Say
from actions.turn import Event, Events, Turn
from shop import money, orders
from shop.db import Database
from shop.errors import EmptyCart, NotFound, SoldOut
from shop.models import Order


@action("action_view_cart")
async def view_cart(turn: Turn, say: Say, db: Database) -> Events:
    """Show what is in the cart."""
    await show_cart(turn, say, db)
    return forms.leave_choosing(turn)


@action("action_confirm_order")
async def confirm_order(turn: Turn, say: Say, db: Database) -> Events:
    """Order what is in the cart; with an empty one go on with the order that still lacks an address.

    Sets `details_needed`: whether the details have to be asked for now.
    """
    try:
        order = await db.run(_unfinished if "order_number" in turn.entities else _place_or_go_on, turn)
    except (EmptyCart, NotFound):
        await show_cart(turn, say, db)
        return [_details_needed(False), *forms.leave_choosing(turn)]
    except SoldOut as error:
        response = "utter_only_left" if error.left else "utter_sold_out"
        say(response, product=error.names[turn.language], left=error.left)
        await show_cart(turn, say, db)
        return [_details_needed(False), *forms.leave_choosing(turn)]
    if turn.slots.get("order") != order.number:
        say(
            "utter_order_placed",
            order=order.number,
            total=money.written(order.total, order.currency, turn.language),
        )
    return [SlotSet("order", order.number), _details_needed(True), *_left_behind(turn)]


def _place_or_go_on(session: Session, turn: Turn) -> Order:
    try:
        return orders.place(session, turn.customer_id, cause=turn.cause, now=turn.at)
    except EmptyCart:
        waiting = orders.awaiting_delivery_details(session, turn.customer_id)
        if waiting is None:
            raise
        return waiting


def _unfinished(session: Session, turn: Turn) -> Order:
    """The order whose "Add address" was tapped, if it can still have one."""
    order = orders.of_customer(session, turn.customer_id, turn.entities["order_number"])
    if order.deliverable or order.state != "placed":
        raise NotFound(order.number)
    return order


def _details_needed(needed: bool) -> Event:
    event: Event = SlotSet("details_needed", needed)
    return event


def _left_behind(turn: Turn) -> Events:
    return forms.end(forms.CHOOSE) if turn.form == forms.CHOOSE else []
