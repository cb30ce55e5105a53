"""Forms and what comes in between: a question is answered, then the form asks again; who walks away is let go."""

from __future__ import annotations

import re

from rasa_sdk.events import ActionExecuted, ActiveLoop, FollowupAction, SlotSet

from actions.turn import Events, Turn

_POLITE = re.compile(
    r"[\s,.!]*(?:นะ)?(?:ค่ะ|คะ|ครับ|คับ|ค้าบ|จ้า|จ้ะ|please|pls|ka|krub|krap)?[\s.!]*$", re.IGNORECASE
)
_BACK = frozenset(
    (
        "back",
        "go back",
        "previous",
        "step back",
        "กลับ",
        "ย้อนกลับ",
        "ขอย้อนกลับ",
        "ย้อน",
        "ถอยกลับ",
        "ก่อนหน้า",
        "กลับไปก่อนหน้า",
    )
)
CHOOSE = "choose_form"
CHECKOUT = "checkout_form"
CANCEL = "cancel_form"

#: What a form's validation returns for words that are no answer to its question: Rasa's rules then answer them.
NOT_AN_ANSWER: Events = []

#: Slots that a form fills; they are emptied when it ends.
SLOTS = {
    CHOOSE: ("chosen_among", "chosen_variant", "chosen_quantity"),
    CHECKOUT: (
        "recipient",
        "phone",
        "address_part",
        "address",
        "place",
        "ship_by",
        "pay_by",
        "details_correct",
    ),
    CANCEL: ("cancel_order_number", "cancel_sure"),
}


def wants_back(turn: Turn) -> bool:
    """Whether the customer typed that they want the question before this one. A few fixed words: no guess may do it."""
    return turn.text is not None and _POLITE.sub("", turn.text).strip().casefold() in _BACK


def back(turn: Turn) -> Events:
    """After an answer in the middle of a form: the form asks its question again."""
    return [FollowupAction(turn.form)] if turn.form else []


def wait(turn: Turn) -> Events:
    """As `back`, but nothing is asked now: the form counts as having asked, and goes on with the next answer."""
    return [ActionExecuted(turn.form)] if turn.form else []


def leave_choosing(turn: Turn) -> Events:
    """As `back`, but the customer went on to something else instead of choosing: that form ends without a word."""
    return end(turn.form) if turn.form == CHOOSE else back(turn)


def end(form: str) -> Events:
    """The form is over and forgets what it was told."""
    return [ActiveLoop(None), SlotSet("requested_slot", None), *emptied(form)]


def emptied(form: str) -> Events:
    """The form's slots, empty."""
    return [SlotSet(slot, None) for slot in SLOTS[form]]
