"""Nok asks for a person, who answers in the console; the words reach Nok's phone, and the bot comes back when told."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.phones import SECONDS, open_console
from tests.journeys.simulated import Simulator
from tests.support.stack import Stack

NOK, NAME = "7300000000000051", "สมหญิง ใจดี"


@pytest.fixture
def console(chrome: Browser, stack: Stack) -> Page:
    """The seller's phone, with the list of chats."""
    page = open_console(chrome, stack)
    page.wait_for_url("**/orders")
    page.goto(f"{stack.addresses['console']}/chats")
    return page


def test_a_person_is_called_answers_hears_the_reply_and_gives_back(
    stack: Stack, console: Page, artefacts: Path
) -> None:
    simulator = Simulator(stack.addresses["simulator"])
    simulator.post("customers", psid=NOK, name=NAME, locale="th_TH")

    def says(text: str) -> None:
        simulator.post(f"customers/{NOK}/text", text=text)

    def heard() -> str:
        return " ".join(map(str, simulator.said(NOK)))

    says("สวัสดีค่ะ")
    soon(lambda: "ยินดีต้อนรับ" in heard(), "greeted")
    says("ขอคุยกับแอดมินหน่อยค่ะ")
    soon(lambda: "แจ้งร้านให้แล้วค่ะ" in heard(), "told that a person comes")

    # the list, open all the while, shows that Nok waits
    row = console.locator(".chat-list li").filter(has_text=NAME)
    expect(row).to_contain_text(re.compile("รอตอบตั้งแต่"), timeout=SECONDS)
    console.screenshot(path=artefacts / "nok-waits-in-chats.png")
    row.locator("a").click()
    expect(console.locator(".talk")).to_contain_text("ขอคุยกับแอดมินหน่อยค่ะ")

    console.locator("#text").fill("สวัสดีค่ะ ร้านรับเองค่ะ")
    console.get_by_role("button", name="ส่ง", exact=True).click()
    soon(lambda: "สวัสดีค่ะ ร้านรับเองค่ะ" in heard(), "the seller's words on the phone")
    expect(console.locator(".talk > li").last).to_contain_text("ส่งแล้ว", timeout=SECONDS)

    # the seller looks at other things; Nok writes back, and the bot keeps silent
    console.goto(f"{stack.addresses['console']}/chats")
    said = len(simulator.said(NOK))
    says("ส่งพรุ่งนี้ได้ไหมคะ")
    expect(row).to_contain_text("1 ยังไม่ได้อ่าน", timeout=SECONDS)
    expect(row).to_contain_text("ส่งพรุ่งนี้ได้ไหมคะ")
    row.locator("a").click()
    expect(console.locator(".talk > li").last).to_contain_text("ส่งพรุ่งนี้ได้ไหมคะ")
    console.goto(f"{stack.addresses['console']}/chats")
    expect(row).not_to_contain_text("ยังไม่ได้อ่าน")
    assert len(simulator.said(NOK)) == said

    # what comes while the chat is open appears by itself, and is read
    row.locator("a").click()
    says("หรือวันมะรืนก็ได้ค่ะ")
    expect(console.locator(".talk > li").last).to_contain_text("หรือวันมะรืนก็ได้ค่ะ", timeout=SECONDS)
    expect(console.locator("[data-unread]")).to_have_attribute("data-unread", "0", timeout=SECONDS)

    console.get_by_role("button", name="ให้บอทตอบต่อ").click()
    soon(lambda: "บอทกลับมาช่วยแล้วค่ะ" in heard(), "told that the bot is back")
    says("ขอบคุณค่ะ")
    soon(lambda: "ยินดีค่ะ" in heard(), "the bot answers again")
    expect(console.locator(".talk > li").last).to_contain_text("ยินดีค่ะ", timeout=SECONDS)
    expect(console.locator(".chat-who")).to_contain_text("บอทกำลังตอบ")
    console.screenshot(path=artefacts / "nok-with-the-bot-again.png")


def soon(true: Callable[[], Any], what: str) -> None:
    """Wait until it is true, at most half a minute."""
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.1)
