"""The log of who did what as a page: found, called by name, led from, and as a file."""

from __future__ import annotations

import re

from sqlalchemy import event

from seller_console import subjects
from shop import audit
from shop.db import utc_now
from shop.models import Channel, Customer, Variant
from tests.factories import make_customer
from tests.seller_console.joining import NEW, entries
from tests.seller_console.support import EMAIL, OTHER_EMAIL


async def test_the_log_is_found_by_person_kind_subject_date_and_words(database, ploy):
    with database.transaction() as session:
        for number in range(60):
            audit.record(session, "order.confirm", f"TL-{number:08d}", by=OTHER_EMAIL, now=utc_now())
        audit.record(session, "user.add", NEW, by=audit.OPERATOR, now=utc_now())

    async def rows(query):
        _, body = await ploy.get(f"/people/log?{query}")
        return body, body.count('<li>\n      <p class="quiet">')

    body, shown = await rows("")
    assert shown == 50 and '<strong dir="auto">The operator</strong> gave lek@example.com an account' in body
    older = re.search(r'rel="next" href="/people/log\?(before=\d+)"', body)[1]
    body, shown = await rows(older)
    assert 10 <= shown < 20 and "TL-00000000" in body
    assert (await rows("words=TL-0000004"))[1] == 10
    assert (await rows("words=chai"))[1] == 50
    assert (await rows("words=confirmed+the+payment"))[1] == 50
    assert (await rows("by=operator"))[1] == 1
    assert (await rows("kind=orders&subject=TL-00000007"))[1] == 1
    assert (await rows("kind=money&subject=TL-00000007"))[1] == 1
    assert (await rows("kind=products"))[1] == 0 and (await rows("kind=order.confirm"))[1] == 50
    with database.transaction() as session:
        audit.record(session, "parcels.enter", "TL-00000060", by=OTHER_EMAIL, now=utc_now())
    assert "TL-00000060" in (await rows("kind=parcels"))[0]
    assert (await rows("since=2999-01-01"))[1] == 0
    assert (await rows("until=2999-01-01"))[1] == 50
    assert (await rows("since=nonsense&before=nonsense"))[1] == 50


async def test_entries_say_by_name_what_they_are_about_and_lead_there(database, ploy, order):
    with database.transaction() as session:
        customer, product = order.customer_id, session.get_one(Variant, 1).product_id
        for action, subject in (
            ("chats.write", customer),
            ("stock.change_stock", product),
            ("channels.test", "200"),
            ("chats.assign", 1),
            ("settings.save", "selling"),
            ("payment_settings.account", 7),
            ("order.confirm", order.number),
            ("product.archive", 999_999),
            ("new_order.make", "99999999999999999999"),
        ):
            audit.record(session, action, str(subject), by=OTHER_EMAIL, now=utc_now())
    _, body = await ploy.get("/people/log")
    assert "wrote in the chat of customer Nok" in body and f'href="/chats/{customer}"' in body
    assert "changed the stock of product T-shirt" in body and f'href="/products/{product}"' in body
    assert "sent a test message from the Page Chiang Mai" in body and 'href="/channels/2"' in body
    assert f"which order a slip is for ({order.number})" in body and 'href="/settings/selling"' in body
    assert "changed the settings (How you sell)" in body and 'href="/settings/payment"' in body
    assert "archived product 999999" in body and 'href="/products/999999"' not in body
    for words, found in (("nok", "customer Nok"), ("t-shirt", "product T-shirt")):
        _, body = await ploy.get(f"/people/log?words={words}")
        assert found in body and "a test message from" not in body
        assert ("confirmed the payment of" in body) == (words == "nok")  # her order
    with database.transaction() as session:
        session.get_one(Customer, customer).erased_at = utc_now()
    _, body = await ploy.get("/people/log")
    assert f"wrote in the chat of customer {customer}" in body and f'href="/chats/{customer}"' not in body


async def test_a_page_of_the_log_takes_as_many_queries_for_many_entries_as_for_few(database, ploy):
    with database.transaction() as session:
        for number in range(40):
            subject = str(make_customer(session, session.get_one(Channel, 1), f"c{number}").id)
            audit.record(session, "chats.write", subject, by=OTHER_EMAIL, now=utc_now())
        session.flush()
        session.expunge_all()
        newest, _ = audit.find(session, audit.Question(), limit=40)
        sent = []
        event.listen(session.get_bind(), "before_cursor_execute", lambda *given: sent.append(given[2]))
        assert len(subjects.named(session, newest, "en")) == 40
    assert len([one for one in sent if one.startswith("SELECT")]) == 1


async def test_the_log_is_taken_as_a_file_that_excel_opens_and_that_is_written_down(database, ploy):
    with database.transaction() as session:
        for number in range(60):
            audit.record(session, "order.confirm", f"TL-{number:08d}", by=OTHER_EMAIL, now=utc_now())
        audit.record(session, "user.add", "=HYPERLINK(1)", by=audit.OPERATOR, now=utc_now())
    await ploy.get("/people/log")
    answer, body = await ploy.post("/people/log/export", by=OTHER_EMAIL)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = body.splitlines()
    assert lines[0] == "﻿Time,Person,Email,What,Subject,Details" and len(lines) == 61
    assert f",Chai,{OTHER_EMAIL},confirmed the payment of TL-00000059,TL-00000059," in lines[1]
    last = entries(database)[-1]
    assert (last.action, last.by, last.detail) == ("log.export", EMAIL, {"rows": 60})
    _, body = await ploy.post("/people/log/export", by="operator")
    assert ",=HYPERLINK" not in body
