"""What a person has tried again starts at once, on both databases, and not only when the gateway next looks."""

from __future__ import annotations

import asyncio

import pytest

from shop import mailbox
from shop.db import Database
from tests.gateway.fakes import FakeRasa
from tests.gateway.messenger import Messenger
from tests.gateway.rows import all_done, inbox, outbox
from tests.gateway.test_inbox_failures import broken_for
from tests.gateway.waiting import until
from tests.gateway.world import Web


@pytest.fixture
async def sleepy(chat: Web, monkeypatch: pytest.MonkeyPatch) -> Web:
    """A gateway that looks for work only when it is told to."""
    monkeypatch.setattr("gateway.worker.POLL_SECONDS", 600.0)
    await asyncio.sleep(1.1)  # until its loops have begun to wait that long
    return chat


async def test_a_message_that_is_sent_again(sleepy: Web, database: Database, messenger: Messenger) -> None:
    await messenger.meet("7001")
    await messenger.control("customers/7001", {"blocked": True})
    await messenger.says("7001", "hello")
    await until(lambda: [row.state for row in outbox(database)] == ["failed"])
    await messenger.control("customers/7001", {"blocked": False})
    with database.transaction() as session:
        assert mailbox.retry_message(session, outbox(database)[0].id)
    await until(messenger.has_seen("7001", 1), seconds=5)
    await until(lambda: all_done(database))
    assert [(row.state, row.code, row.error) for row in outbox(database)] == [("sent", None, None)]


async def test_an_event_that_is_replayed(
    sleepy: Web, database: Database, rasa: FakeRasa, messenger: Messenger
) -> None:
    rasa.answer = broken_for("bad")
    await messenger.meet("7001")
    await messenger.says("7001", "bad")
    await until(lambda: inbox(database) and all_done(database))
    rasa.answer = None
    with database.transaction() as session:
        assert mailbox.replay_event(session, inbox(database)[0].id)
    await until(messenger.has_seen("7001", 1), seconds=5)
