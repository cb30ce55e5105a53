"""Leases: kept alive while work is in hand, over when their holder is gone, void once somebody else has the row."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from gateway.queue import Lease, Queue
from gateway.service import Service
from shop import customers, mailbox
from shop.db import Database, utc_now
from shop.models import Channel, InboxEvent, OutboxMessage
from shop.replies import Text, to_json
from talad.settings import Settings
from tests.gateway.fakes import FakeGraph, FakeRasa
from tests.gateway.rows import all_done, inbox, outbox
from tests.gateway.waiting import until
from tests.gateway.world import PAGE, deliver, running, said

LEASE_SECONDS = 1.5
CONVERSATION = "1:7001"

Model = type[InboxEvent] | type[OutboxMessage]


def write(database: Database, model: Model, words: str = "hello") -> int:
    """A row that waits in a queue; its id."""
    now = utc_now()
    with database.transaction() as session:
        if model is InboxEvent:
            item = said("7001", words)
            event = mailbox.open_event(
                account_id=PAGE,
                key=f"mid:{item['message']['mid']}",
                channel_id=1,
                conversation=CONVERSATION,
                kind="message",
                raw={"where": "messaging", "item": item},
                now=now,
            )
            return mailbox.keep_events(session, [event])[0]
        customer = customers.meet(session, session.get_one(Channel, 1), "7001", "en", now)
        customers.heard_from(customer, now)
        message = {
            "cause": words,
            "part": 0,
            "channel_id": 1,
            "customer_id": customer.id,
            "conversation": CONVERSATION,
            "notice_id": None,
            "body": to_json(Text(f"re: {words}")),
            "page": 0,
            "created_at": now,
        }
        return mailbox.queue_messages(session, [message])[0]


def lease(database: Database, queue: Queue, row: int) -> Lease | None:
    with database.transaction() as session:
        leased = queue.lease(session, [row])
        return Lease.of(leased[0]) if leased else None


@asynccontextmanager
async def with_short_leases(settings: Settings) -> AsyncIterator[Service]:
    service = Service(settings)
    service.turns.queue.lease_seconds = LEASE_SECONDS
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


both_queues = pytest.mark.parametrize("model", [InboxEvent, OutboxMessage])


@both_queues
def test_what_comes_under_an_old_fence_changes_nothing(
    database: Database, channel: int, model: Model
) -> None:
    row = write(database, model)
    late = lease(database, Queue(model, lease_seconds=0), row)  # over at once
    queue = Queue(model)
    valid = lease(database, queue, row)
    assert late and valid and (late.fence, valid.fence) == (1, 2)
    with database.transaction() as session:
        before = session.get_one(model, row).leased_until
        assert not queue.close(session, late, "done")
        assert not queue.postpone(session, late, 60)
        assert not queue.release(session, late)
        assert not queue.note(session, late, error="late")
        queue.extend(session, [Lease(late.id, late.fence, late.attempts, late.conversation)])
        session.expire_all()
        kept = session.get_one(model, row)
        assert (kept.state, kept.error, kept.attempts, kept.not_before) == ("open", None, 2, None)
        assert kept.leased_until == before
        assert queue.close(session, valid, "done")
        assert not queue.close(session, valid, "dead")


@both_queues
def test_only_the_head_of_a_conversation_is_leased_and_only_once(
    database: Database, channel: int, model: Model
) -> None:
    first, second = write(database, model, "one"), write(database, model, "two")
    queue = Queue(model)
    assert lease(database, queue, second) is None
    held = lease(database, queue, first)
    assert held is not None
    assert lease(database, queue, first) is None
    with database.transaction() as session:
        assert queue.heads(session, 9) == []
        assert queue.lease_head(session, CONVERSATION) is None
        assert queue.postpone(session, held, 60)  # waits for its next try, and keeps its place
        assert queue.heads(session, 9) == []
        assert queue.lease(session, [first, second]) == []


@both_queues
async def test_what_a_dead_process_had_in_hand_is_done_when_its_lease_is_over(
    settings: Settings, channel: int, database: Database, graph: FakeGraph, model: Model
) -> None:
    row, since = write(database, model), time.monotonic()
    assert lease(database, Queue(model, lease_seconds=LEASE_SECONDS), row)  # and never heard of again
    async with running(settings):
        await until(lambda: graph.sent)
        assert time.monotonic() - since > LEASE_SECONDS - 0.1
        await until(lambda: all_done(database))
    assert graph.texts("7001") == ["re: hello"]


async def test_a_turn_longer_than_its_lease_is_kept_and_runs_once(
    settings: Settings, channel: int, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    rasa.seconds = 2 * LEASE_SECONDS
    async with with_short_leases(settings) as service, with_short_leases(settings):
        await deliver(service, said("7001", "slow"))
        await until(lambda: all_done(database))
    assert len(rasa.asked) == 1
    assert [(row.state, row.fence) for row in inbox(database)] == [("done", 1)]
    assert graph.texts("7001") == ["re: slow"]


async def test_the_late_result_of_a_stalled_worker_is_not_sent(
    settings: Settings, channel: int, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    words = iter(["of the new holder", "of the old holder"])
    rasa.answer = lambda _: [{"text": next(words)}]
    rasa.seconds = 2.0
    async with running(settings) as stalled:
        await deliver(stalled, said("7001", "hello"))
        await until(lambda: rasa.asked)
        stalled.turns.worker.hold(60)
        with database.transaction() as session:
            [row] = session.query(InboxEvent).all()
            row.leased_until = utc_now()
        rasa.seconds = 0
        async with running(settings):
            await until(lambda: all_done(database))
            await until(lambda: stalled.turns.ended["lost"])
    assert [message.body["text"] for message in outbox(database)] == ["of the new holder"]
    assert graph.texts("7001") == ["of the new holder"]


async def test_a_replayed_event_waits_for_the_turn_in_hand(
    settings: Settings, channel: int, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    old = write(database, InboxEvent, "old")
    with database.transaction() as session:
        session.get_one(InboxEvent, old).state = "dead"
    rasa.seconds = 1.0
    async with with_short_leases(settings) as service:
        await deliver(service, said("7001", "new"))
        await until(lambda: rasa.asked)
        with database.transaction() as session:
            assert mailbox.replay_event(session, old)
            assert not mailbox.replay_event(session, old)
        service.turns.worker.wake()
        await until(lambda: all_done(database))
    assert rasa.overlaps == 0
    assert graph.texts("7001") == ["re: new", "re: old"]


async def test_more_leases_than_hands_leave_the_loop_turning(
    settings: Settings, channel: int, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    service: Service
    people = [
        f"70{number:02d}" for number in range(60)
    ]  # in one commit: none of them sees the others' leases
    rasa.seconds = 0.5
    most: list[int] = []

    def answer(_: dict[str, Any]) -> None:
        most.append(service.turns.worker.in_hand)

    rasa.answer = answer
    async with running(settings) as service:
        await deliver(service, *(said(psid, "hello") for psid in people))
        await until(lambda: all_done(database), seconds=30)
    assert max(most) > 32
    assert {psid: graph.texts(psid) for psid in people} == {psid: ["re: hello"] for psid in people}
