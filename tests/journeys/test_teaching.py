"""What a customer types and the bot does not understand is taught, trained, published, understood; and taken back."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from shop import bot_models
from shop.db import Database
from shop.models import Product, Utterance, Variant
from tests.journeys.simulated import Simulator
from tests.support.stack import Stack

NOK = "7300000000000077"
#: In the dialect of the north-east: "How much is it, dear?" And a name that nobody but this shop has.
DIALECT, NAME, NEW_NAME = "จักบาทล่ะนาง", "โบโบ้ลุย", "โบโบ้ลุยยังอยู่ครบไหมเอ่ย"
PRICE = "฿197"
#: A training takes half a minute of a processor's time, and both examinations as much again; it gives way to all else.
_TRAINING_SECONDS = 1200.0
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.fixture
def database(stack: Stack) -> Iterator[Database]:
    opened = Database(stack.settings.database_url)
    yield opened
    opened.close()


@pytest.fixture
def console(stack: Stack, chrome: Browser) -> Iterator[Page]:
    """The owner's phone, signed in."""
    context = chrome.new_context(viewport={"width": 360, "height": 740}, has_touch=True, locale="th")
    page = context.new_page()
    page.goto(f"{stack.addresses['console']}/training")
    page.fill("#email", stack.seller)
    page.fill("#password", stack.password)
    page.click("button.main")
    page.wait_for_url("**/training")
    yield page
    context.close()


@pytest.mark.timeout(_TRAINING_SECONDS + 600)
def test_strange_words_are_taught_understood_and_forgotten_again(
    stack: Stack, database: Database, console: Page, artefacts: Path
) -> None:
    simulator = Simulator(stack.addresses["simulator"])
    simulator.post("customers", psid=NOK, name="Nok Jaidee", locale="th_TH")
    with database.transaction() as session:
        new = Variant(sku="BOBO", price=19700, stock=7)
        session.add(Product(name_th=NAME, name_en="Bobo Lui", variants=[new]))

    def typed(text: str) -> str:
        """What the shop answers."""
        before = len(simulator.said(NOK))
        simulator.post(f"customers/{NOK}/text", text=text)
        soon(lambda: len(simulator.said(NOK)) > before, f"answered {text}")
        time.sleep(1)  # an answer of several messages is there
        return str(simulator.said(NOK)[before:])

    typed("สวัสดีค่ะ")
    assert NAME not in typed(NEW_NAME)
    assert PRICE not in typed(DIALECT)
    soon(lambda: is_heard(database, DIALECT) and is_heard(database, NEW_NAME), "kept for the desk")
    at_first = loaded(stack)

    for text, line, intent in (
        (DIALECT, DIALECT, "ask_price"),
        (NEW_NAME, f"[{NAME}](product)ยังอยู่ครบไหมเอ่ย", "ask_stock"),
    ):
        console.goto(f"{stack.addresses['console']}/training")
        expect(console.get_by_text(text).first).to_be_visible()
        teach(console, stack, database, text, line, intent)

    console.goto(f"{stack.addresses['console']}/training/models")
    expect(console.get_by_text("มีข้อความที่สอนใหม่ 2 ข้อความ")).to_be_visible()
    console.get_by_role("button", name="ฝึกบอทตอนนี้").click()
    expect(console.get_by_role("progressbar")).to_be_visible()
    publish = console.get_by_role("button", name="เผยแพร่")
    expect(publish).to_be_visible(timeout=_TRAINING_SECONDS * 1000)  # without touching anything
    drawn = console.locator(".confusion img")
    drawn.scroll_into_view_if_needed()
    soon(lambda: drawn.evaluate("image => image.naturalWidth") > 300, "the picture of what is taken for what")
    console.screenshot(path=artefacts / "taught-and-trained.png", full_page=True)
    expect(console.locator("#live").get_by_text("ไม่มีเรื่องสำคัญที่แย่ลง")).to_be_visible()
    publish.click()
    expect(console.locator("#live").get_by_text("ใช้ตอบลูกค้าตั้งแต่")).to_be_visible()

    with database.reading() as session:
        used = bot_models.in_use(session)
        assert used is not None and used.taught_count == 2
    soon(lambda: loaded(stack) == used.name, "taken over by Rasa")
    assert NAME in typed(NEW_NAME)  # a new product is understood after the next training
    assert PRICE in typed(DIALECT)

    console.goto(f"{stack.addresses['console']}/training/models")
    before = console.locator(".made > li").filter(has_text="เคยใช้งาน")
    before.get_by_role("button", name=re.compile("กลับไปใช้ตัวนี้")).click()
    expect(console.locator("#live").get_by_text("ใช้ตอบลูกค้าตั้งแต่")).to_be_visible()
    soon(lambda: loaded(stack) == at_first, "taken back by Rasa")
    assert PRICE not in typed(DIALECT)


def teach(console: Page, stack: Stack, database: Database, text: str, line: str, intent: str) -> None:
    with database.reading() as session:
        utterance = session.scalars(select(Utterance.id).where(Utterance.text == text)).one()
    console.goto(f"{stack.addresses['console']}/training/{utterance}")
    folded = console.locator("details.by-hand")
    if folded.get_attribute("open") is None:
        folded.locator("summary").click()
    folded.locator("textarea").fill(line)
    console.locator(f'button[name="intent"][value="{intent}"]').first.click()
    soon(lambda: verdict(database, utterance) == "taught", f"taught {text}")


def verdict(database: Database, utterance: int) -> str:
    with database.reading() as session:
        return session.get_one(Utterance, utterance).verdict


def is_heard(database: Database, text: str) -> bool:
    with database.reading() as session:
        return session.scalar(select(Utterance.id).where(Utterance.text == text)) is not None


def loaded(stack: Stack) -> Any:
    """The model that Rasa has."""
    request = urllib.request.Request(
        f"{stack.addresses['rasa']}/webhooks/talad/",
        headers={"Authorization": f"Bearer {stack.settings.rasa_token}"},
    )
    with _direct.open(request, timeout=30) as answer:
        return json.load(answer)["model"]


def soon(true: Callable[[], Any], what: str) -> None:
    """Wait until it is true, at most a minute and a half."""
    end = time.monotonic() + 90
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.2)
