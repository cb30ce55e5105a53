"""Another model for a running server: no turn is lost, none runs twice, and a bad file changes nothing."""

from __future__ import annotations

import asyncio
import gc
import shutil
import weakref
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import TOKEN, Actions, Door, says
from rasa.core.agent import Agent

from bot import swap

NewDoor = Callable[[Agent], Awaitable[Door]]


@pytest.fixture
def models(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folders that the door may take models from; the tiny model lies there under two names."""
    desk, files = tmp_path / "desk", tmp_path / "files"
    for folder, name in ((files, "talad-a1"), (desk, "talad-b2")):
        folder.mkdir()
        shutil.copy(model, folder / f"{name}.tar.gz")
    (desk / "talad-c3.tar.gz").write_bytes(b"no archive at all")
    shutil.copy(model, desk / "other.tar.gz")
    monkeypatch.setenv(swap.FOLDERS, f"{files}:{desk}")
    return desk


@pytest.fixture
async def door(models: Path, agent: Agent, new_door: NewDoor) -> Door:
    return await new_door(agent)


async def put(door: Door, body: Any, token: str = TOKEN) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {token}"}
    async with door.session.put(door.address + "/model", json=body, headers=headers) as response:
        return response.status, await response.json()


async def loaded(door: Door) -> str:
    async with door.session.get(door.address + "/") as response:
        name: str = (await response.json())["model"]
        return name


async def test_a_server_takes_another_model_and_goes_on_with_its_conversations(
    door: Door, actions: Actions
) -> None:
    actions.answers["action_twice"] = lambda call: says(f"run {len(actions.calls)}")
    first = await door.turn(id="a", intent="twice")
    assert await put(door, {"model": "talad-a1"}) == (200, {"model": "talad-a1"})
    assert await loaded(door) == "talad-a1"
    assert await door.turn(id="a", intent="twice") == first and actions.names() == ["action_twice"]
    assert await door.texts(intent="checkout") == ["name?"]
    assert await put(door, {"model": "talad-b2"}) == (200, {"model": "talad-b2"})
    assert await loaded(door) == "talad-b2"
    assert await door.texts(text="Nok Rakthai") == ["phone?"]  # the form goes on
    assert await put(door, {"model": "talad-b2"}) == (200, {"model": "talad-b2"})


async def test_what_cannot_be_taken_leaves_the_model_as_it_is(door: Door) -> None:
    before = await loaded(door)
    status, answer = await put(door, {"model": "talad-c3"})
    assert status == 422 and answer["error"]
    for name in (
        "talad-d4",
        "other",
        "../desk/talad-b2",
        "talad-b2.tar.gz",
        "talad-b2/",
        "/etc/passwd",
        "talad-\n",
    ):
        assert (await put(door, {"model": name}))[0] == 404, name
    for body in ({}, [], {"model": 5}, {"model": ""}, "talad-b2"):
        assert (await put(door, body))[0] == 400
    assert (await put(door, {"model": "talad-b2"}, token="wrong"))[0] == 401
    assert await loaded(door) == before
    assert await door.texts(intent="greet", language="en") == ["Hello"]


async def test_a_turn_under_way_ends_and_the_next_of_its_conversation_waits_for_it(
    door: Door, actions: Actions
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(call: dict[str, Any]) -> dict[str, Any]:
        begun.set()
        await go_on.wait()
        return says("slow")

    actions.answers["action_pick"] = slow
    first = asyncio.create_task(door.texts(intent="pick"))
    await begun.wait()
    second = asyncio.create_task(door.texts(intent="greet", language="en"))
    assert (await put(door, {"model": "talad-b2"}))[0] == 200
    assert await door.texts(conversation="1:mali", intent="greet", language="en") == ["Hello"]
    assert not first.done() and not second.done()
    go_on.set()
    assert await first == ["slow"] and await second == ["Hello"]


async def test_turns_go_on_while_models_are_exchanged_and_each_is_taken_once(
    door: Door, actions: Actions
) -> None:
    actions.answers["action_pick"] = lambda call: says(call["tracker"]["latest_message"]["message_id"])
    over = asyncio.Event()
    answered: list[int] = []

    async def customer(number: int) -> None:
        turns = 0
        while not over.is_set():
            turn_id = f"{number}.{turns}"
            assert await door.texts(conversation=f"1:{number}", id=turn_id, intent="pick") == [turn_id]
            turns += 1
        answered.append(turns)

    customers = [asyncio.create_task(customer(number)) for number in range(10)]
    for name in ("talad-a1", "talad-b2") * 3:
        assert (await put(door, {"model": name}))[0] == 200
    over.set()
    await asyncio.gather(*customers)
    assert len(actions.calls) == sum(answered) and min(answered) > 0
    said = [call["tracker"]["latest_message"]["message_id"] for call in actions.calls]
    assert len(set(said)) == len(said)


async def test_the_model_before_is_let_go_with_its_connections(door: Door, actions: Actions) -> None:
    assert (await put(door, {"model": "talad-a1"}))[0] == 200
    await door.turn(intent="pick")
    old = weakref.ref(door.context.agent.processor)
    connections = old().action_endpoint._open  # type: ignore[union-attr]
    assert (await put(door, {"model": "talad-b2"}))[0] == 200
    assert connections.closed
    gc.collect()
    assert old() is None
    await door.turn(intent="pick")
