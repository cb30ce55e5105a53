"""The web store: the way there, and what the chat says about what happened in it."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction, SlotSet

from actions import cards, forms
from actions.handoff import go_on
from actions.labels import label
from actions.payment import how_to_pay
from actions.registry import action
from actions.say import Say
from actions.showcart import show_cart
from actions.turn import Events, Turn
from shop import catalogue, money, orders
from shop.db import Database
from shop.models import Order
from shop.replies import Button
from shop.store_visits import News
from shop.words import payment_word


@action("action_open_store")
async def open_store(turn: Turn, say: Say, db: Database) -> Events:
    """Give the customer their own way into the store."""
    say("utter_open_store", [Button(label("open_store", turn.language), url=say.store(turn))])
    return forms.leave_choosing(turn)


@action("action_store_news")
async def store_news(turn: Turn, say: Say, db: Database) -> Events:
    """Say what the customer did in the store, and go on from there."""
    news = News(turn.entities["news"])
    if news == News.CART:
        await show_cart(turn, say, db)
        return forms.leave_choosing(turn)
    order = await db.read(orders.of_customer, turn.customer_id, turn.entities["order_number"])
    if news == News.BILL:
        return await _bill(turn, say, db, order)
    if news == News.SLIP:
        say("utter_slip_received", order=order.number, state=payment_word(order.payment_state, turn.language))
        return await go_on(turn, db)
    total = money.written(order.total, order.currency, turn.language)
    say("utter_order_placed", order=order.number, total=total)
    if turn.form is not None or order.deliverable:
        return forms.back(turn)
    return [SlotSet("order", order.number), SlotSet("details_needed", True), FollowupAction(forms.CHECKOUT)]


async def _bill(turn: Turn, say: Say, db: Database, order: Order) -> Events:
    """The order is complete: if the chat was asking for its address, that question is answered."""
    pictures = await db.read(catalogue.pictures, [line.variant_id for line in order.lines])
    say.show(cards.bill(order, pictures, turn.language, say))
    await how_to_pay(turn, say, db, order)
    if turn.form == forms.CHECKOUT and turn.slots.get("order") == order.number:
        return [*forms.end(forms.CHECKOUT), SlotSet("order", None), SlotSet("details_needed", False)]
    return forms.leave_choosing(turn)
