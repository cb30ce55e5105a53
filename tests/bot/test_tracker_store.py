"""The store of conversations: bounded, and yet every conversation goes on as if nothing were forgotten."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import Actions, says
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    DefinePrevUserUtteredFeaturization,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

from bot.tracker_store import TURNS, BoundedTrackerStore, bounded
from bot.turn import Turn

TINY = Path(__file__).parent / "tiny"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(TINY / "domain.yml"))


# psycopg, which starts the server for all tests, is in Talad's own environment.
POSTGRES = """
import sys
from tests.support.postgres import running_postgres
with running_postgres() as server:
    print(server.url("postgres"), flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL server, as Talad's own environment writes it."""
    command = [str(ROOT / ".venv/bin/python"), "-c", POSTGRES]
    with subprocess.Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True) as server:
        address = server.stdout.readline().strip()
        assert address, "no PostgreSQL server could be started; scripts/tools_for_tests.py fetches one"
        yield address
        server.stdin.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, domain: Domain, tmp_path: Path) -> Iterator[BoundedTrackerStore]:
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path}/deep/er/rasa.db"
    else:
        address = request.getfixturevalue("postgres")
    store = BoundedTrackerStore(domain, host=address)
    with store._engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM rasa_conversations"))
    yield store
    store.close()


def one_turn(made: random.Random) -> list[Event]:
    """What Rasa might write for one turn: a tap, words, a form that starts, rejects, is interrupted or ends, …

    What takes something back reaches no further than this turn.
    """
    events: list[Event] = [UserUttered("words", {"name": made.choice(["greet", "pick"])}, message_id="x")]
    if made.random() < 0.7:
        events.append(DefinePrevUserUtteredFeaturization(False))
    for _ in range(made.randrange(4)):
        events += made.choice(
            [
                [ActionExecuted("utter_greet"), BotUttered("hello")],
                [SlotSet(made.choice(["variant", "name"]), made.choice(["a", "b", None]))],
                [SlotSet("count", made.choice([1.0, 0, None]))],
                [SlotSet("language", made.choice(["th", "en", None]))],
                [
                    ActionExecuted("details_form"),
                    ActiveLoop("details_form"),
                    SlotSet("requested_slot", "name"),
                ],
                [ActionExecuted("details_form"), SlotSet("requested_slot", "phone")],
                [ActionExecutionRejected("details_form")],
                [LoopInterrupted(made.random() < 0.5)],
                [ActionExecuted("action_deactivate_loop"), ActiveLoop(None), SlotSet("requested_slot", None)],
                [AllSlotsReset()],
                [FollowupAction("action_pick")],
                [ActionExecuted("utter_greet"), ActionReverted()],
                [Restarted()] if made.random() < 0.1 else [],
                [ActionExecuted("action_session_start"), SessionStarted()] if made.random() < 0.2 else [],
            ]
        )
    if made.random() < 0.1:  # as action_default_fallback does
        said = [
            ActionExecuted("action_listen"),
            events[0],
            ActionExecuted("utter_greet"),
            BotUttered("what?"),
        ]
        return [*said, UserUtteranceReverted(), ActionExecuted("action_listen")]
    ending = made.random()
    if ending < 0.05:
        return [*events, ActionExecuted("utter_greet"), ConversationPaused()]
    if ending < 0.1:
        return [*events, ConversationResumed(), ActionExecuted("action_listen")]
    return events if ending < 0.15 else [*events, ActionExecuted("action_listen")]


def state(tracker: DialogueStateTracker) -> dict[str, Any]:
    """All that the next turn depends on."""
    loop = tracker.active_loop
    return {
        "slots": tracker.current_slot_values(),
        "loop": (loop.name, loop.rejected, loop.is_interrupted) if loop and loop.name else None,
        "paused": tracker.is_paused(),
        "action": tracker.latest_action_name,
        "followup": tracker.followup_action,
    }


@pytest.mark.parametrize("seed", range(80))
async def test_what_is_kept_leads_to_the_state_of_the_whole(
    seed: int, domain: Domain, store: BoundedTrackerStore
) -> None:
    made = random.Random(seed)
    whole = DialogueStateTracker("1:nok", domain.slots)
    start: list[Event] = [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        ActionExecuted("action_listen"),
    ]
    kept = whole.copy()
    for event in start:
        whole.update(event)
        kept.update(event)
    for _ in range(30):
        for event in one_turn(made):
            whole.update(event)
            kept.update(event)
        await store.save(kept)
        again = await store.retrieve("1:nok")
        assert again is not None
        kept = again
        assert state(kept) == state(whole)
        # Empty when all that is kept was taken back; the next turn begins with a message of its own.
        latest = kept.latest_message
        assert latest.is_empty() or latest.intent == whole.latest_message.intent
        if not (whole.active_loop and whole.active_loop.name):
            assert latest.text is None  # words stay only as long as a form asks
        assert sum(isinstance(event, UserUttered) for event in kept.events) <= TURNS


def test_a_short_conversation_is_kept_as_it_is(domain: Domain) -> None:
    made = random.Random(5)
    events = [event for _ in range(TURNS - 1) for event in one_turn(made)]
    tracker = DialogueStateTracker.from_events("1:nok", events, domain.slots)
    assert bounded(tracker, TURNS) == events


async def test_a_paused_conversation_that_goes_on_for_long_stays_small(
    domain: Domain, store: BoundedTrackerStore
) -> None:
    tracker = DialogueStateTracker.from_events(
        "1:nok", [ActionExecuted("action_listen"), UserUttered("hi"), ConversationPaused()], domain.slots
    )
    for number in range(100):
        tracker.update(UserUttered(f"anybody? {number}", {"name": "greet"}))
        await store.save(tracker)
        tracker = await store.retrieve("1:nok")
    assert tracker.is_paused()
    assert len(tracker.events) < 10


TURNS_OF_A_DAY: list[dict[str, Any]] = [
    {"intent": "greet"},
    {"intent": "pick", "entities": {"variant": "12"}},
    {"intent": "twice"},
    {"intent": "checkout"},
    {"text": "Nok Rakthai"},
    {"text": "0812345678"},
    {"intent": "stop"},
    {"intent": "thank"},
    {"intent": "notice", "notice": True, "entities": {"variant": "TL-1"}},
    {"text": "สวัสดีค่ะ"},
]


@pytest.mark.parametrize("seed", range(6))
async def test_rasa_answers_a_long_conversation_as_if_it_remembered_all(
    seed: int, model: Path, actions: Actions, new_agent: Callable[[], Agent]
) -> None:
    actions.answers["action_done"] = says("done", name=None, phone=None)
    actions.answers["action_pick"] = lambda call: says(f"picked {call['tracker']['slots']['variant']}")
    forgets = new_agent().processor
    endpoint = EndpointConfig(actions.url, enable_selective_domain=True)
    remembers = Agent.load(
        model, tracker_store=InMemoryTrackerStore(None), action_endpoint=endpoint
    ).processor
    made = random.Random(seed)
    for number in range(40):
        turn = Turn("1:nok", str(number), made.choice(["th", "en"]), **made.choice(TURNS_OF_A_DAY))
        assert await forgets.take(turn) == await remembers.take(turn), turn


async def test_a_conversation_of_300_turns_is_no_larger_than_one_of_10(agent: Agent, tmp_path: Path) -> None:
    sizes = []
    for number in range(300):
        await agent.processor.take(Turn("1:nok", str(number), "th", intent="greet"))
        if number in (10, 299):
            with sa.create_engine(f"sqlite:///{tmp_path}/rasa.db").connect() as connection:
                sizes.append(
                    connection.execute(sa.text("SELECT length(events) FROM rasa_conversations")).scalar()
                )
    assert sizes[1] <= sizes[0] + 50  # numbers of turns get longer
    tracker = await agent.processor.get_tracker("1:nok")
    assert len(tracker.events) < 50


async def test_what_is_read_is_written_back_unchanged(domain: Domain, store: BoundedTrackerStore) -> None:
    made = random.Random(3)
    events = [event for _ in range(3) for event in one_turn(made)]
    await store.save(DialogueStateTracker.from_events("1:nok", events, domain.slots))
    first = await store.retrieve("1:nok")
    await store.save(first)
    second = await store.retrieve("1:nok")
    assert [event.as_dict() for event in second.events] == [event.as_dict() for event in first.events]
    assert len(first.events) > 5


async def test_conversations_are_apart_and_listed(domain: Domain, store: BoundedTrackerStore) -> None:
    assert await store.retrieve("1:nok") is None
    await store.save(DialogueStateTracker("1:empty", domain.slots))
    for conversation, text in {"1:nok": "ก\x00ข\n\ud83d", "1:ploy": "b"}.items():
        events = [ActiveLoop("details_form"), UserUttered(text)]
        tracker = DialogueStateTracker.from_events(conversation, events, domain.slots)
        await store.save(tracker)
    assert sorted(await store.keys()) == ["1:nok", "1:ploy"]
    assert (await store.retrieve("1:nok")).latest_message.text == "ก\x00ข\n\ud83d"


async def test_a_slot_that_the_new_model_does_not_have_is_dropped(
    domain: Domain, store: BoundedTrackerStore
) -> None:
    tracker = DialogueStateTracker.from_events(
        "1:nok", [UserUttered("a"), SlotSet("variant", "12")], domain.slots
    )
    await store.save(tracker)
    store.domain = Domain.empty()
    assert (await store.retrieve("1:nok")).current_slot_values().get("variant") is None


def test_the_address_may_come_from_the_environment(
    domain: Domain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TALAD_RASA_DATABASE_URL", f"sqlite:///{tmp_path}/elsewhere.db")
    BoundedTrackerStore(domain)
    assert (tmp_path / "elsewhere.db").exists()


@pytest.mark.parametrize("url", ["mysql://x/y", "oracle://x"])
def test_another_kind_of_database_is_refused(domain: Domain, url: str) -> None:
    with pytest.raises((RasaException, sa.exc.ArgumentError)):
        BoundedTrackerStore(domain, host=url)
