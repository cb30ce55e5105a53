"""A long reply goes out in several messages; whatever stops it on the way, it goes on where it stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from channels.messenger.text import split
from shop.db import Database
from tests.gateway.child import Child
from tests.gateway.fakes import FakeRasa
from tests.gateway.messenger import Messenger
from tests.gateway.rows import all_done, outbox
from tests.gateway.waiting import until
from tests.gateway.world import Web

LONG = " ".join(f"word{number}" for number in range(600))
PARTS = split(LONG, 1900)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url  # which database it is makes no difference here


@pytest.fixture
async def child(chat_environment: dict[str, str], page: int, compiled: Path) -> AsyncIterator[Child]:
    child = Child(chat_environment, compiled)
    await child.start()
    yield child
    await child.kill()


@pytest.mark.parametrize("accepted", [False, True], ids=["on its way", "accepted"])
async def test_after_a_crash_in_the_middle_the_rest_follows_and_nothing_twice(
    child: Child, database: Database, rasa: FakeRasa, messenger: Messenger, accepted: bool
) -> None:
    rasa.answer = lambda turn: [{"text": LONG}, {"text": "the end"}]
    assert len(PARTS) == 3
    await messenger.deliver_to(f"http://127.0.0.1:{child.port}")
    await messenger.meet("7001")
    await messenger.goes_wrong({"error": "hang", "accepted": accepted, "after": 1, "times": 1})
    await messenger.says("7001", "tell me everything")
    await until(messenger.has_tried(2))
    if accepted:  # and its echo has come, but nobody waits for the answer any more
        await until(lambda: outbox(database)[0].sent_parts == 2)
    await child.kill()
    assert outbox(database)[0].sent_parts == 1 + accepted

    await child.start()
    await until(messenger.has_seen("7001", 4), seconds=30)
    await until(lambda: all_done(database))
    assert await messenger.texts("7001") == [*PARTS, "the end"]
    seen = await messenger.seen("7001")
    assert outbox(database)[0].message_ids == [entry["mid"] for entry in seen[:3]]


async def test_a_part_that_is_tried_again_does_not_repeat_the_ones_before(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger, hasty: None
) -> None:
    rasa.answer = lambda turn: [{"text": LONG}, {"text": "the end"}]
    await messenger.meet("7001")
    await messenger.goes_wrong(
        {"error": "temporary", "after": 1, "times": 2},
        {"error": "drop", "accepted": True, "after": 1, "times": 1},
    )
    await messenger.says("7001", "tell me everything")
    await until(messenger.has_seen("7001", 4))
    await until(lambda: all_done(database))
    assert await messenger.texts("7001") == [*PARTS, "the end"]
    assert len(await messenger.sends()) == 6
    assert [row.sent_parts for row in outbox(database)] == [3, 1]
