"""Each customer reads the replies in the order in which they were said, also while one is tried again."""

from __future__ import annotations

from typing import Any

from shop.db import Database, utc_now
from shop.models import OutboxMessage
from tests.gateway.fakes import FakeRasa
from tests.gateway.messenger import Messenger
from tests.gateway.rows import all_done, outbox
from tests.gateway.waiting import until
from tests.gateway.world import Web

PEOPLE = [f"70{number:02d}" for number in range(20)]
WORDS = ["one", "two", "three"]


async def test_several_replies_to_several_messages_arrive_in_order_for_everybody(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger
) -> None:
    rasa.answer = lambda turn: [{"text": f"{turn['text']} {number}"} for number in range(3)]
    await messenger.meet(*PEOPLE)
    await messenger.behaves(graph_delay=0.02)
    said = [{"psid": psid, "text": words} for words in WORDS for psid in PEOPLE]
    await messenger.control("burst", {"messages": said})
    for psid in PEOPLE:
        await until(messenger.has_seen(psid, 9), seconds=60)
        assert await messenger.texts(psid) == [f"{words} {number}" for words in WORDS for number in range(3)]


async def test_later_replies_wait_for_one_that_is_tried_again_and_other_customers_do_not(
    chat: Web, database: Database, messenger: Messenger, monkeypatch: Any
) -> None:
    monkeypatch.setattr("channels.base.FIRST_PAUSE", 200.0)
    await messenger.meet("7001", "7002")
    await messenger.goes_wrong({"error": "temporary", "psid": "7001", "times": 1})
    await messenger.says("7001", *WORDS)
    await until(lambda: len(outbox(database)) == 3 and outbox(database)[0].not_before)
    await messenger.says("7002", *WORDS)
    await until(messenger.has_seen("7002", 3))
    assert [row.attempts for row in outbox(database)[:3]] == [1, 0, 0]
    assert not await messenger.texts("7001")

    with database.transaction() as session:  # the pause is over
        session.get_one(OutboxMessage, outbox(database)[0].id).not_before = utc_now()
    await until(lambda: all_done(database))
    assert await messenger.texts("7001") == ["re: one", "re: two", "re: three"]


async def test_the_order_stays_while_one_after_the_other_is_tried_again(
    chat: Web, database: Database, messenger: Messenger, hasty: None
) -> None:
    await messenger.meet("7001")
    await messenger.goes_wrong({"error": "temporary", "times": 2}, {"error": "html", "times": 2, "after": 1})
    await messenger.says("7001", *WORDS)
    await until(messenger.has_seen("7001", 3))
    await until(lambda: all_done(database))
    assert await messenger.texts("7001") == ["re: one", "re: two", "re: three"]
    assert len(await messenger.sends()) == 7
