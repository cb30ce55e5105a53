"""When a person is needed, and when the bot has the chat again."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions import forms, menu
from actions.labels import label
from actions.registry import action
from actions.say import Say, tap
from actions.turn import Events, Turn
from shop import handoff
from shop.db import Database
from shop.models import Customer


@action("action_talk_to_seller")
async def talk_to_seller(turn: Turn, say: Say, db: Database) -> Events:
    """Tell the sellers that this customer waits for one of them; from now on the bot keeps silent.

    So a form does not ask its question now: nobody would hear the answer.
    """
    await call_person(
        turn, say, db, "utter_complaint_heard" if turn.intent == "complaint" else "utter_seller_called"
    )
    return forms.wait(turn)


async def go_on(turn: Turn, db: Database) -> Events:
    """After something said unasked: the form asks again, unless a person has the chat and would get the answer."""
    return forms.wait(turn) if await with_person(turn, db) else forms.back(turn)


async def with_person(turn: Turn, db: Database) -> bool:
    """Whether a person has the chat, and would get the answer to a question."""
    return turn.customer is not None and await db.read(_is_with_person, turn)


def _is_with_person(session: Session, turn: Turn) -> bool:
    return handoff.is_with_person(session.get_one(Customer, turn.customer_id), turn.at)


async def call_person(turn: Turn, say: Say, db: Database, response: str) -> None:
    """Have a person take over, and say so in `response`, with the tap that brings the bot back."""
    await db.run(handoff.ask_for_person, turn.customer_id, turn.at)
    say(response, [tap(label("back_to_bot", turn.language), "back_to_bot")])


@action("action_back_to_bot")
async def back_to_bot(turn: Turn, say: Say, db: Database) -> Events:
    """The bot has the chat again and says so; a form goes on where it was.

    It is the customer who calls it, or it is told so: then who waits for an answer, or has asked for a person
    meanwhile, goes on waiting.
    """
    if not turn.by_shop:
        await db.run(handoff.hand_back, turn.customer_id)
    say("utter_bot_is_back", await db.read(menu.taps, turn.language) if turn.form is None else ())
    return forms.back(turn)
