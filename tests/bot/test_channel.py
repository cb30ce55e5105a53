"""The door and the turn behind it: what goes in, what comes back, once and whole."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from conftest import Actions, Door, says
from rasa.core.agent import Agent
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.tracker_store import BoundedTrackerStore

COMMANDS = [
    "/pick",
    "/restart",
    "/back",
    "/session_start",
    '/pick{"variant": "12"}',
    '  /pick{"variant": "12"}',
    '\n/pick{"variant": "12"}',
    '\u200b/pick{"variant": "12"}',
    '\ufeff/pick{"variant": "12"}',
    '\u3000/pick{"variant": "12"}',
    '／pick{"variant": "12"}',
    '/pick@1.0{"variant": "12"}',
    "/pick@0.1",
    "/checkout",
    "EXTERNAL: notice",
    "/",
    "//pick",
    "/ pick",
]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[UserUttered]:
    """What Rasa heard, turn by turn, before the store forgets the words."""
    messages: list[UserUttered] = []
    save = BoundedTrackerStore.save

    async def listen(self: BoundedTrackerStore, tracker: DialogueStateTracker) -> None:
        messages.append(tracker.latest_message)
        await save(self, tracker)

    monkeypatch.setattr(BoundedTrackerStore, "save", listen)
    return messages


@pytest.mark.parametrize("text", COMMANDS)
async def test_what_looks_like_a_command_is_only_text(
    door: Door, agent: Agent, heard: list[UserUttered], text: str
) -> None:
    await door.turn(text="hello")
    await door.turn(text=text)
    assert heard[-1].text == text
    assert heard[-1].intent["confidence"] < 1.0
    assert [entity for entity in heard[-1].entities if entity["entity"] == "variant"] == []
    tracker = await agent.processor.get_tracker("1:nok")
    assert len([event for event in tracker.events if isinstance(event, UserUttered)]) == 2


async def test_typed_text_is_understood_in_both_languages(door: Door) -> None:
    assert await door.texts(text="สวัสดีค่ะ") == ["สวัสดีค่ะ\n\nเชิญเลือกได้เลยค่ะ"]
    assert await door.texts(text="good morning", language="en") == ["Hello"]


async def test_entities_keep_their_place_in_the_text_as_typed(door: Door, heard: list[UserUttered]) -> None:
    await door.turn(text="  i want a shirt")
    found = next(entity for entity in heard[-1].entities if entity["entity"] == "product")
    assert heard[-1].text[found["start"] : found["end"]] == "shirt"


ODD = {
    "empty": "",
    "blank": "   ",
    "invisible": "\u200b",
    "emoji": "👍",
    "half an emoji": "\ud83d",
    "digits": "๑๒๓",
}
ODD.update({"long": "ก" * 20_000, "long words": "ขนมตากลม " * 2_000, "null": "a\x00b"})


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
async def test_odd_texts_are_answered(door: Door, text: str) -> None:
    await door.turn(text=text)


async def test_a_tap_is_what_it_says_and_no_text(
    door: Door, heard: list[UserUttered], actions: Actions
) -> None:
    actions.answers["action_pick"] = lambda call: says(f"picked {call['tracker']['slots']['variant']}")
    assert await door.texts(intent="pick", entities={"variant": "12"}) == ["picked 12"]
    assert (heard[-1].text, heard[-1].intent) == (None, {"name": "pick", "confidence": 1.0})


async def test_the_language_of_each_turn_chooses_the_words(door: Door) -> None:
    assert await door.texts(intent="greet", language="en") == ["Hello"]
    assert await door.texts(intent="greet", language="th") == ["สวัสดีค่ะ\n\nเชิญเลือกได้เลยค่ะ"]


async def test_metadata_reaches_the_action(door: Door, actions: Actions) -> None:
    metadata = {"cause": "77", "media": ["slip-1"], "language": "th"}
    await door.turn(intent="pick", metadata=metadata)
    message = actions.calls[0]["tracker"]["latest_message"]
    assert message["metadata"] == metadata


async def test_replies_come_whole_and_in_order(door: Door, actions: Actions) -> None:
    card = {"kind": "cards", "cards": [{"title": "Mug"}], "more": "More"}
    actions.answers["action_say"] = {
        "events": [],
        "responses": [
            {"text": "one\n\ntwo"},
            {"custom": card},
            {"image": "https://x/y.png"},
            {"text": "end"},
        ],
    }
    assert await door.turn(intent="say") == [
        {"text": "one\n\ntwo"},
        {"custom": card},
        {"image": "https://x/y.png"},
        {"text": "end"},
    ]
    assert await door.turn(intent="thank") == [
        {"text": "ยินดีค่ะ", "buttons": [{"title": "สินค้า", "payload": "/pick"}]}
    ]


async def test_a_turn_that_was_finished_is_not_run_again(door: Door, actions: Actions) -> None:
    actions.answers["action_twice"] = lambda call: says(f"run {len(actions.calls)}")
    first = await door.turn(id="a", intent="twice")
    assert await door.turn(id="a", intent="twice") == first
    assert await door.turn(id="a:2", intent="greet")  # the same event's words
    assert await door.turn(id="a", intent="twice") == first
    assert await door.turn(id="b", intent="greet")
    # An event is not asked about any more once a later one was: what was said is forgotten, and nothing is done again.
    assert await door.turn(id="a", intent="twice") == []
    assert actions.names() == ["action_twice"]


async def test_the_same_words_with_another_id_are_another_turn(door: Door, actions: Actions) -> None:
    actions.answers["action_pick"] = lambda call: says(f"run {len(actions.calls)}")
    assert await door.texts(id="a", text="เอาเสื้อค่ะ") == ["run 1"]
    assert await door.texts(id="b", text="เอาเสื้อค่ะ") == ["run 2"]
    assert await door.texts(id="b", text="เอาเสื้อค่ะ") == ["run 2"]


async def test_a_finished_turn_is_known_after_a_restart(
    door: Door, actions: Actions, new_agent: Any, new_door: Any
) -> None:
    actions.answers["action_twice"] = lambda call: says(f"run {len(actions.calls)}")
    first = await door.turn(id="a", intent="twice")
    reopened = await new_door(new_agent())
    assert await reopened.turn(id="a", intent="twice") == first
    assert actions.names() == ["action_twice"]


async def test_a_turn_without_replies_is_known_too(door: Door, actions: Actions) -> None:
    assert await door.turn(id="a", intent="pick") == []
    assert await door.turn(id="a", intent="pick") == []
    assert actions.names() == ["action_pick"]


async def test_a_notice_speaks_and_is_kept_as_the_shops(door: Door, heard: list[UserUttered]) -> None:
    await door.turn(intent="greet")
    said = await door.turn(
        id="n1", intent="notice", notice=True, entities={"variant": "TL-1", "notice": "paid"}
    )
    assert said == [{"text": "Paid TL-1"}]
    assert await door.turn(id="n1", intent="notice", notice=True) == said
    assert heard[-1].metadata["is_external"] is True


async def test_a_notice_in_a_form_is_told_and_the_form_goes_on(door: Door, actions: Actions) -> None:
    actions.answers["action_done"] = lambda call: says(str(call["tracker"]["slots"]["name"]))
    assert await door.texts(intent="checkout") == ["name?"]
    assert await door.texts(intent="notice", notice=True, entities={"variant": "TL-1"}) == [
        "Paid TL-1",
        "name?",
    ]
    assert await door.texts(text="Nok Rakthai") == ["phone?"]
    assert await door.texts(text="0812345678") == ["Nok Rakthai"]


async def test_a_tap_in_a_form_is_no_answer_to_its_question(door: Door) -> None:
    assert await door.texts(intent="checkout") == ["name?"]
    assert await door.texts(intent="thank") == ["ยินดีค่ะ", "name?"]
    assert await door.texts(intent="stop") == ["stopped"]


@pytest.mark.parametrize("failure", [500, 404, "broken", {"events": "none"}, {"events": [{"event": "slot"}]}])
async def test_a_failed_action_fails_the_turn_and_leaves_no_trace(
    door: Door, agent: Agent, actions: Actions, failure: Any
) -> None:
    await door.turn(intent="greet", entities={"variant": "before"})
    actions.answers["action_broken"] = failure
    body = {
        "conversation": "1:nok",
        "id": "x",
        "language": "th",
        "intent": "broken",
        "entities": {"variant": "after"},
    }
    status, answer = await door.post(body)
    assert status == 503
    assert "action_broken" in answer["error"]
    tracker = await agent.processor.get_tracker("1:nok")
    assert tracker.get_slot("variant") == "before"

    actions.answers["action_broken"] = says("mended")
    status, answer = await door.post(body)
    assert (status, [reply["text"] for reply in answer["replies"]][:2]) == (200, ["ยินดีค่ะ", "mended"])


async def test_an_action_server_that_is_away_fails_the_turn(door: Door, agent: Agent) -> None:
    agent.processor.action_endpoint.url = "http://127.0.0.1:9/webhook"
    status, _ = await door.post({"conversation": "1:nok", "id": "x", "language": "th", "intent": "pick"})
    assert status == 503


async def test_a_failed_check_of_a_form_fails_the_turn(door: Door, actions: Actions) -> None:
    await door.turn(intent="checkout")
    actions.answers["validate_details_form"] = 500
    body = {"conversation": "1:nok", "id": "x", "language": "th", "text": "Nok Rakthai"}
    assert (await door.post(body))[0] == 503
    del actions.answers["validate_details_form"]
    assert (await door.post(body)) == (200, {"replies": [{"text": "phone?"}], "understood": None})


async def test_an_action_that_rejects_to_run_is_no_failure(door: Door, actions: Actions) -> None:
    actions.answers["action_pick"] = 400
    await door.turn(intent="pick")


async def test_a_dialogue_that_runs_in_circles_fails_the_turn(door: Door, actions: Actions) -> None:
    actions.answers["action_say"] = {"events": [{"event": "followup", "name": "action_say"}], "responses": []}
    status, answer = await door.post({"conversation": "1:nok", "id": "x", "language": "th", "intent": "say"})
    assert (status, "circles" in answer["error"]) == (503, True)
    assert await door.texts(intent="greet", language="en") == ["Hello"]


async def test_a_store_that_is_away_fails_the_turn_and_loses_nothing(
    door: Door, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    await door.turn(intent="pick", entities={"variant": "12"})
    store = agent.processor.tracker_store

    async def away(*_: Any) -> None:
        raise OSError("the database is away")

    for part in ("save", "retrieve"):
        with monkeypatch.context() as patch:
            patch.setattr(store, part, away)
            status, _ = await door.post(
                {"conversation": "1:nok", "id": part, "language": "th", "intent": "greet"}
            )
            assert status == 500
    tracker = await agent.processor.get_tracker("1:nok")
    assert tracker.get_slot("variant") == "12"
    assert len([event for event in tracker.events if isinstance(event, UserUttered)]) == 1


async def test_many_customers_at_once_do_not_wait_for_each_other(door: Door, actions: Actions) -> None:
    all_are_here = asyncio.Event()

    async def slow(call: dict[str, Any]) -> dict[str, Any]:
        if len(actions.calls) == 25:
            all_are_here.set()
        await all_are_here.wait()
        return says(call["sender_id"])

    actions.answers["action_pick"] = slow
    turns = [door.turn(conversation=f"1:{n}", intent="pick") for n in range(25)]
    assert await asyncio.gather(*turns) == [[{"text": f"1:{n}"}] for n in range(25)]


async def test_turns_of_one_customer_run_one_after_the_other(door: Door, actions: Actions) -> None:
    running: list[int] = []

    async def watched(call: dict[str, Any]) -> dict[str, Any]:
        running.append(1)
        assert len(running) == 1
        await asyncio.sleep(0.02)
        running.pop()
        return says("done")

    actions.answers["action_pick"] = watched
    await asyncio.gather(*(door.turn(intent="pick") for _ in range(5)))
    assert len(actions.calls) == 5


@pytest.mark.parametrize("token", ["", "wrong", "a-token-for-test", "ก"])
async def test_a_wrong_token_opens_nothing(door: Door, actions: Actions, token: str) -> None:
    header = {"Authorization": f"Bearer {token}"} if token.isascii() else {}
    body = b'{"conversation": "1:nok", "id": "x", "language": "th", "intent": "pick"}'
    async with door.session.post(door.address + "/turn", data=body, headers=header) as response:
        assert response.status == 401
    assert actions.calls == []


GOOD = {"conversation": "1:nok", "id": "1", "language": "th", "intent": "greet"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        [],
        "text",
        {},
        {**GOOD, "conversation": ""},
        {**GOOD, "conversation": 5},
        {**GOOD, "id": 8123},
        {**GOOD, "id": None},
        {**GOOD, "language": "de"},
        {**GOOD, "language": ["th"]},
        {**GOOD, "text": "both"},
        {**GOOD, "intent": None},
        {**GOOD, "intent": ""},
        {**GOOD, "entities": ["variant"]},
        {**GOOD, "entities": {"variant": {"id": 1}}},
        {**GOOD, "notice": "yes"},
        {**GOOD, "metadata": "none"},
        {"conversation": "1:nok", "id": "1", "language": "th", "text": "hi", "notice": True},
        {"conversation": "1:nok", "id": "1", "language": "th", "text": "hi", "entities": {"variant": "1"}},
    ],
)
async def test_a_malformed_turn_is_refused_with_a_reason(door: Door, body: Any) -> None:
    status, answer = await door.post(body)
    assert status == 400
    assert answer["error"]


async def test_health_says_which_model_is_there(door: Door, new_door: Any, model: Path) -> None:
    async with door.session.get(door.address + "/") as response:
        there = {"status": "ok", "model": model.name.removesuffix(".tar.gz")}
        assert (response.status, await response.json()) == (200, there)
    empty = await new_door(None)
    async with empty.session.get(empty.address + "/") as response:
        assert response.status == 503
