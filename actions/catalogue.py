"""Questions about the goods: what there is, what it costs, what is left."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.events import SlotSet
from sqlalchemy.orm import Session

from actions import cards, forms, menu
from actions.registry import action
from actions.say import Say
from actions.turn import Events, Turn
from shop import catalogue, search
from shop.db import Database
from shop.errors import NotFound
from shop.models import Product, Shop
from shop.replies import Button


def meant(session: Session, turn: Turn) -> Sequence[Product]:
    """The products that the customer's words name; none if they name none."""
    if "product" in turn.entities:
        return _by_id_or_name(session, turn)
    return search.find(session, turn.text, traits(turn)) if turn.text else ()


def traits(turn: Turn) -> list[str]:
    """The colour and size that the customer named."""
    return [turn.entities[name] for name in ("colour", "size") if name in turn.entities]


def shown_last(session: Session, turn: Turn) -> Sequence[Product]:
    """The product the talk was about last, for "how much is it?"."""
    try:
        return [catalogue.product_on_sale(session, int(turn.slots["chosen_product"]))]
    except (KeyError, TypeError, ValueError, NotFound):
        return ()


def remembered(found: Sequence[Product]) -> Events:
    """One product was talked about: "this one" means it from now on."""
    return [SlotSet("chosen_product", str(found[0].id))] if len(found) == 1 else []


@action("action_products")
async def products(turn: Turn, say: Say, db: Database) -> Events:
    """Show the products as cards: those that were named, or all."""

    def read(session: Session) -> tuple[Shop, Sequence[Product]]:
        named = meant(session, turn) if turn.text else ()
        return catalogue.the_shop(session), named or catalogue.products_on_sale(session)

    shop, found = await db.read(read)
    if not found:
        say("utter_no_products")
        return forms.leave_choosing(turn)
    say.show(cards.products(shop, found, turn.language, say))
    return [*remembered(found), *forms.leave_choosing(turn)]


@action("action_ask_price")
async def ask_price(turn: Turn, say: Say, db: Database) -> Events:
    """Say what the product meant costs, or show the prices of all."""
    return await _tell(turn, say, db, "utter_price")


@action("action_ask_stock")
async def ask_stock(turn: Turn, say: Say, db: Database) -> Events:
    """Say what is left of the product meant, or of all."""
    return await _tell(turn, say, db, "utter_stock")


async def _tell(turn: Turn, say: Say, db: Database, response: str) -> Events:
    def read(session: Session) -> tuple[Shop, Sequence[Product], list[Button]]:
        named = meant(session, turn) or shown_last(session, turn) or catalogue.products_on_sale(session)
        return catalogue.the_shop(session), named, menu.taps(session, turn.language)

    shop, found, taps = await db.read(read)
    lines = [
        f"{product.name(turn.language)} {cards.price(shop, product, turn.language)} "
        f"({cards.stock(sum(variant.stock for variant in product.variants), turn.language)})"
        for product in found
    ]
    if not lines:
        say("utter_no_products")
    elif len(lines) == 1:
        say(response, goods=lines[0])
        say.show(cards.products(shop, found, turn.language, say))
    else:  # an answer, not the shop window: one text, and the tap that opens the window
        say(response, taps=[] if turn.form else taps[:1], goods="\n".join(lines))
    return [*remembered(found), *forms.back(turn)]


def _by_id_or_name(session: Session, turn: Turn) -> Sequence[Product]:
    name = turn.entities["product"]
    if turn.text is None:
        try:
            return [catalogue.product_on_sale(session, int(name))]
        except (ValueError, NotFound):
            return ()
    return search.find(session, name, traits(turn)) or search.find(session, turn.text, traits(turn))
