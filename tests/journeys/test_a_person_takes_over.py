"""A person of the shop answers in the Page's own inbox: the bot keeps silent, and comes back when it is called."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from shop.db import Database
from shop.models import Customer, InboxEvent
from tests.journeys.simulated import Simulator
from tests.support.stack import Stack

#: As Meta writes it, as its documentation also has it, and not at all.
INBOXES = {"7300000000000001": 263902037430900, "7300000000000002": 26390203743090, "7300000000000003": None}


@pytest.mark.parametrize("psid", INBOXES)
def test_the_bot_keeps_silent_until_it_is_called(stack: Stack, psid: str) -> None:
    simulator = Simulator(stack.addresses["simulator"])
    database = Database(stack.settings.database_url)
    simulator.post("customers", psid=psid, name="Nok Jaidee", locale="th_TH")

    def said() -> str:
        return " ".join(map(str, simulator.said(psid)))

    simulator.post(f"customers/{psid}/text", text="สวัสดีค่ะ")
    soon(lambda: "ยินดีต้อนรับ" in said(), "greeted")
    simulator.post(f"customers/{psid}/inbox", text="แอดมินมาแล้วค่ะ", app_id=INBOXES[psid])
    soon(lambda: person_until(database, psid) is not None, "taken over")
    heard = len(simulator.said(psid))
    simulator.post(f"customers/{psid}/text", text="มีอะไรขายบ้างคะ")
    soon(lambda: left_to_person(database, psid) == 1, "left to the person")
    assert len(simulator.said(psid)) == heard

    simulator.post(f"customers/{psid}/text", text="บอทค่ะ")
    soon(lambda: "บอทกลับมาช่วยแล้วค่ะ" in said(), "called back")
    assert person_until(database, psid) is None
    time.sleep(2)  # the bot's own echoes come back meanwhile, and must not silence it
    simulator.post(f"customers/{psid}/text", text="ขอบคุณค่ะ")
    soon(lambda: "ยินดีค่ะ" in said(), "answered again")
    database.close()


def soon(true: Callable[[], Any], what: str) -> None:
    """Wait until it is true, at most half a minute."""
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def person_until(database: Database, psid: str) -> Any:
    with database.reading() as session:
        return session.scalar(select(Customer.person_until).where(Customer.external_id == psid))


def left_to_person(database: Database, psid: str) -> int:
    with database.reading() as session:
        left = select(InboxEvent.id).where(
            InboxEvent.conversation.endswith(f":{psid}"), InboxEvent.reason == "a person has the chat"
        )
        return len(session.scalars(left).all())
