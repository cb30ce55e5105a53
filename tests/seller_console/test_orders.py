"""The list of orders and the page of one."""

from __future__ import annotations

import re

from shop import notices, orders, payments
from shop.db import utc_now
from shop.models import Channel, Order, PaymentAccount
from tests.factories import NOW, make_customer, make_order, make_variant
from tests.seller_console.support import place, send_slip


def numbers(body):
    return re.findall(r'data-key="(TL-\d+)"', body)


def row(body, number):
    return re.search(rf'<li data-key="{number}">.*?</li>', body, re.DOTALL)[0]


async def test_before_the_first_order_the_page_says_what_to_do(ploy):
    _, body = await ploy.get("/orders")
    assert "No orders yet" in body and "appears here by itself" in body
    _, body = await ploy.get("/orders?channel=2")
    assert "No orders on this channel yet" in body and "Show all channels" in body


async def test_the_seller_chooses_a_channel_or_all(database, ploy):
    with database.transaction() as session:
        here = place(session, session.get_one(Channel, 1), cause="a")
        there = place(session, session.get_one(Channel, 2), cause="b")
    _, body = await ploy.get("/orders")
    assert numbers(body) == [there.number, here.number]
    assert re.search(r'href="/orders" aria-current="true">All channels', body)
    _, body = await ploy.get("/orders?channel=2")
    assert numbers(body) == [there.number]
    assert re.search(r'href="/orders\?channel=2" aria-current="true">Chiang Mai', body)


async def test_each_row_says_how_the_payment_stands_with_a_sign_and_in_words(database, store, ploy):
    with database.transaction() as session:
        channel = session.get_one(Channel, 1)
        waiting = place(session, channel, cause="a")
        pending = place(session, channel, cause="b", customer="b")
        send_slip(session, store, pending, "sb")
        paid = place(session, channel, cause="c", customer="c")
        payments.confirm(session, paid.id, by="ploy@example.com", now=NOW)
        cancelled = place(session, channel, cause="d", customer="d")
        orders.cancel(session, cancelled.id, now=NOW)
    _, body = await ploy.get("/orders")
    for order, sign, words in (
        (waiting, "awaiting_slip", "Waiting for payment"),
        (pending, "pending", "Payment Confirmation: Pending"),
        (paid, "paid", "Paid"),
        (cancelled, "closed", "Cancelled"),
    ):
        assert f'class="mark {sign}"' in row(body, order.number)
        assert f'<span class="payment">{words}</span>' in row(body, order.number)
    assert f'href="/orders/{paid.number}"' in row(body, paid.number)
    assert "฿290" in row(body, paid.number) and "สมหญิง ใจดี" in row(body, paid.number)


async def test_times_are_thai_times_with_the_buddhist_year_for_those_who_read_thai(ploy, order):
    _, body = await ploy.get("/orders")
    assert "2 Nov 2026, 10:04" in body and '<html lang="en">' in body
    await ploy.post("/language", language="th", next="/orders")
    _, body = await ploy.get("/orders")
    assert "2 พ.ย. 2569" in body and "10:04" in body and '<html lang="th">' in body
    assert "ทุกช่องทาง" in body and "รอยืนยันการชำระเงิน" in body


async def test_hundreds_of_orders_are_paged_without_gaps_while_new_ones_come(database, ploy):
    with database.transaction() as session:
        variant = make_variant(session, stock=1000)
        for number in range(120):
            make_order(
                session,
                make_customer(session, session.get_one(Channel, 1 + number % 2), f"c{number}"),
                variant,
                cause=f"e{number}",
            )
    address, seen = "/orders", []
    while address:
        _, body = await ploy.get(address)
        seen += numbers(body)
        older = re.search(r'rel="next" href="([^"]+)"', body)
        address = older[1].replace("&amp;", "&") if older else None
        if len(seen) == 50:
            with database.transaction() as session:
                make_order(
                    session,
                    make_customer(session, session.get_one(Channel, 1), "late"),
                    variant,
                    cause="late",
                )
    assert len(seen) == len(set(seen)) == 120
    _, body = await ploy.get("/orders?channel=2")
    older = re.search(r'rel="next" href="([^"]+)"', body)[1].replace("&amp;", "&")
    assert "channel=2" in older
    _, body = await ploy.get(older)
    assert len(numbers(body)) == 10 and "Newest orders" in body


async def test_a_name_that_is_a_script_stays_a_name(database, store, ploy):
    name = "<script>alert('x')</script>"
    with database.transaction() as session:
        channel = session.get_one(Channel, 1)
        channel.name = '"><img src=x onerror=alert(1)>'
        order = place(session, channel, name=name)
        order.recipient, order.address = None, '99 <b>ถนน</b> & "ซอย"'
        order.lines[0].name_en = "<i>T-shirt</i>"
        send_slip(session, store, order)
    for path in ("/orders", f"/orders/{order.number}", f"/orders/{order.number}/confirm"):
        _, body = await ploy.get(path)
        assert "<script>alert" not in body and "<img src=x" not in body and "<b>" not in body, path
        assert "<i>T-shirt" not in body
    _, body = await ploy.get("/orders")
    assert "&lt;script&gt;alert" in body


async def test_a_name_without_end_does_not_break_the_page(database, ploy):
    with database.transaction() as session:
        order = place(session, session.get_one(Channel, 1), name="ก" * 5000)
        order.recipient = None
    assert (await ploy.get("/orders"))[0].status == 200
    assert (await ploy.get(f"/orders/{order.number}"))[0].status == 200


async def test_the_order_shows_its_bill_and_its_slip(ploy, order):
    _, body = await ploy.get(f"/orders/{order.number}")
    for part in (
        "Order bill",
        "T-shirt",
        "฿250 × 1",
        "฿40",
        "฿290",
        "สมหญิง ใจดี",
        "081 234 5678",
        "99 ถนนสุขุมวิท",
    ):
        assert part in body
    assert "Payment notification" in body and 'src="/slips/1?' in body
    assert 'href="tel:+66812345678"' in body
    assert "Slip sent" in body and "Order placed" in body


async def test_an_order_without_details_says_so(database, ploy):
    with database.transaction() as session:
        order = make_order(
            session, make_customer(session, session.get_one(Channel, 1)), make_variant(session)
        )
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "has not said yet where to send it" in body and "No slip has arrived yet" in body


async def test_the_order_says_whether_the_customer_was_told_and_why_not(database, ploy, order):
    with database.transaction() as session:
        payments.confirm(session, order.id, by="ploy@example.com", now=NOW)
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "The customer is being told" in body
    with database.transaction() as session:
        notices.not_told(session, 1, '{"th": "เกิน 24 ชั่วโมงแล้ว", "en": "More than 24 hours have passed."}')
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "Customer not told" in body and "More than 24 hours have passed." in body and "เกิน" not in body
    with database.transaction() as session:
        notices.told(session, 1, utc_now())
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "Customer told" in body and "not told" not in body


async def test_the_script_gets_only_the_part_that_changes(ploy, order):
    for path in ("/orders", f"/orders/{order.number}", "/problems"):
        _, body = await ploy.get(path, **{"X-Fragment": "1"})
        assert "<html" not in body and "<main" not in body
    _, body = await ploy.get("/orders", **{"X-Fragment": "1"})
    assert numbers(body) == [order.number]


async def test_a_page_weighs_little_without_its_pictures(database, ploy):
    with database.transaction() as session:
        variant = make_variant(session, stock=1000)
        for number in range(60):
            make_order(
                session,
                make_customer(session, session.get_one(Channel, 1), f"c{number}"),
                variant,
                cause=f"e{number}",
            )
        assert session.get(PaymentAccount, 1)
        assert session.get(Order, 60)
    _, body = await ploy.get("/orders")
    assert await ploy.weight(body) < 100_000


async def test_stylesheets_and_scripts_come_packed_to_browsers_that_can_unpack_them(ploy):
    _, body = await ploy.get("/orders")
    address = re.search(r'href="(/static/[^"]+/console.css)"', body)[1]
    packed, text = await ploy.get(address, **{"Accept-Encoding": "gzip"})
    plain, same = await ploy.get(address, **{"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert text == same and packed.headers["Vary"] == "accept-encoding"
    assert int(packed.headers["Content-Length"]) * 3 < int(plain.headers["Content-Length"])


async def test_a_seller_comes_back_to_where_they_were_in_the_list(database, ploy):
    with database.transaction() as session:
        channel = session.get_one(Channel, 1)
        made = [place(session, channel, customer=f"c{n}", cause=f"c{n}") for n in range(4)]
        for order in (made[0], made[2], made[3]):
            payments.confirm(session, order.id, by="ploy@example.com", now=NOW)
    oldest, _unpaid, middle, newest = (order.number for order in made)
    here = f"state=confirmed&amp;before={made[3].id}"
    _, body = await ploy.get("/orders?state=confirmed&before=" + str(made[3].id))
    assert f'href="/orders/{middle}?{here}"' in body
    _, body = await ploy.get(f"/orders/{middle}?state=confirmed&before={made[3].id}")
    assert f'href="/orders?{here}#row-{middle}"' in body
    assert f'href="/orders/{newest}?{here}" data-hotkey="k"' in body
    assert f'href="/orders/{oldest}?{here}" data-hotkey="j"' in body  # past the one that is not in the filter
    came = f"{ploy.url}/orders/{middle}?state=confirmed&before={made[3].id}"
    answer, _ = await ploy.send(f"/orders/{middle}/pack", {"csrf": ploy.csrf}, Referer=came)
    back = f"/orders/{middle}?said=packed&state=confirmed&before={made[3].id}"
    assert answer.headers["Location"] == back
    _, body = await ploy.get(back)  # packed, so it is not in the list any more
    assert f'href="/orders/{oldest}?{here}" data-hotkey="j"' in body
    answer, _ = await ploy.send(
        f"/orders/{middle}/notes", {"csrf": ploy.csrf, "note": "Blue", "note_form": "f"}, Referer=came
    )
    assert answer.headers["Location"].endswith(f"said=done&state=confirmed&before={made[3].id}#notes")


async def test_the_way_back_leads_nowhere_else(ploy, order):
    for query in ("next=//evil.example", "state=%22%3E%3Cb%3E&before=//evil.example", "list=//evil.example"):
        _, body = await ploy.get(f"/orders/{order.number}?{query}")
        assert "evil" not in body.split("<main")[1] and "<b>" not in body, query
        address = re.search(r'class="up" href="([^"]+)"', body)[1]
        assert address.startswith(("/orders#", "/orders?state=")), address
    for came in ("https://evil.example/orders?state=confirmed", "https://evil.example/?q=1", "::::", "//["):
        answer, body = await ploy.get(f"/orders/{order.number}", Referer=came)
        assert answer.status == 200 and "evil" not in body
    _, body = await ploy.get("/orders", Referer=f"{ploy.url}/orders?state=packed")
    assert numbers(body) == [order.number] and f'href="/orders/{order.number}"' in body
