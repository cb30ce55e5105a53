"""Stored conversations hold no name and no number once the form has ended, and nothing in the file can be read."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Actions, says
from rasa.core.agent import Agent
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.forget import sparing
from bot.sealed import BEGINNING, Seal
from bot.tracker_store import BoundedTrackerStore
from bot.turn import Turn, replies_to

TINY = Path(__file__).parent / "tiny"
SEAL = Seal("a-token-for-tests")
NAME, PHONE = "Nok Rakthai", "0812345678"


def in_file(tmp_path: Path) -> bytes:
    """Every byte of the database: the file and what SQLite keeps beside it."""
    return b"".join(file.read_bytes() for file in sorted(tmp_path.glob("rasa.db*")))


def stored(tmp_path: Path, conversation: str = "1:nok") -> str:
    with sqlite3.connect(tmp_path / "rasa.db") as connection:
        found = connection.execute("SELECT events FROM rasa_conversations WHERE id = ?", (conversation,))
        opened = SEAL.open(found.fetchone()[0])
    assert opened is not None
    return opened


async def checked_out(agent: Agent, actions: Actions) -> None:
    actions.answers["action_done"] = says(f"we send it to {NAME}, {PHONE}", name=None, phone=None)
    for number, turn in enumerate([{"intent": "checkout"}, {"text": NAME}, {"text": PHONE}]):
        await agent.processor.take(Turn("1:nok", str(number), "en", **turn))


async def test_while_a_form_asks_only_its_slots_and_the_last_words_are_kept(
    agent: Agent, tmp_path: Path
) -> None:
    await agent.processor.take(Turn("1:nok", "1", "en", text="hello, I live at 99 Sukhumvit"))
    assert "Sukhumvit" not in stored(tmp_path)
    await agent.processor.take(Turn("1:nok", "2", "en", intent="checkout"))
    await agent.processor.take(Turn("1:nok", "3", "en", text=NAME))
    kept = stored(tmp_path)
    assert "Sukhumvit" not in kept
    assert NAME in kept  # the slot, which the form needs


async def test_once_the_form_has_ended_only_the_answer_of_the_last_turn_names_them(
    agent: Agent, actions: Actions, tmp_path: Path
) -> None:
    await checked_out(agent, actions)
    kept = stored(tmp_path).split("\n")
    assert [line for line in kept if (NAME in line or PHONE in line) and '"event": "bot"' not in line] == []
    # Asked again by a gateway that did not get it, the turn gives the same answer.
    tracker = await agent.tracker_store.retrieve("1:nok")
    assert f"we send it to {NAME}, {PHONE}" in str(replies_to(tracker, "2"))
    await agent.processor.take(Turn("1:nok", "3", "en", intent="thank"))
    assert NAME not in stored(tmp_path) and PHONE not in stored(tmp_path)


async def test_nothing_can_be_read_in_the_file_at_any_time(
    agent: Agent, actions: Actions, tmp_path: Path
) -> None:
    await checked_out(agent, actions)
    assert b"1:nok" in in_file(tmp_path)  # it is the right file
    for word in (NAME, PHONE, "Rakthai", "details_form", "action_listen"):
        assert word.encode() not in in_file(tmp_path)


def test_words_typed_last_are_believed_when_typed_again_so_a_form_keeps_them() -> None:
    domain = Domain.load(str(TINY / "domain.yml"))
    first, second = UserUttered("one", message_id="1"), UserUttered("two", message_id="2")
    events = [ActiveLoop("details_form"), first, second]
    tracker = DialogueStateTracker.from_events("1:nok", events, domain.slots)
    kept = sparing(events, tracker)
    assert [event.text for event in kept if isinstance(event, UserUttered)] == [None, "two"]
    assert kept[2] is second and first.text == "one"  # what was read stays as it is


def test_a_slot_keeps_its_last_value_only() -> None:
    domain = Domain.load(str(TINY / "domain.yml"))
    events = [SlotSet("name", "Nok"), SlotSet("name", "Ploy"), SlotSet("phone", "1"), SlotSet("phone", None)]
    tracker = DialogueStateTracker.from_events("1:nok", events, domain.slots)
    kept = sparing(events, tracker)
    assert [(event.key, event.value) for event in kept] == [("name", "Ploy"), ("phone", None)]


async def test_under_another_token_a_conversation_begins_anew(
    agent: Agent, actions: Actions, tmp_path: Path
) -> None:
    await checked_out(agent, actions)
    other = BoundedTrackerStore(agent.domain, host=f"sqlite:///{tmp_path}/rasa.db", secret="another token")
    assert await other.retrieve("1:nok") is None
    other.close()


async def test_what_an_earlier_version_left_open_is_sealed_at_the_start(
    new_agent: Callable[[], Agent], tmp_path: Path
) -> None:
    domain = Domain.load(str(TINY / "domain.yml"))
    BoundedTrackerStore(domain, host=f"sqlite:///{tmp_path}/rasa.db").close()
    line = '{"event": "slot", "timestamp": 1.0, "name": "name", "value": "Nok Rakthai"}'
    with sqlite3.connect(tmp_path / "rasa.db") as connection:
        connection.execute("INSERT INTO rasa_conversations VALUES ('1:nok', ?, 1.0)", (line,))
    connection.close()
    assert NAME.encode() in in_file(tmp_path)
    tracker = await new_agent().tracker_store.retrieve("1:nok")
    assert tracker.get_slot("name") == NAME
    assert NAME.encode() not in in_file(tmp_path)
    assert BEGINNING.encode() in in_file(tmp_path)


@pytest.mark.parametrize("text", ["", "ก\x00ข\n", "x" * 100_000])
def test_a_seal_opens_to_what_was_sealed(text: str) -> None:
    assert SEAL.close(text).startswith(BEGINNING)
    assert SEAL.open(SEAL.close(text)) == text
    assert Seal("other").open(SEAL.close(text)) is None
