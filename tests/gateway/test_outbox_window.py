"""Messenger's 24 hours: outside of them nothing is sent, and the seller reads that the customer was not told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import update

from gateway import sentences
from shop import mailbox
from shop.db import Database, utc_now
from shop.models import Customer
from tests.gateway.messenger import Messenger, now_ms
from tests.gateway.notices import notice, paid_order
from tests.gateway.rows import all_done, outbox
from tests.gateway.waiting import until
from tests.gateway.world import Web

LONG_AGO = timedelta(hours=25)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url  # which database it is makes no difference here


async def test_within_the_window_the_customer_is_told(
    chat: Web, database: Database, page: int, messenger: Messenger
) -> None:
    await messenger.meet("7001", window_opened_at=now_ms())
    notice_id = paid_order(database, page, "7001", utc_now() - timedelta(hours=23))
    await until(lambda: notice(database, notice_id).state == "told")
    [seen] = await messenger.seen("7001")
    assert (seen["text"], seen["request"]["messaging_type"]) == ("re: notice", "UPDATE")


async def test_after_it_nothing_is_sent_and_the_reason_stands_on_the_notice(
    chat: Web, database: Database, page: int, messenger: Messenger
) -> None:
    await messenger.meet("7001")
    notice_id = paid_order(database, page, "7001", utc_now() - LONG_AGO)
    await until(lambda: notice(database, notice_id).state == "not_told")
    assert json.loads(notice(database, notice_id).reason or "") == sentences.NO_TEMPLATE
    assert [(row.state, row.code) for row in outbox(database)] == [("failed", "10/2018278")]
    assert not await messenger.sends()


async def test_what_messenger_itself_finds_too_late_is_not_told_either(
    chat: Web, database: Database, page: int, messenger: Messenger
) -> None:
    await messenger.meet("7001", window_opened_at=now_ms() - LONG_AGO // timedelta(milliseconds=1))
    notice_id = paid_order(database, page, "7001", utc_now())
    await until(lambda: notice(database, notice_id).state == "not_told")
    assert json.loads(notice(database, notice_id).reason or "") == sentences.NO_TEMPLATE
    assert [(row.state, row.code) for row in outbox(database)] == [("failed", "10/2018278")]
    assert len(await messenger.sends()) == 1


async def test_tried_again_by_hand_it_is_told_once_though_the_customer_writes_again(
    chat: Web, database: Database, page: int, messenger: Messenger
) -> None:
    await messenger.meet("7001")
    notice_id = paid_order(database, page, "7001", utc_now() - LONG_AGO)
    await until(lambda: notice(database, notice_id).state == "not_told")
    with database.transaction() as session:
        session.execute(update(Customer).values(last_inbound_at=utc_now()))
        assert mailbox.retry_message(session, outbox(database)[0].id)
    await messenger.says("7001", "hello?")
    await until(lambda: notice(database, notice_id).state == "told")
    await until(messenger.has_seen("7001", 2))
    await until(lambda: all_done(database))
    assert notice(database, notice_id).reason is None
    assert sorted(await messenger.texts("7001")) == ["re: hello?", "re: notice"]


async def test_reading_and_being_delivered_open_no_window(
    chat: Web, database: Database, page: int, messenger: Messenger
) -> None:
    await messenger.meet("7001")
    await messenger.says("7001", "hello")
    await until(messenger.has_seen("7001", 1))
    await until(lambda: all_done(database))
    with database.transaction() as session:
        session.execute(update(Customer).values(last_inbound_at=utc_now() - LONG_AGO))
    await messenger.does("7001", "read")
    await messenger.does("7001", "inbox", text="a person of the shop writes")
    assert (await messenger.control("idle"))["idle"]
    notice_id = paid_order(database, page, "7001", utc_now() - LONG_AGO)
    await until(lambda: notice(database, notice_id).state == "not_told")
