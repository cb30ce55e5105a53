"""The cart as an answer: first what has changed in it, then what is in it and how to go on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from actions import cards, menu
from actions.say import Say
from actions.turn import Turn
from shop import carts, catalogue, money
from shop.carts import Change
from shop.db import Database
from shop.models import CartLine, Shop
from shop.replies import Button


async def show_cart(turn: Turn, say: Say, db: Database) -> None:
    """What is in the cart, with the taps to order it, to change it, or to go on choosing."""
    changes = await db.run(carts.review, turn.customer_id)

    def read(session: Session) -> tuple[Shop, Sequence[CartLine], list[Button]]:
        cart = carts.lines(session, turn.customer_id)
        return catalogue.the_shop(session), cart, [] if cart else menu.taps(session, turn.language)

    shop, cart, taps = await db.read(read)
    tell_changes(turn, say, changes, shop)
    if cart:
        total = money.written(carts.total(cart), shop.currency, turn.language)
        say("utter_cart", lines=cards.cart_lines(shop, cart, turn.language), total=total)
    else:
        say("utter_cart_empty", taps)


def tell_changes(turn: Turn, say: Say, changes: Sequence[Change], shop: Shop) -> None:
    """ "Only 2 left", "the price is now …": one line for each change."""
    for change in changes:
        say(
            f"utter_cart_{change.kind}",
            product=change.names[turn.language],
            left=change.left,
            price=money.written(change.price, shop.currency, turn.language),
        )
