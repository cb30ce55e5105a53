"""A gateway is killed between Messenger's taking a notice and writing so: not sent twice, and not hidden."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from gateway import sentences
from shop import views
from shop.db import Database, utc_now
from tests.gateway.child import Child
from tests.gateway.messenger import Messenger, now_ms
from tests.gateway.notices import notice, paid_order
from tests.gateway.rows import all_done, outbox
from tests.gateway.silence import Silence, reviewed
from tests.gateway.waiting import until
from tests.gateway.world import PAGE

NOK = "7001"
TAKEN_BUT_NO_ANSWER = {"error": "hang", "accepted": True, "times": 1}


@pytest.fixture
async def child(
    chat_environment: dict[str, str], page: int, compiled, messenger: Messenger
) -> AsyncIterator[Child]:
    child = Child(chat_environment, compiled)
    await child.start()
    await messenger.deliver_to(f"http://127.0.0.1:{child.port}")
    yield child
    await child.kill()
    await messenger.reset()


async def killed_while_sending(
    child: Child, messenger: Messenger, database: Database, page: int, **ago: float
) -> int:
    """The notice, taken by Messenger from a gateway that died before it heard so, and the gateway alive again."""
    await messenger.goes_wrong(TAKEN_BUT_NO_ANSWER)
    notice_id = paid_order(database, page, NOK, utc_now() - timedelta(**ago))
    await until(messenger.has_seen(NOK, 1), seconds=30)
    await child.kill()
    assert outbox(database)[0].state == "open" and outbox(database)[0].begun == 0
    await child.start()
    return notice_id


@pytest.mark.parametrize("late", [False, True])
async def test_its_echo_shows_that_it_arrived(
    child: Child, database: Database, page: int, messenger: Messenger, late: bool
) -> None:
    await messenger.meet(NOK, window_opened_at=now_ms())
    if late:
        await reviewed(Silence(database, page, messenger), "approve")
    notice_id = await killed_while_sending(child, messenger, database, page, hours=25 if late else 0)
    await until(lambda: notice(database, notice_id).state == "told", seconds=40)
    [seen] = await messenger.seen(NOK)
    assert seen["request"]["messaging_type"] == ("UTILITY" if late else "UPDATE")
    assert len(await messenger.sends()) == 1
    assert [row.state for row in outbox(database)] == ["sent"]


async def test_without_an_echo_the_seller_reads_that_nobody_knows(
    child: Child, database: Database, page: int, messenger: Messenger
) -> None:
    await messenger.control(f"pages/{PAGE}", {"fields": ["messages"]})
    await messenger.meet(NOK, window_opened_at=now_ms())
    notice_id = await killed_while_sending(child, messenger, database, page)
    await until(lambda: notice(database, notice_id).state == "uncertain", seconds=40)
    assert json.loads(notice(database, notice_id).reason or "") == sentences.UNCERTAIN
    assert len(await messenger.sends()) == 1
    with database.reading() as session:
        assert [row.state for row in views.unsent(session)] == ["uncertain"]
    await messenger.says(NOK, "hello")  # does not have it told again: it may have arrived
    await until(messenger.has_seen(NOK, 2))
    await until(lambda: all_done(database))
    assert notice(database, notice_id).state == "uncertain"


async def test_killed_between_the_customers_word_and_the_telling_it_is_told_once(
    child: Child, database: Database, page: int, messenger: Messenger
) -> None:
    await messenger.meet(NOK)
    notice_id = paid_order(database, page, NOK, utc_now() - timedelta(hours=25))
    await until(lambda: notice(database, notice_id).state == "not_told")
    for _ in range(3):
        await messenger.says(NOK, "hello again")
        await child.kill()
        await child.start()
    await until(lambda: notice(database, notice_id).state == "told", seconds=40)
    await until(lambda: all_done(database), seconds=40)
    assert (await messenger.texts(NOK)).count("re: notice") == 1
