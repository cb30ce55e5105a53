"""Models of the bot and what was taught, on a phone and a wide screen: training, publishing, going back, taking back,
putting it into the files.
"""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from shop import bot_making, bot_models, utterances
from shop.bot_making import Made
from shop.bot_models import Step
from shop.db import utc_now
from shop.models import BotModel, Channel
from tests.factories import make_customer
from tests.seller_console import teaching
from tests.seller_console.bot_models import FILES, exam, make_compared, make_model, publish
from tests.seller_console.browser import PHONE, is_good, open_tab, picture, sign_in
from tests.seller_console.support import EMAIL
from tests.support.machine import ROOT

MODELS = "/training/models"


@pytest.fixture
def database_url(sqlite_url):
    """What the browser shows does not depend on the server; the other tests run on both."""
    return sqlite_url


@pytest.fixture
def shelf(database, store):
    """A model in use, a better one, one that got worse, one that could not be made."""
    store.put("private/models/a.png", (ROOT / "docs/images/nlu-confusion.png").read_bytes())
    with database.transaction() as session:
        used = publish(make_model(session, asked_by=""))
        make_compared(session, used, 60, picture="private/models/a.png")
        make_compared(session, used, 130, "ask_price", picture="private/models/a.png")
        make_model(session, state="failed", error="training", archive="", after={})
    return database


@pytest.fixture
def desk(database):
    """Messages that were taught, one of which contradicts a file, and one that was ignored."""
    with database.transaction() as session:
        nok = make_customer(session, session.get_one(Channel, 1))
        ids = teaching.some(session, nok)
        colour = [{"entity": "colour", "start": 3, "end": 5}]
        for id_, text, intent, entities in (
            (ids[0], "จัดดำมาซักตัวดิ๊แม่ค้าคนสวย", "buy_now", colour),
            (ids[1], "พัสดุหนูเดินทางไปถึงดาวอังคารยังคะ", "view_orders", []),
            (ids[2], "CF", "complaint", []),
        ):
            lesson = {"text": text, "intent": intent, "entities": entities}
            utterances.teach(session, id_, **lesson, by=EMAIL, now=utc_now())
        utterances.ignore(session, ids[3], by=EMAIL, now=utc_now())
    return ids


async def test_a_trainer_looks_at_models_publishes_one_and_goes_back(console, shelf, device):
    page = await open_tab(device, console.url + MODELS)
    await expect(page.locator(".made > li")).to_have_count(4)
    await picture(page, "models")
    await is_good(page)
    await page.get_by_role("link", name="ดูผลและเผยแพร่").click()
    await expect(page.locator(".changed > li").first).to_be_visible()
    await page.locator(".confusion img").scroll_into_view_if_needed()
    await expect(page.locator(".confusion img")).to_have_js_property("complete", True)
    await page.get_by_text("ตัวเลขสำหรับผู้รู้สถิติ").click()
    await picture(page, "model")
    await is_good(page)
    await page.locator(".confusion").click()
    await expect(page.get_by_role("dialog", name="เข้าใจผิดเป็นอะไรบ้าง")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="เผยแพร่").click()
    await expect(page.get_by_text("ใช้ตอบลูกค้าตั้งแต่")).to_be_visible()
    await page.goto(console.url + MODELS)
    await page.get_by_role("button", name="กลับไปใช้ตัวนี้").click()
    await expect(page.get_by_text("ใช้ตอบลูกค้าตั้งแต่")).to_be_visible()
    with shelf.reading() as session:
        assert bot_models.in_use(session).id == 1


async def test_what_got_worse_is_said_where_publishing_would_be(console, shelf, device):
    page = await open_tab(device, f"{console.url}{MODELS}/3")
    await expect(page.get_by_text("เผยแพร่ไม่ได้ เพราะมีเรื่องสำคัญที่แย่ลง")).to_be_visible()
    await expect(page.get_by_role("listitem").filter(has_text="ข้อความที่หมายความว่า “ถามราคา”")).to_be_visible()
    await expect(page.get_by_role("button", name="เผยแพร่")).to_have_count(0)
    await picture(page, "model-worse")
    await is_good(page)


async def test_a_training_is_followed_without_touching_anything(console, shelf, device):
    page = await open_tab(device, console.url + MODELS)
    await page.get_by_role("button", name="ฝึกบอทตอนนี้").click()
    await page.wait_for_url(f"**{MODELS}/5")
    await page.evaluate("window.neverReloaded = true")
    with shelf.transaction() as session:
        claim = bot_making.claim(session, utc_now())
    await expect(page.get_by_text("กำลังรวบรวมสิ่งที่สอน")).to_be_visible()
    with shelf.transaction() as session:
        bot_making.progress(session, claim, Step.TRAIN, 0.4, utc_now())
    await expect(page.get_by_text("บอทกำลังเรียนรู้")).to_be_visible()
    await expect(page.get_by_role("progressbar")).to_have_attribute("value", "40")
    await picture(page, "model-training")
    await is_good(page)
    with shelf.transaction() as session:
        used = session.get_one(BotModel, 1)
        now = exam(100)["scores"]
        made = Made("talad-5", FILES, "", 3, used.name, used.after, now, [], [], "private/models/5", "")
        bot_making.finish(session, claim, made, utc_now())
    await expect(page.get_by_role("button", name="เผยแพร่")).to_be_visible()
    assert await page.evaluate("window.neverReloaded")


async def test_two_trainers_who_train_at_once(console, shelf, device):
    await device.route("**/events*", lambda route: route.abort())  # the page stays as it was a moment before
    page = await open_tab(device, console.url + MODELS)
    with shelf.transaction() as session:
        bot_models.ask(session, by="chai@example.com", now=utc_now())
    await page.get_by_role("button", name="ฝึกบอทตอนนี้").click()
    await expect(page.get_by_role("alert")).to_contain_text("กำลังฝึกอยู่แล้ว")
    await expect(page.get_by_text("Chai").first).to_be_visible()
    await is_good(page)


async def test_without_script_and_in_the_dark_one_looks_again(console, shelf, browser):
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False, color_scheme="dark")
    page = await sign_in(context, console.url)
    await page.goto(console.url + MODELS)
    await page.get_by_role("button", name=re.compile("Train now|ฝึกบอทตอนนี้")).click()
    with shelf.transaction() as session:
        claim = bot_making.claim(session, utc_now())
        bot_making.progress(session, claim, Step.EXAMINE, 0.8, utc_now())
    await page.get_by_role("link", name=re.compile("Look again|ดูอีกครั้ง")).click()
    await expect(page.get_by_text(re.compile("Examining the new model|กำลังทดสอบโมเดลใหม่"))).to_be_visible()
    await page.goto(f"{console.url}{MODELS}/2")
    await picture(page, "model-dark")
    await page.get_by_role("button", name=re.compile("Publish|เผยแพร่")).click()
    await expect(page.get_by_text(re.compile("It answers customers since|ใช้ตอบลูกค้าตั้งแต่"))).to_be_visible()
    await context.close()


async def test_a_trainer_takes_back_what_was_taught(console, desk, device):
    page = await open_tab(device, console.url + "/training/taught")
    await expect(page.locator(".verdicts > li")).to_have_count(3)
    await picture(page, "taught")
    await is_good(page)
    await page.get_by_role("button", name=re.compile("ยกเลิก.*เอาดำ")).click()
    await expect(page.get_by_text("ยกเลิกแล้ว ข้อความกลับไปรอสอน")).to_be_visible()
    await expect(page.locator(".verdicts > li")).to_have_count(2)
    await page.get_by_role("link", name="ไม่สอน").click()
    await expect(page.locator(".verdicts > li")).to_have_count(1)
    await is_good(page)


async def test_a_trainer_puts_what_was_taught_into_the_files(console, desk, device, project):
    page = await open_tab(device, console.url + "/training/export")
    await expect(page.get_by_text("มีข้อความใหม่ 2 ข้อความ")).to_be_visible()
    await page.get_by_text("ดูการเปลี่ยนแปลงทีละบรรทัด").click()
    await picture(page, "bot-files")
    await is_good(page)
    async with page.expect_download() as started:
        await page.get_by_role("link", name="ดาวน์โหลดเป็นไฟล์ patch").click()
    download = await started.value
    assert download.suggested_filename.endswith(".patch")
    await page.get_by_role("button", name="ใส่ลงไฟล์และ commit").click()
    await expect(page.get_by_role("status")).to_contain_text("ในชื่อของคุณแล้ว")
    await picture(page, "bot-files-committed")
    await is_good(page)
    assert "    - จัด[ดำ](colour)มาซักตัวดิ๊แม่ค้าคนสวย\n" in (project / "data/nlu/cart.yml").read_text()
