"""The checklist on the first day, and the look at the whole installation."""

from __future__ import annotations

import re

import pytest

from seller_console import patience
from seller_console.pages import first_day
from shop import checklist, errands, people
from shop.db import utc_now
from shop.errands import Kind, Line
from tests.gateway.waiting import until
from tests.seller_console.test_routes import routes

RASA = Line({"th": "rasa", "en": "rasa"}, False, {"th": "ไม่ตอบ", "en": "it does not answer; is it running?"})
FINE = Line({"th": "ฐานข้อมูล", "en": "database"}, True, {"th": "", "en": ""})


async def test_the_orders_page_leads_to_what_is_left_until_nobody_wants_to_see_it(database, ploy):
    async def shown():
        _, body = await ploy.get("/orders")
        return 'href="/settings/checklist"' in body

    await until(shown)  # the console counts what is left twice a second
    _, body = await ploy.get("/settings/checklist")
    assert re.search(r"\d+ of 12 done", body)
    assert 'href="/settings/shop"' in body and 'href="/channels/1#webhook"' in body
    answer, _ = await ploy.post("/settings/checklist", step="backups")
    assert answer.headers["Location"] == "/settings/checklist"
    with database.reading() as session:
        [backups] = [one for one in checklist.items(session, "") if one.step == "backups"]
    assert backups.done
    answer, _ = await ploy.post("/settings/checklist", step="closed")
    assert answer.headers["Location"] == "/orders"

    async def gone():
        return not await shown()

    await until(gone)
    _, body = await ploy.get("/settings/checklist")
    assert "of 12 done" in body and "Show this list no more" not in body


async def test_only_what_may_be_ticked_is(ploy):
    for word in ("products", "", "<script>"):
        answer, _ = await ploy.post("/settings/checklist", step=word)
        assert answer.status == 404


async def test_staff_see_nothing_of_it(database, visitor):
    with database.transaction() as session:
        people.add_user(
            session, email="lek@example.com", name="Lek", password="a long password", role="staff"
        )
    lek = visitor()
    await lek.sign_in("lek@example.com", "a long password")
    _, body = await lek.get("/orders")
    assert "checklist" not in body


def test_every_step_leads_to_a_page_that_there_is(settings):
    there = {line.partition(" ")[2] for line in routes(settings) if line.startswith("GET")}
    sections = "/settings/<section:str>"
    for step, path in first_day._ADDRESSES.items():
        assert path in there or (path.startswith("/settings/") and sections in there), step
    assert set(first_day._ADDRESSES) | set(first_day._OF_A_PAGE) == set(checklist.Step)


@pytest.fixture
def answered(database):
    def answer(*lines):
        with database.transaction() as session:
            claim = errands.claim_one(session, utc_now())
            assert claim.kind == Kind.EXAMINE
            errands.finish(session, claim, lines, utc_now())

    return answer


async def test_the_installation_is_looked_at_and_what_to_fix_is_said(ploy, answered, monkeypatch):
    monkeypatch.setattr(patience, "_SECONDS", 0.0)
    _, body = await ploy.get("/settings/checks")
    assert "Look now" in body and "To fix" not in body
    await ploy.post("/settings/checks")
    _, body = await ploy.get("/settings/checks")
    assert "The gateway has not taken this up yet" in body
    answered(RASA, FINE)
    _, body = await ploy.get("/settings/checks", **{"X-Fragment": "1"})
    assert "<html" not in body and "it does not answer; is it running?" in body and "data-waiting" not in body
    await ploy.post("/language", language="th", next="/settings/checks")
    _, body = await ploy.get("/settings/checks")
    assert "ต้องแก้" in body and "ไม่ตอบ" in body and "ฐานข้อมูล" in body


async def test_when_all_is_well_it_says_so(ploy, answered, monkeypatch):
    monkeypatch.setattr(patience, "_SECONDS", 0.0)
    await ploy.post("/settings/checks")
    answered(FINE)
    _, body = await ploy.get("/settings/checks")
    assert "Everything works." in body and "To fix" not in body
