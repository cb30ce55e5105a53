"""What was made faster gives the same results as Rasa's own code."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from conftest import Actions, says
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import EndpointConfig
from test_tracker_store import TURNS_OF_A_DAY, one_turn

from bot import speed
from bot.endpoint import OpenEndpoint
from bot.graph import PlannedRunner
from bot.rules import BoundedRulePolicy, last_states
from bot.trackers import applied_events, blank, twin
from bot.turn import Turn

TINY = Path(__file__).parent / "tiny"

GOOD_EVENTS = [
    {"event": "slot", "name": "a", "value": 1, "timestamp": None},
    {"event": "slot", "name": "a", "value": [{"b": None}], "timestamp": 1.5, "metadata": {"x": 1}},
    {"event": "followup", "name": "action_listen"},
    {"event": "action", "name": None, "policy": None, "confidence": 0.5, "hide_rule_turn": True},
    {"event": "user", "text": "hi", "parse_data": {"entities": [{"entity": "a", "value": 1}]}},
    {"event": "reset_slots"},
    {"event": "active_loop", "name": "form"},
]
BAD_EVENTS = [
    {},
    None,
    "slot",
    {"event": None},
    {"event": "nothing"},
    {"event": "slot"},
    {"event": "slot", "name": 5, "value": 1},
    {"event": "slot", "name": "a", "value": 1, "timestamp": "now"},
    {"event": "slot", "name": "a", "value": 1, "metadata": []},
    {"event": "user", "parse_data": {"entities": [{"entity": "a"}]}},
    {"event": "action", "confidence": "high"},
    {"event": ["slot"], "name": "a", "value": 1},
]
ANSWERS = [
    *({"events": [event], "responses": []} for event in GOOD_EVENTS + BAD_EVENTS),
    {"events": GOOD_EVENTS, "responses": [{"text": "a"}, {}]},
    {"events": [*GOOD_EVENTS, BAD_EVENTS[0]]},
    {},
    None,
    [],
    "text",
    {"events": None},
    {"events": {}},
    {"responses": None},
    {"responses": ["text"]},
    {"responses": [{"text": 5}], "more": "parts"},
]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_an_actions_answer_is_judged_as_by_rasa(answer: Any) -> None:
    action = RemoteAction("action_pick", None)

    def judge(check: Callable[[RemoteAction, Any], bool]) -> str:
        try:
            return str(check(action, answer))
        except ValidationError as error:
            return error.message

    assert judge(speed.validate_action_result) == judge(speed._rasas_validate)


def test_every_kind_of_event_has_the_class_that_rasa_finds() -> None:
    for kind in all_subclasses(Event):
        assert speed.resolve_by_type(kind.type_name) is speed._rasas_resolve(kind.type_name)
    assert speed.resolve_by_type("topic") is None
    assert speed.resolve_by_type("unknown", UserUttered) is UserUttered
    with pytest.raises(ValueError, match="unknown"):
        speed.resolve_by_type("unknown")


def test_a_rasa_that_has_changed_is_not_patched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(speed._KNOWN, "Event.resolve_by_type", "another")
    with pytest.raises(speed.DifferentRasa, match=r"Event\.resolve_by_type"):
        speed.apply()


async def test_an_action_is_told_all_but_what_the_bot_said_before(agent: Agent, actions: Actions) -> None:
    actions.answers["action_twice"] = says("now")
    for number, intent in enumerate(["thank", "thank", "twice", "pick"]):
        await agent.processor.take(Turn("1:nok", str(number), "th", intent=intent))
    tracker = await agent.processor.get_tracker("1:nok")
    told = speed.action_call_format(RemoteAction("action_pick", None), tracker, Domain.empty())
    whole = speed._rasas_call_format(RemoteAction("action_pick", None), tracker, Domain.empty())
    assert [event for event in whole["tracker"]["events"] if event["event"] != "bot"] == told["tracker"][
        "events"
    ]
    whole["tracker"].pop("events"), told["tracker"].pop("events")
    assert told == whole


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(TINY / "domain.yml"))


def conversation(seed: int, domain: Domain, turns: int = 8) -> DialogueStateTracker:
    made = random.Random(seed)
    events = [event for _ in range(turns) for event in one_turn(made)]
    return DialogueStateTracker.from_events("1:nok", events, domain.slots)


def everything(tracker: DialogueStateTracker) -> dict[str, Any]:
    values = {**tracker.__dict__, "events": list(tracker.events)}
    values["slots"] = {name: slot.__dict__ for name, slot in tracker.slots.items()}
    return values


@pytest.mark.parametrize("seed", range(60))
def test_copies_of_a_tracker_are_those_of_rasa(seed: int, domain: Domain) -> None:
    tracker = conversation(seed, domain)
    assert everything(blank(tracker)) == everything(tracker.init_copy())
    # Rasa's copy is a replay, after which a form's first message is what it was then; the twin has it as it is.
    assert everything(twin(tracker)) == everything(tracker.copy())
    before = everything(tracker.copy())
    other = twin(tracker)
    for event in one_turn(random.Random(seed + 1)):
        other.update(event)
    assert everything(tracker) == before


@pytest.mark.parametrize("seed", range(100))
def test_applied_events_and_states_are_those_of_rasa(seed: int, domain: Domain) -> None:
    tracker = conversation(seed, domain, turns=seed % 12)
    assert [id(event) for event in applied_events(tracker)] == [
        id(event) for event in tracker.applied_events()
    ]
    states = domain.states_for_tracker_history(tracker)
    for count in (1, 2, 3, 5, 100):
        assert last_states(tracker, domain, count) == states[-count:]


@pytest.mark.parametrize("seed", range(40))
def test_rules_predict_what_rasas_rules_predict(
    seed: int, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    domain = agent.processor.domain
    policy = next(
        node._component
        for node in agent.processor.graph_runner._nodes.values()
        if isinstance(getattr(node, "_component", None), BoundedRulePolicy)
    )
    tracker = DialogueStateTracker("1:nok", domain.slots)
    made = random.Random(seed)
    for _ in range(6):
        for event in one_turn(made):
            tracker.update(event)
            ours = policy._predict(tracker.copy(), domain)
            rasas = plain(policy)._predict(tracker.copy(), domain)
            assert ours[0].__dict__ == {**rasas[0].__dict__, "policy_name": "BoundedRulePolicy"}


def plain(policy: BoundedRulePolicy) -> RulePolicy:
    """Rasa's own policy with the same rules."""
    other = object.__new__(RulePolicy)
    other.__dict__.update(policy.__dict__)
    return other


@pytest.mark.parametrize("turn", TURNS_OF_A_DAY, ids=str)
async def test_the_graph_gives_what_dask_gives(turn: dict[str, Any], agent: Agent) -> None:
    ours = agent.processor.graph_runner
    dask = object.__new__(DaskGraphRunner)
    dask.__dict__.update(_graph_schema=ours._schema, _instantiated_nodes=ours._nodes, _execution_context=None)
    processor = agent.processor
    typed = Turn("1:nok", "1", "th", **turn)
    tracker = DialogueStateTracker("1:nok", processor.domain.slots)
    event = processor._event_for(typed, processor._read(typed, tracker), tracker)
    processor.graph_runner = dask
    assert processor._event_for(typed, processor._read(typed, tracker), tracker) == event
    tracker.update(event)
    target = processor.model_metadata.core_target
    both = [runner.run({"__tracker__": tracker.copy()}, [target])[target].__dict__ for runner in (ours, dask)]
    assert both[0] == both[1]


def test_a_missing_input_of_the_graph_is_an_error(agent: Agent) -> None:
    with pytest.raises(GraphRunError):
        agent.processor.graph_runner.run({}, [agent.processor.model_metadata.core_target])


def test_a_runner_of_another_make_is_refused() -> None:
    with pytest.raises(RuntimeError):
        PlannedRunner.of(object())  # type: ignore[arg-type]


async def test_calls_share_a_connection(actions: Actions) -> None:
    ports = set()

    async def where_from(request: web.Request) -> web.Response:
        ports.add(request.transport.get_extra_info("peername")[1])
        return web.json_response({"token": request.query.get("token")})

    app = web.Application()
    app.router.add_post("/webhook", where_from)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhook"
    endpoint = OpenEndpoint.of(EndpointConfig(url, token="secret"))
    for _ in range(5):
        assert await endpoint.request(json={}) == {"token": "secret"}
    assert len(ports) == 1
    await endpoint.close()
    await runner.cleanup()
