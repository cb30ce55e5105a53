"""A message whose answer was lost: its echo says that it arrived, and only without one it is sent again.

Messenger has no key that would make sending again harmless, so each needless try would show it twice.
"""

from __future__ import annotations

import json

import pytest

from channels.messenger.graph import Graph
from gateway import sentences
from shop import views
from shop.db import Database
from tests.gateway.messenger import Messenger, now_ms
from tests.gateway.notices import notice, paid_order
from tests.gateway.rows import all_done, outbox
from tests.gateway.waiting import until
from tests.gateway.world import PAGE, Web, happened

LOST = {"error": "drop", "accepted": True}


@pytest.fixture(autouse=True)
def hastier(hasty: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the wait for an echo holds the next try back."""
    monkeypatch.setattr("channels.base.FIRST_PAUSE", 0.0)


async def without_echoes(messenger: Messenger) -> None:
    await messenger.control(f"pages/{PAGE}", {"fields": ["messages", "messaging_postbacks"]})


async def echo_of(messenger: Messenger, psid: str, metadata: str) -> None:
    """The echo of a message as Messenger sends it, however late."""
    message = {
        "mid": "m_late",
        "is_echo": True,
        "app_id": 200000000000001,
        "metadata": metadata,
        "text": "re: one",
    }
    event = happened(PAGE, message=message)
    event["recipient"] = {"id": psid}
    body = {"object": "page", "entry": [{"id": PAGE, "time": event["timestamp"], "messaging": [event]}]}
    answer = await messenger.control("webhook-body", {"body": body})
    assert answer["status"] == 200


async def test_its_echo_settles_it_without_another_try(
    chat: Web, database: Database, messenger: Messenger
) -> None:
    await messenger.meet("7001")
    await messenger.goes_wrong({**LOST, "times": 1})
    await messenger.says("7001", "one", "two")
    await until(messenger.has_seen("7001", 2))
    await until(lambda: all_done(database))
    assert await messenger.texts("7001") == ["re: one", "re: two"]
    assert len(await messenger.sends()) == 2
    [first, _] = await messenger.seen("7001")
    row = outbox(database)[0]
    assert (row.state, row.message_ids, row.code, row.error) == ("sent", [first["mid"]], None, None)


async def test_without_an_echo_it_is_sent_again(chat: Web, database: Database, messenger: Messenger) -> None:
    await messenger.meet("7001")
    await messenger.goes_wrong({"error": "drop", "times": 1})
    await messenger.says("7001", "one", "two")
    await until(messenger.has_seen("7001", 2))
    assert await messenger.texts("7001") == ["re: one", "re: two"]
    assert len(await messenger.sends("7001")) == 3


async def test_after_three_tries_it_is_shown_as_uncertain_and_the_next_one_goes(
    chat: Web, database: Database, messenger: Messenger
) -> None:
    await without_echoes(messenger)
    await messenger.meet("7001")
    await messenger.goes_wrong({**LOST, "times": 3})
    await messenger.says("7001", "one", "two")
    await until(messenger.has_seen("7001", 4))
    await until(lambda: all_done(database))
    assert await messenger.texts("7001") == ["re: one"] * 3 + ["re: two"]
    with database.reading() as session:
        [row] = views.unsent(session)
    assert (row.state, row.body["text"]) == ("uncertain", "re: one")
    assert json.loads(row.error or "") == sentences.UNCERTAIN


async def test_an_echo_that_comes_after_it_was_given_up_settles_it(
    chat: Web, database: Database, page: int, messenger: Messenger
) -> None:
    await without_echoes(messenger)
    await messenger.meet("7001", "7002", window_opened_at=now_ms())
    await messenger.goes_wrong({**LOST, "times": 3})
    notice_id = paid_order(database, page, "7001")
    await until(lambda: [row.state for row in outbox(database)] == ["uncertain"])
    assert notice(database, notice_id).state == "uncertain"
    row = outbox(database)[0]

    await echo_of(messenger, "7002", f"talad:{row.id}:0")  # somebody else's, so not this one's
    await echo_of(messenger, "7001", f"talad:{row.id}:1")  # of a part that was not sent yet
    assert [row.state for row in outbox(database)] == ["uncertain"]
    await echo_of(messenger, "7001", f"talad:{row.id}:0")
    await until(lambda: [row.state for row in outbox(database)] == ["sent"])
    assert notice(database, notice_id).state == "told"
    assert outbox(database)[0].message_ids == ["m_late"]
    assert len(await messenger.sends()) == 3


async def test_an_echo_that_overtakes_the_answer_of_the_last_try_settles_it(
    chat: Web, database: Database, messenger: Messenger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(Graph.__init__.__kwdefaults__, "timeout", 0.5)  # type: ignore[index]
    await chat.service.directory.refresh()  # makes clients anew
    await messenger.meet("7001")
    await messenger.goes_wrong({"error": "drop", "times": 2}, {"error": "hang", "accepted": True, "times": 1})
    await messenger.says("7001", "one")
    await until(messenger.has_seen("7001", 1))
    await until(lambda: all_done(database))
    assert [row.state for row in outbox(database)] == ["sent"]
    assert await messenger.texts("7001") == ["re: one"]


async def test_an_echo_of_what_a_person_wrote_in_the_inbox_settles_nothing(
    chat: Web, database: Database, messenger: Messenger
) -> None:
    await without_echoes(messenger)
    await messenger.meet("7001")
    await messenger.goes_wrong({**LOST, "times": 3})
    await messenger.says("7001", "one")
    await until(lambda: [row.state for row in outbox(database)] == ["uncertain"])
    for metadata in ("", "talad", "talad:1", "talad:0:0", "talad:1:0 ", "talad:99999999999999999999:0"):
        await echo_of(messenger, "7001", metadata)
    assert [row.state for row in outbox(database)] == ["uncertain"]
