"""The platform repeats what it is not sure of: the same event again, anywhere and at any time, does nothing."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from gateway import inbox as gateway_inbox
from gateway import purge
from gateway.queue import LEASE_SECONDS
from gateway.service import Service
from shop import mailbox
from shop.db import Database, utc_now
from talad.settings import Settings
from tests.gateway.fakes import FakeGraph, FakeRasa
from tests.gateway.rows import all_done, inbox, outbox
from tests.gateway.waiting import until
from tests.gateway.world import body, deliver, running, said


async def test_an_event_that_reaches_three_gateways_at_once_is_done_once(
    settings: Settings, channel: int, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    events = [said(f"70{number:02d}", "once") for number in range(10)]
    async with AsyncExitStack() as stack:
        gateways = [await stack.enter_async_context(running(settings)) for _ in range(3)]
        everywhere = [(gateway, event) for event in events for gateway in gateways * 5]
        await asyncio.gather(*(deliver(gateway, event) for gateway, event in everywhere))
        await until(lambda: len(graph.sent) >= len(events) and all_done(database))
        await asyncio.gather(*(deliver(gateway, event) for gateway, event in everywhere))
        await until(lambda: all_done(database))
    assert len(inbox(database)) == len(outbox(database)) == len(rasa.asked) == len(events)
    assert sorted(sent["recipient"]["id"] for sent in graph.sent) == [
        f"70{number:02d}" for number in range(10)
    ]


async def test_an_event_twice_in_one_webhook_is_done_once(
    service: Service, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    event, after = said("7001", "once"), said("7001", "after")
    await deliver(service, event, event, after, event)
    await until(lambda: all_done(database))
    assert rasa.order["1:7001"] == ["once", "after"]
    assert graph.texts("7001") == ["re: once", "re: after"]


async def test_an_event_kept_too_late_for_the_answer_is_answered_at_once_and_once(
    service: Service, database: Database, graph: FakeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = mailbox.keep_events

    def slowly(session: Session, rows: Sequence[dict[str, Any]]) -> list[int]:
        time.sleep(0.5)
        return keep(session, rows)

    event = said("7001", "once")
    with monkeypatch.context() as patched:
        patched.setattr(gateway_inbox, "KEEP_SECONDS", 0.1)
        patched.setattr(mailbox, "keep_events", slowly)
        with pytest.raises(TimeoutError):
            await service.inbox.receive(json.dumps(body(event)).encode())
        await until(lambda: inbox(database))
    await deliver(service, event)
    await until(lambda: graph.sent and all_done(database), LEASE_SECONDS / 2)
    assert graph.texts("7001") == ["re: once"]


async def test_an_event_that_was_emptied_long_ago_is_still_known(
    service: Service, database: Database, graph: FakeGraph
) -> None:
    event = said("7001", "once")
    await deliver(service, event)
    await until(lambda: graph.sent and all_done(database))
    with database.transaction() as session:
        assert purge.empty(session, utc_now() + timedelta(seconds=1)) == 1
    await deliver(service, event)
    [row] = inbox(database)
    assert (row.state, row.raw) == ("done", None)
    assert len(outbox(database)) == 1
    assert len(graph.sent) == 1
