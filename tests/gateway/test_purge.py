"""What is emptied after a while, and what has to stay: keys, open work, and all that waits for a person."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from gateway import purge
from gateway.service import Service
from shop import mailbox
from shop.db import Database, utc_now
from shop.models import InboxEvent
from tests.gateway.fakes import FakeGraph
from tests.gateway.rows import all_done, inbox
from tests.gateway.waiting import until
from tests.gateway.world import PAGE, deliver, said

BEFORE = utc_now() - purge.KEEP
OLD, YOUNG = BEFORE - timedelta(minutes=1), BEFORE + timedelta(minutes=1)


def event(key: str, state: str, closed: datetime | None, channel_id: int) -> InboxEvent:
    return InboxEvent(
        account_id=PAGE,
        key=key,
        channel_id=channel_id,
        conversation=f"{channel_id}:7001",
        kind="message",
        state=state,
        raw={"said": key},
        at=OLD,
        created_at=OLD,
        done_at=closed,
    )


def test_only_what_was_worked_off_long_ago_is_emptied(database: Database, channel: int) -> None:
    with database.transaction() as session:
        session.add(event("open", "open", None, channel))
        for state in ("done", "ignored", "dead"):
            session.add_all(event(f"{state} {closed}", state, closed, channel) for closed in (OLD, YOUNG))
    with database.transaction() as session:
        assert purge.empty(session, BEFORE) == 2
        assert purge.empty(session, BEFORE) == 0

    assert [row.key for row in inbox(database) if row.raw is None] == [f"done {OLD}", f"ignored {OLD}"]


def test_the_key_of_an_emptied_event_keeps_it_from_being_done_again(database: Database, channel: int) -> None:
    with database.transaction() as session:
        session.add(event("mid:m_1", "done", OLD, channel))
    with database.transaction() as session:
        assert purge.empty(session, BEFORE) == 1
    late = {"key": "mid:m_1", "account_id": PAGE, "channel_id": channel, "conversation": f"{channel}:7001"}
    with database.transaction() as session:
        again = mailbox.open_event(kind="message", raw={}, now=utc_now(), **late)  # type: ignore[arg-type]
        assert mailbox.keep_events(session, [again]) == []
    [row] = inbox(database)
    assert (row.state, row.raw) == ("done", None)


async def test_a_gateway_empties_thousands_in_small_steps_and_answers_meanwhile(
    service: Service, database: Database, channel: int, graph: FakeGraph
) -> None:
    with database.transaction() as session:
        session.add_all(event(f"done {number}", "done", OLD, channel) for number in range(1000))
    chore = asyncio.create_task(purge.for_ever(service.writer))
    await deliver(service, said("7001", "hello"))
    await until(lambda: graph.texts("7001") == ["re: hello"])
    await until(lambda: sum(row.raw is None for row in inbox(database)) == 1000)
    await until(lambda: all_done(database))
    chore.cancel()
    assert len(inbox(database)) == 1001
    assert inbox(database)[-1].raw is not None
