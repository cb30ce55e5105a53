"""Further questions in the same message (`Turn.also`): each is answered as if it had been asked alone."""

from __future__ import annotations

from dataclasses import replace

from actions.catalogue import ask_price, ask_stock
from actions.payment import ask_payment
from actions.registry import Answer
from actions.say import Say
from actions.smalltalk import ask_shipping
from actions.turn import Turn
from shop.db import Database

_ANSWERS: dict[str, Answer] = {
    "ask_payment": ask_payment,
    "ask_price": ask_price,
    "ask_shipping": ask_shipping,
    "ask_stock": ask_stock,
}
#: After these the rest is answered. What changes something or asks back goes first and alone.
_AFTER = frozenset(
    {
        "action_ask_payment",
        "action_ask_price",
        "action_ask_shipping",
        "action_ask_stock",
        "action_greet",
        "action_products",
        "action_small_talk",
    }
)


async def answer(name: str, turn: Turn, say: Say, db: Database) -> None:
    """Answer what else the message asks, once the action `name` has answered the first of it.

    "One black shirt, and how much is shipping?" starts a form: the question is answered before the form asks its own.
    """
    starts_buying = name == "validate_choose_form" and turn.is_answer and turn.intent == "buy_now"
    if name in _AFTER or starts_buying:
        for intent in turn.also:
            await _ANSWERS[intent](replace(turn, intent=intent, also=()), say, db)
