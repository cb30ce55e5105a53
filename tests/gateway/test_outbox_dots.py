"""Typing dots while an answer takes a moment: they never hold it up and never come after it."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from shop.db import Database
from tests.gateway.fakes import FakeRasa
from tests.gateway.messenger import Messenger
from tests.gateway.waiting import until
from tests.gateway.world import Web


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url  # which database it is makes no difference here


async def is_typing(messenger: Messenger, psid: str) -> bool:
    customer = await messenger.control(f"customers/{psid}")
    return bool(customer["thread"]["typing"])


async def test_they_show_while_an_answer_takes_a_moment_and_go_with_it(
    chat: Web, rasa: FakeRasa, messenger: Messenger
) -> None:
    rasa.seconds = 1.0
    await messenger.meet("7001")
    await messenger.says("7001", "hello")
    await until(lambda: is_typing(messenger, "7001"))
    assert not await messenger.seen("7001")
    await until(messenger.has_seen("7001", 1))
    assert not await is_typing(messenger, "7001")


async def test_a_quick_answer_comes_without_them(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger
) -> None:
    await messenger.meet("7001")
    await messenger.says("7001", "hello")
    await until(messenger.has_seen("7001", 1))
    assert not await messenger.sends(dots=True)


async def test_slow_or_broken_ones_do_not_hold_up_the_answer(
    chat: Web, rasa: FakeRasa, messenger: Messenger
) -> None:
    rasa.seconds = 0.4
    await messenger.meet("7001", "7002")
    await messenger.goes_wrong(
        {"error": "hang", "psid": "7001", "times": 1}, {"error": "temporary", "psid": "7002", "times": 1}
    )
    for psid in ("7001", "7002"):
        written = (await messenger.does(psid, "text", text="hello"))["wall"]
        await until(messenger.has_seen(psid, 1))
        assert len(await messenger.sends(psid, dots=True)) == 1
        [answer] = await messenger.sends(psid)
        assert answer["wall"] - written < 2


async def test_none_comes_after_an_answer_that_is_there_just_when_they_would_show(
    chat: Web, rasa: FakeRasa, messenger: Messenger
) -> None:
    people = [f"70{number:02d}" for number in range(40)]
    moments = dict(zip(people, random.sample([0.15 + 0.0025 * n for n in range(40)], 40), strict=True))

    async def answer(turn: dict[str, Any]) -> None:
        await asyncio.sleep(moments[turn["conversation"].partition(":")[2]])

    rasa.answer = answer
    await messenger.meet(*people)
    await messenger.control("burst", {"messages": [{"psid": psid, "text": "hello"} for psid in people]})
    for psid in people:
        await until(messenger.has_seen(psid, 1))
    dots = {call["body"]["recipient"]["id"]: call["seq"] for call in await messenger.sends(dots=True)}
    answers = {call["body"]["recipient"]["id"]: call["seq"] for call in await messenger.sends()}
    assert dots  # or the moments lie before theirs; on a machine with other work all may lie after
    assert all(dots[psid] < answers[psid] for psid in dots)
