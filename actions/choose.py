"""Choosing what to buy: the form that asks which variant and how many, started by "Buy Now" or by "2 black shirts"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.orm import Session

from actions import cards, forms, menu
from actions.catalogue import meant, shown_last, traits
from actions.numbers import number_in
from actions.registry import action
from actions.say import Say
from actions.turn import Events, Turn
from shop import carts, catalogue, money, search
from shop.db import Database
from shop.errors import BadInput, NotFound, SoldOut
from shop.models import CartLine, Shop, Variant
from shop.replies import Button, Cards

#: What starts a choice; in the middle of one it starts another.
_STARTS = ("buy_now", "choose_quantity")


@dataclass(frozen=True)
class _Choice:
    """How far a customer's words decide what to buy: up to the product, or up to the variant."""

    product: int | None = None
    variant: int | None = None
    sold_out: bool = False


@action("validate_choose_form")
async def validate(turn: Turn, say: Say, db: Database) -> Events:
    """Read the variant and the quantity from what was tapped or typed."""
    if not turn.is_answer:
        return [SlotSet("chosen_product", turn.slots.get("chosen_product"))]
    number = _quantity(turn)
    if turn.intent in _STARTS:
        choice = await db.read(_choice, turn)
        if number is not None and choice.variant is None and not _names_something(turn):
            choice = _in_progress(turn) or choice
        return _chosen(choice, number if number is not None else _asked_before(turn, choice))
    if turn.asked == "chosen_quantity" and turn.text and number is not None:
        return [SlotSet("chosen_quantity", number)]
    if turn.asked == "chosen_variant" and turn.text:
        choice = await db.read(_option_named, turn)
        if choice.variant is not None:
            return _chosen(choice, _asked_before(turn, choice))
    return forms.NOT_AN_ANSWER


@action("action_ask_chosen_variant")
async def ask_variant(turn: Turn, say: Say, db: Database) -> Events:
    """Ask which of the product's variants it shall be, by taps."""

    def read(session: Session) -> tuple[str, list[Variant]]:
        product = catalogue.product_on_sale(session, int(turn.slots["chosen_product"]))
        return product.name(turn.language), product.variants

    name, variants = await db.read(read)
    say("utter_which_variant", cards.variant_taps(variants, turn.language), product=name)
    return []


@action("action_ask_chosen_quantity")
async def ask_quantity(turn: Turn, say: Say, db: Database) -> Events:
    """Ask how many, by taps for small numbers."""
    variant = await db.read(catalogue.variant_on_sale, int(turn.slots["chosen_variant"]))
    say(
        "utter_how_many",
        cards.quantity_taps(variant),
        product=variant.name(turn.language),
        left=variant.stock,
    )
    return []


@action("action_put_in_cart")
async def put_in_cart(turn: Turn, say: Say, db: Database) -> Events:
    """The form is over: put the choice into the cart, or say why that cannot be and what else there is."""
    variant, quantity = turn.slots.get("chosen_variant"), turn.slots.get("chosen_quantity")
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


async def show_cart(turn: Turn, say: Say, db: Database) -> None:
    """What is in the cart, with the taps to order it or to go on choosing."""

    def read(session: Session) -> tuple[Shop, Sequence[CartLine], list[Button]]:
        cart = carts.lines(session, turn.customer_id)
        return catalogue.the_shop(session), cart, [] if cart else menu.taps(session, turn.language)

    shop, cart, taps = await db.read(read)
    if cart:
        total = money.written(carts.total(cart), shop.currency, turn.language)
        say("utter_cart", lines=cards.cart_lines(shop, cart, turn.language), total=total)
    else:
        say("utter_cart_empty", taps)


def _quantity(turn: Turn) -> int | None:
    """The number tapped or typed; the entity first, because "size 40, 2 pieces" holds two numbers."""
    for words in (turn.entities.get("quantity"), turn.text):
        if words and (number := number_in(words)) is not None:
            return number
    return None


def _names_something(turn: Turn) -> bool:
    return any(name in turn.entities for name in ("product", "variant", "colour", "size"))


def _asked_before(turn: Turn, choice: _Choice) -> int | None:
    """The quantity of "2 T-shirts", said before the size was asked for."""
    same = turn.asked == "chosen_variant" and turn.slots.get("chosen_product") == str(choice.product)
    quantity: int | None = turn.slots.get("chosen_quantity") if same else None
    return quantity


def _in_progress(turn: Turn) -> _Choice | None:
    """What was chosen before "2 pieces please" was typed as the answer to "how many?"."""
    product, variant = turn.slots.get("chosen_product"), turn.slots.get("chosen_variant")
    return _Choice(int(product), int(variant)) if product and variant else None


def _choice(session: Session, turn: Turn) -> _Choice:
    """What the words or the tap that start a choice decide."""
    if "variant" in turn.entities:
        try:
            return _of(catalogue.variant_on_sale(session, int(turn.entities["variant"])))
        except (NotFound, ValueError):
            return _Choice()
    found = meant(session, turn)
    if not found and "product" not in turn.entities:  # "I'll take this one"
        found = shown_last(session, turn)
    if len(found) != 1:
        return _Choice()
    fitting = search.variants(found[0], traits(turn))
    left = [variant for variant in fitting if variant.stock]
    return _of(fitting[0]) if len(fitting) == 1 or not left else _Choice(product=found[0].id)


def _option_named(session: Session, turn: Turn) -> _Choice:
    """The variant whose option was typed as the answer to "which one?"."""
    product = catalogue.product_on_sale(session, int(turn.slots["chosen_product"]))
    words = traits(turn) or [turn.text or ""]
    fitting = search.variants(product, words)
    return _of(fitting[0]) if len(fitting) == 1 else _Choice()


def _of(variant: Variant) -> _Choice:
    return _Choice(variant.product_id, variant.id, sold_out=not variant.stock)


def _chosen(choice: _Choice, number: int | None) -> Events:
    """Fill the form's slots. Without a product there is nothing to ask, so it ends and the products are shown."""
    if choice.product is None:
        return [*forms.emptied(forms.CHOOSE), SlotSet("requested_slot", None)]
    return [
        SlotSet("chosen_product", str(choice.product)),
        SlotSet("chosen_variant", None if choice.variant is None else str(choice.variant)),
        # How many of nothing need not be asked: the cart will refuse it, and that is what the customer is told.
        SlotSet("chosen_quantity", 1 if choice.sold_out else number),
    ]


def _too_many(turn: Turn, say: Say, error: SoldOut) -> Events:
    name = error.names[turn.language]
    if error.left == 0:
        say("utter_sold_out", product=name)
        return forms.end(forms.CHOOSE)
    say("utter_only_left", product=name, left=error.left)
    return [SlotSet("chosen_quantity", None), FollowupAction(forms.CHOOSE)]


async def _show_what_there_is(turn: Turn, say: Say, db: Database) -> None:
    """The products that may have been meant, or all, to choose from by tap."""

    def read(session: Session) -> Cards:
        found = meant(session, turn) or catalogue.products_on_sale(session)
        return cards.products(catalogue.the_shop(session), found, turn.language, say)

    window = await db.read(read)
    if window.cards:
        say("utter_which_product")
        say.show(window)
    else:
        say("utter_no_products")
