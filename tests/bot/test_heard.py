"""What the door tells of typed words: what the model made of them, and nothing of answers to a form."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from conftest import Actions, Door, says

from bot import clauses, heard

_numbers = count(1)


async def understood(door: Door, **parts: Any) -> Any:
    """What the door says was understood of a turn."""
    body = {"conversation": "1:nok", "id": f"heard-{next(_numbers)}", "language": "en", **parts}
    status, answer = await door.post(body)
    assert status == 200, answer
    return answer["understood"]


async def test_typed_words_come_with_what_the_model_made_of_them(door: Door) -> None:
    text = "  i want a shirt"
    told = await understood(door, text=text)
    assert set(told) == {"intent", "confidence", "entities", "guesses"}
    assert told["intent"] == told["guesses"][0]["intent"] == "pick"
    assert told["confidence"] == told["guesses"][0]["confidence"]
    assert len(told["guesses"]) == 3
    likely = [guess["confidence"] for guess in told["guesses"]]
    assert likely == sorted(likely, reverse=True) and all(0 <= one <= 1 for one in likely)
    [mark] = told["entities"]
    assert set(mark) == {"entity", "start", "end"} and text[mark["start"] : mark["end"]] == "shirt"


def found(intent: str | None, *ranking: str) -> dict[str, Any]:
    """As bot.understanding says it."""
    ranked = [{"name": name, "confidence": 0.3} for name in ranking]
    return {"intent": {"name": intent, "confidence": 0.7}, "entities": [], "intent_ranking": ranked}


def test_words_that_mean_nothing_come_with_what_they_might_have_meant() -> None:
    told = heard.understood(found("nlu_fallback", "nlu_fallback", "greet", "pick", "thank", "stop"))
    assert told is not None and told["intent"] == "nlu_fallback"
    assert [guess["intent"] for guess in told["guesses"]] == ["greet", "pick", "thank"]


def test_a_model_without_intents_has_nothing_to_tell() -> None:
    assert heard.understood(found(None)) is None


async def test_taps_and_notices_have_nothing_to_tell(door: Door) -> None:
    assert await understood(door, intent="greet") is None
    assert await understood(door, intent="notice", notice=True, entities={"variant": "TL-1"}) is None


async def test_of_a_turn_that_is_asked_again_the_understanding_is_forgotten(door: Door) -> None:
    assert await understood(door, id="again", text="hello") is not None
    assert await understood(door, id="again", text="hello") is None


async def test_it_is_what_the_model_said_of_the_whole_text_whatever_its_pieces_mean(
    door: Door, actions: Actions, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.answers["action_pick"] = says("picked")
    monkeypatch.setattr(clauses, "further", lambda *_: ("pick", []))
    assert await door.texts(text="hello") == ["picked"]
    assert (await understood(door, text="hello"))["intent"] == "greet"


async def test_what_a_form_takes_for_an_answer_is_not_told(door: Door) -> None:
    assert (await understood(door, text="checkout please"))["intent"] == "checkout"
    assert await understood(door, text="Nok Rakthai") is None
    assert await understood(door, text="0812345678") is None
    assert await understood(door, text="hello") is not None  # the form is over


async def test_what_a_form_refuses_is_told(door: Door, actions: Actions) -> None:
    await door.turn(intent="checkout")
    actions.answers["validate_details_form"] = 400  # as Rasa's form says "that is no answer"
    assert (await understood(door, text="thank you"))["intent"] == "thank"


async def test_where_details_are_asked_for_only_what_is_surely_none_is_told(
    door: Door, actions: Actions, monkeypatch: pytest.MonkeyPatch
) -> None:
    await door.turn(intent="checkout")
    await door.turn(text="Nok Rakthai")
    actions.answers["validate_details_form"] = 400
    assert (await understood(door, text="thank you"))["confidence"] > 0.8
    monkeypatch.setattr(heard, "_SURE", 0.99)
    assert await understood(door, text="thank you") is None
    assert not heard.is_told(found("nlu_fallback"), "details_form", "phone", [])


ODD = ["", "   ", "\u200b", "\ud83d", "ก" * 20_000, "a\x00b", "ขนมตากลม " * 300]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
async def test_odd_texts_are_told_as_any_other(door: Door, text: str) -> None:
    told = await understood(door, text=text)
    assert told is None or set(told) == {"intent", "confidence", "entities", "guesses"}
