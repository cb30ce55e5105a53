"""What an unclear message may have meant, as taps that say so in the customer's words."""

from __future__ import annotations

from actions.labels import label
from actions.say import tap
from actions.turn import Turn
from shop.replies import Button

_MOST = 2
#: Meanings that a tap can stand for; each has a label `mean_<intent>`. Greetings and the like would be no help.
OFFERED = (
    "ask_payment",
    "ask_price",
    "ask_shipping",
    "ask_stock",
    "cancel_order",
    "change_address",
    "complaint",
    "confirm_order",
    "products",
    "report_payment",
    "view_cart",
    "view_orders",
)


def taps(turn: Turn) -> list[Button]:
    """The likeliest meanings of what was typed, at most two; a price or stock is then of the product shown last."""
    likely = [guess for guess in turn.guesses if guess in OFFERED]
    return [tap(label(f"mean_{intent}", turn.language), intent) for intent in likely[:_MOST]]
