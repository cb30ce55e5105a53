"""Questions about the goods: what there is, what it costs, what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rasa_sdk.events import SlotSet
from sqlalchemy.orm import Session

from actions import cards, forms, menu
from actions.labels import label
from actions.registry import action
from actions.say import Say, tap
from actions.turn import Events, Turn
from shop import catalogue, search
from shop.db import Database
from shop.errors import NotFound
from shop.models import Product, Shop
from shop.replies import Button

#: Of a product with more choices only the whole is told.
_MOST_CHOICES = 12


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


@dataclass(frozen=True)
class _Window:
    """What is shown of the shop, and the taps to the rest of it."""

    shop: Shop
    products: Sequence[Product]
    taps: list[Button]


@action("action_products")
async def products(turn: Turn, say: Say, db: Database) -> Events:
    """Show products as cards: those that were named, those of a category, or all, so many at a time."""
    window = await db.read(_window, turn)
    if not window.products:
        say("utter_no_products")
        return forms.leave_choosing(turn)
    say.show(cards.products(window.shop, window.products, turn, say))
    if window.taps:
        say("utter_more_products", window.taps)
    return [*remembered(window.products), *forms.leave_choosing(turn)]


def _window(session: Session, turn: Turn) -> _Window:
    shop = catalogue.the_shop(session)
    named = meant(session, turn) if turn.text else ()
    if named:
        return _Window(shop, named, [])
    category = _category(session, turn)
    page = catalogue.products_page(session, category_id=category, after_id=_number(turn, "after"))
    return _Window(shop, page.products, _ways_on(session, turn.language, category, page.after_id))


def _category(session: Session, turn: Turn) -> int | None:
    if turn.text is None:
        return _number(turn, "category")
    found = search.category(session, turn.text)
    return found.id if found else None


def _ways_on(session: Session, language: str, category: int | None, after: int | None) -> list[Button]:
    """The next page, and the categories, where there is more than one page."""
    if after is None and category is None:
        return []
    here = {} if category is None else {"category": category}
    taps = [] if after is None else [tap(label("more", language), "products", after=after, **here)]
    others = [found for found in catalogue.categories(session) if found.id != category]
    return taps + [tap(found.name(language), "products", category=found.id) for found in others]


def _number(turn: Turn, entity: str) -> int | None:
    value = turn.entities.get(entity, "")
    return int(value) if value.isdecimal() else None


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
        named = meant(session, turn) or shown_last(session, turn) or catalogue.products_page(session).products
        return catalogue.the_shop(session), named, menu.taps(session, turn.language)

    shop, found, taps = await db.read(read)
    if not found:
        say("utter_no_products")
        return forms.back(turn)
    if len(found) == 1:
        lines = _choices(shop, found[0], turn, every=response == "utter_stock")
        say(response, goods="\n".join(lines))
        say.show(cards.products(shop, found, turn, say))
    else:  # an answer, not the shop window: one text, and the tap that opens the window
        lines = [cards.goods(shop, product, turn.language) for product in found]
        say(response, taps=[] if turn.form else taps[:1], goods="\n".join(lines))
    return [*remembered(found), *forms.back(turn)]


def _choices(shop: Shop, product: Product, turn: Turn, *, every: bool) -> list[str]:
    """A line about the product, or about each of its choices that the customer named ("the black one in M?").

    `every`: about each of all choices, if none was named and they can still be overlooked.
    """
    fitting = search.fitting(product.offered, traits(turn))
    named = len(fitting) < len(product.offered)
    if len(fitting) > _MOST_CHOICES or not (named or (every and len(fitting) > 1)):
        return [cards.goods(shop, product, turn.language)]
    return [cards.choice(shop, variant, turn.language) for variant in fitting]


def _by_id_or_name(session: Session, turn: Turn) -> Sequence[Product]:
    name = turn.entities["product"]
    if turn.text is None:
        try:
            return [catalogue.product_on_sale(session, int(name))]
        except (ValueError, NotFound):
            return ()
    return search.find(session, name, traits(turn)) or search.find(session, turn.text, traits(turn))
