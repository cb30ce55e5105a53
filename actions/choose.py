"""Choosing what to buy: the form that asks for options and how many, started by "Buy Now" or by "2 black shirts"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.orm import Session

from actions import cards, forms, menu
from actions.catalogue import meant, shown_last, traits
from actions.numbers import number_in
from actions.registry import action
from actions.say import Say
from actions.showcart import show_cart
from actions.turn import Events, Turn
from shop import carts, catalogue, money, search
from shop.db import Database
from shop.errors import BadInput, NotFound, SoldOut
from shop.models import Product, Variant
from shop.replies import Cards

#: What starts a choice; in the middle of one it starts another.
_STARTS = ("buy_now", "choose_quantity", "choose_option")
#: "none of it", as the answer to any question of the form.
_NOTHING = 0


@dataclass(frozen=True)
class _Choice:
    """How far a customer's words decide what to buy: the variants of one product that it may be; none: no product."""

    variants: Sequence[Variant] = ()

    @property
    def product(self) -> str | None:
        return str(self.variants[0].product_id) if self.variants else None

    @property
    def variant(self) -> Variant | None:
        return self.variants[0] if len(self.variants) == 1 else None


@action("validate_choose_form")
async def validate(turn: Turn, say: Say, db: Database) -> Events:
    """Read the variant and the quantity from what was tapped or typed."""
    if not turn.is_answer:
        return [SlotSet("chosen_product", turn.slots.get("chosen_product"))]
    if turn.asked and forms.wants_back(turn):
        return await db.read(_one_step_back, turn)
    if turn.asked and turn.text and turn.intent in ("cancel_order", "deny"):
        return _chosen_nothing()
    number = _quantity(turn)
    if turn.asked == "chosen_variant" and turn.text and "product" not in turn.entities:
        # "M please" narrows what is being chosen, though by itself it would start another choice.
        choice = await db.read(_option_named, turn)
        if choice.variants:
            return _chosen(choice, number if number is not None else _said_before(turn, choice))
    if turn.intent in _STARTS:
        choice = await db.read(_choice, turn)
        if number is not None and choice.variant is None and not _names_something(turn):
            choice = await db.read(_in_progress, turn, choice)
        return _chosen(choice, number if number is not None else _said_before(turn, choice))
    if turn.asked == "chosen_quantity" and turn.text and number is not None:
        return [SlotSet("chosen_quantity", number)]
    if turn.asked == "chosen_variant" and turn.text and "product" in turn.entities:
        choice = await db.read(_option_named, turn)
        if choice.variants:
            return _chosen(choice, _said_before(turn, choice))
    return forms.NOT_AN_ANSWER


@action("action_ask_chosen_variant")
async def ask_variant(turn: Turn, say: Say, db: Database) -> Events:
    """Ask for the first option that is still open, by taps."""
    product, variants = await db.read(_still_possible, turn)
    name = product.name(turn.language)
    option = _open_option(variants)
    if option is None:
        say("utter_which_variant", cards.variant_taps(variants, turn.language), product=name)
    elif option < len(product.options):
        taps = cards.option_taps(variants, option, turn.language)
        say("utter_which_option", taps, product=name, option=product.options[option][turn.language])
    else:
        say("utter_which_variant", cards.option_taps(variants, option, turn.language), product=name)
    return []


@action("action_ask_chosen_quantity")
async def ask_quantity(turn: Turn, say: Say, db: Database) -> Events:
    """Ask how many, by taps for small numbers."""

    def read(session: Session) -> tuple[Variant, str]:
        variant = catalogue.variant_on_sale(session, int(turn.slots["chosen_variant"]))
        return variant, catalogue.the_shop(session).currency

    variant, currency = await db.read(read)
    say(
        "utter_how_many",
        cards.quantity_taps(variant),
        product=variant.name(turn.language),
        price=money.written(variant.price, currency, turn.language),
        left=variant.stock,
    )
    return []


@action("action_put_in_cart")
async def put_in_cart(turn: Turn, say: Say, db: Database) -> Events:
    """The form is over: put the choice into the cart, or say why that cannot be and what else there is."""
    variant, quantity = turn.slots.get("chosen_variant"), turn.slots.get("chosen_quantity")
    if quantity == _NOTHING:
        return await _put_nothing(turn, say, db)
    if variant is None or quantity is None:
        await _show_what_there_is(turn, say, db)
        return forms.end(forms.CHOOSE)
    try:
        await db.run(carts.put, turn.customer_id, int(variant), int(quantity))
    except SoldOut as error:
        return _too_many(turn, say, error)
    except BadInput:
        say("utter_bad_quantity", most=carts.MOST_OF_ONE)
        return [SlotSet("chosen_quantity", None), FollowupAction(forms.CHOOSE)]
    except NotFound:
        await _show_what_there_is(turn, say, db)
        return forms.end(forms.CHOOSE)
    await show_cart(turn, say, db)
    return forms.end(forms.CHOOSE)


async def _put_nothing(turn: Turn, say: Say, db: Database) -> Events:
    """ "0" for something that is in the cart takes it out."""
    variant = turn.slots.get("chosen_variant")
    if variant is not None and turn.intent not in ("cancel_order", "deny"):
        await db.run(carts.remove, turn.customer_id, int(variant))
        await show_cart(turn, say, db)
    else:
        say("utter_choosing_stopped", await db.read(menu.taps, turn.language))
    return forms.end(forms.CHOOSE)


def _quantity(turn: Turn) -> int | None:
    """The number tapped or typed; the entity first, because "size 40, 2 pieces" holds two numbers."""
    for words in (turn.entities.get("quantity"), turn.text):
        if words and (number := number_in(words)) is not None:
            return number
    return None


def _names_something(turn: Turn) -> bool:
    return any(name in turn.entities for name in ("product", "variant", "colour", "size"))


def _said_before(turn: Turn, choice: _Choice) -> int | None:
    """The quantity of "2 T-shirts", said before the size was asked for."""
    same = turn.asked == "chosen_variant" and turn.slots.get("chosen_product") == choice.product
    quantity: int | None = turn.slots.get("chosen_quantity") if same else None
    return quantity


def _in_progress(session: Session, turn: Turn, otherwise: _Choice) -> _Choice:
    """What was chosen before "2 pieces please" was typed as the answer to "how many?"."""
    variant = turn.slots.get("chosen_variant")
    return _Choice([catalogue.variant_on_sale(session, int(variant))]) if variant else otherwise


def _choice(session: Session, turn: Turn) -> _Choice:
    """What the words or the tap that start a choice decide."""
    try:
        if "variant" in turn.entities:
            return _Choice([catalogue.variant_on_sale(session, int(turn.entities["variant"]))])
        if turn.intent == "choose_option":
            return _narrowed(session, turn)
    except (NotFound, ValueError, IndexError):
        return _Choice()
    found = meant(session, turn)
    if not found and "product" not in turn.entities:  # "I'll take this one"
        found = shown_last(session, turn)
    return _left(search.fitting(found[0].offered, traits(turn))) if len(found) == 1 else _Choice()


def _narrowed(session: Session, turn: Turn) -> _Choice:
    """A value of one option was tapped: of what was still possible, the variants that have it.

    Raises NotFound, ValueError, IndexError for a tap from before the seller changed the product.
    """
    product = catalogue.product_on_sale(session, int(turn.entities["product"]))
    option, value = int(turn.entities["option"]), turn.entities["value"]
    having = [variant for variant in product.offered if variant.values[option]["th"] == value]
    possible = _among(turn, product)
    return _left([variant for variant in having if variant in possible] or having)


def _option_named(session: Session, turn: Turn) -> _Choice:
    """What is left after an option was typed as the answer to "which one?"; no variants if the words name none."""
    _, possible = _still_possible(session, turn)
    fitting = search.fitting(possible, traits(turn) or (turn.text or "").split() or [""])
    return _left(fitting) if len(fitting) < len(possible) else _Choice()


def _still_possible(session: Session, turn: Turn) -> tuple[Product, Sequence[Variant]]:
    product = catalogue.product_on_sale(session, int(turn.slots["chosen_product"]))
    return product, _among(turn, product)


def _among(turn: Turn, product: Product) -> Sequence[Variant]:
    """The product's variants that the options chosen so far leave."""
    among = turn.slots.get("chosen_among") or []
    if turn.slots.get("chosen_product") != str(product.id):
        among = []
    return [variant for variant in product.offered if variant.id in among] or product.offered


def _left(variants: Sequence[Variant]) -> _Choice:
    """Those that are not sold out; of sold-out ones the first, for the cart to say so by its name."""
    return _Choice([variant for variant in variants if variant.stock] or list(variants[:1]))


def _open_option(variants: Sequence[Variant]) -> int | None:
    """The number of the first option in which the variants differ."""
    shared = min((len(variant.values) for variant in variants), default=0)
    alike = takewhile(
        lambda option: len({variant.values[option]["th"] for variant in variants}) == 1, range(shared)
    )
    option = len(list(alike))
    return option if option < shared else None


def _one_step_back(session: Session, turn: Turn) -> Events:
    """From "how many?" to the options, if there were any; else to the products."""
    product = catalogue.product_on_sale(session, int(turn.slots["chosen_product"]))
    if turn.asked == "chosen_quantity" and len(product.offered) > 1:
        return [SlotSet(slot, None) for slot in ("chosen_among", "chosen_variant", "chosen_quantity")]
    return _chosen(_Choice(), None)


def _chosen(choice: _Choice, number: int | None) -> Events:
    """Fill the form's slots. Without a product there is nothing to ask, so it ends and the products are shown."""
    if choice.product is None:
        return [*forms.emptied(forms.CHOOSE), SlotSet("requested_slot", None)]
    variant = choice.variant
    return [
        SlotSet("chosen_product", choice.product),
        SlotSet("chosen_among", [possible.id for possible in choice.variants]),
        SlotSet("chosen_variant", None if variant is None else str(variant.id)),
        # How many of nothing need not be asked: the cart will refuse it, and that is what the customer is told.
        SlotSet("chosen_quantity", 1 if variant is not None and not variant.stock else number),
    ]


def _chosen_nothing() -> Events:
    return [
        SlotSet("chosen_variant", None),
        SlotSet("chosen_quantity", _NOTHING),
        SlotSet("requested_slot", None),
    ]


def _too_many(turn: Turn, say: Say, error: SoldOut) -> Events:
    name = error.names[turn.language]
    if error.left == 0:
        say("utter_sold_out", product=name)
        return forms.end(forms.CHOOSE)
    say("utter_only_left", product=name, left=error.left)
    return [SlotSet("chosen_quantity", None), FollowupAction(forms.CHOOSE)]


async def _show_what_there_is(turn: Turn, say: Say, db: Database) -> None:
    """The products that may have been meant, or all, to choose from by tap; the taps keep what was said already."""
    said = {name: turn.entities[name] for name in ("quantity", "colour", "size") if name in turn.entities}

    def read(session: Session) -> Cards:
        found = meant(session, turn) or catalogue.products_page(session).products
        return cards.products(catalogue.the_shop(session), found, turn, say, said)

    window = await db.read(read)
    if window.cards:
        say("utter_which_product")
        say.show(window)
    else:
        say("utter_no_products")
