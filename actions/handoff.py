"""When a person is needed."""

from __future__ import annotations

from actions import forms
from actions.registry import action
from actions.say import Say
from actions.turn import Events, Turn
from shop import customers
from shop.db import Database


@action("action_talk_to_seller")
async def talk_to_seller(turn: Turn, say: Say, db: Database) -> Events:
    """Tell the sellers that this customer waits for one of them."""
    await db.run(customers.ask_for_person, turn.customer_id, turn.at)
    say("utter_seller_called" if turn.intent != "complaint" else "utter_complaint_heard")
    return forms.back(turn)
