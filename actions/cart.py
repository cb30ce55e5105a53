"""The cart: look at it, change it, and order what is in it."""

from __future__ import annotations

import re

from rasa_sdk.events import SlotSet
from sqlalchemy.orm import Session

from actions import cards, forms
from actions.catalogue import traits
from actions.handoff import call_person
from actions.labels import label
from actions.registry import action
from actions.say import Say, tap
from actions.showcart import show_cart
from actions.turn import Event, Events, Turn
from shop import carts, catalogue, money, orders, search
from shop.db import Database
from shop.errors import EmptyCart, NotFound, OtherPrices, SellerBills, SoldOut
from shop.models import Order
from shop.replies import Cards

_EVERYTHING = re.compile(r"ล้าง|ทั้งหมด|ทุกอย่าง|หมดเลย|\b(?:clear|empty|everything|all)\b", re.IGNORECASE)
_OUT = re.compile(r"ออก|ลบ|ไม่เอา|\b(?:remove|delete|without|take\b.*\bout|drop)\b", re.IGNORECASE)


@action("action_view_cart")
async def view_cart(turn: Turn, say: Say, db: Database) -> Events:
    """Show what is in the cart; a form's open question comes again below it."""
    await show_cart(turn, say, db)
    return forms.back(turn)


@action("action_edit_cart")
async def edit_cart(turn: Turn, say: Say, db: Database) -> Events:
    """Take out what was tapped or named, or all; else show the cart with taps to change each line."""
    if await db.run(_taken_out, turn):
        await show_cart(turn, say, db)
        return forms.leave_choosing(turn)

    def read(session: Session) -> Cards:
        cart = carts.lines(session, turn.customer_id)
        return cards.cart_cards(catalogue.the_shop(session), cart, turn.language, say)

    shown = await db.read(read)
    if not shown.cards:
        await show_cart(turn, say, db)
        return forms.leave_choosing(turn)
    say.show(shown)
    confirm = tap(label("confirm_order", turn.language), "confirm_order")
    clear = tap(label("clear_cart", turn.language), "edit_cart", remove="all")
    say("utter_edit_cart", [confirm, clear])
    return forms.leave_choosing(turn)


def _taken_out(session: Session, turn: Turn) -> bool:
    """Whether the turn said what shall leave the cart; then it has."""
    wanted = turn.entities.get("remove", "")
    words = turn.text or ""
    if wanted == "all" or (_EVERYTHING.search(words) and "product" not in turn.entities):
        carts.clear(session, turn.customer_id)
        return True
    if wanted.isdecimal():
        carts.remove(session, turn.customer_id, int(wanted))
        return True
    named = _named_lines(session, turn) if _OUT.search(words) else []
    for variant_id in named:
        carts.remove(session, turn.customer_id, variant_id)
    return bool(named)


def _named_lines(session: Session, turn: Turn) -> list[int]:
    cart = carts.lines(session, turn.customer_id)
    name = turn.entities.get("product") or turn.text or ""
    products = {product.id for product in search.find(session, name, traits(turn))}
    variants = [line.variant for line in cart if line.variant.product_id in products]
    return [variant.id for variant in search.fitting(variants, traits(turn))]


@action("action_confirm_order")
async def confirm_order(turn: Turn, say: Say, db: Database) -> Events:
    """Order what is in the cart; with an empty one go on with the order that still lacks an address.

    Sets `details_needed`: whether the details have to be asked for now.
    """
    try:
        order = await db.run(_unfinished if "order_number" in turn.entities else _place_or_go_on, turn)
    except SellerBills:
        await show_cart(turn, say, db)
        await call_person(turn, say, db, "utter_seller_bills")
        return [_details_needed(False), *forms.leave_choosing(turn)]
    except (EmptyCart, NotFound, OtherPrices, SoldOut):
        await show_cart(turn, say, db)  # says what has changed since the customer looked
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
