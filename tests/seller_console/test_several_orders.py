"""Finding orders in the list, and doing something with several at once."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import parse_qsl

import aiohttp
import openpyxl
import pytest
from sqlalchemy import select

from seller_console import chosen
from seller_console.pages import export
from shop import fulfilment, notices, order_search, payments, people
from shop.db import utc_now
from shop.models import AuditEntry, Channel, Order
from shop.roles import Role
from tests.factories import make_channel, make_customer, make_order, make_variant
from tests.seller_console.support import EMAIL, PASSWORD, place, send_slip
from tests.seller_console.test_orders import numbers, row


@pytest.fixture
def day(database, store):
    """Orders by name: without a slip, with one to look at, paid, and shipped with a customer who was not told."""
    made = {}
    with database.transaction() as session:
        for name, channel in (("waiting", 1), ("pending", 1), ("paid", 2), ("shipped", 1)):
            made[name] = place(
                session, session.get_one(Channel, channel), customer=name, name=name, cause=name
            )
            made[name].placed_at = utc_now() - timedelta(days=10 if name == "shipped" else 0)
        send_slip(session, store, made["pending"])
        for name in ("paid", "shipped"):
            payments.confirm(session, made[name].id, by=EMAIL, now=utc_now())
        fulfilment.ship(
            session, made["shipped"].id, carrier="flash", tracking="TH0001", by=EMAIL, now=utc_now()
        )
        for notice in (1, 2, 3):
            notices.not_told(session, notice, "late")
    return made


@pytest.fixture
async def packer(database, visitor):
    with database.transaction() as session:
        people.add_user(session, email="pim@example.com", name="Pim", password=PASSWORD, role=Role.PACKER)
    browser = visitor()
    await browser.sign_in("pim@example.com")
    await browser.post("/language", language="en", next="/orders")
    return browser


async def test_each_filter_shows_what_it_says_with_a_number_beside_it(day, ploy):
    names = {order.number: name for name, order in day.items()}
    for query, shown in (
        ("", {"waiting", "pending", "paid", "shipped"}),
        ("payment=pending", {"pending"}),
        ("state=shipped", {"shipped"}),
        ("only=attention", {"pending", "shipped", "paid"}),
        ("only=untold", {"shipped", "paid"}),
        ("only=to_check", {"pending"}),
        ("only=to_pay", {"waiting"}),
        ("days=today", {"waiting", "pending", "paid"}),
        ("days=week&payment=paid", {"paid"}),
        ("from=2020-01-01&to=2020-02-01", set()),
        ("least=290&most=290.00", {"waiting", "pending", "paid", "shipped"}),
        ("least=291", set()),
        ("channel=2&only=untold", {"paid"}),
        ("q=TH0001", {"shipped"}),
        ("q=pend", {"pending"}),
        ("q=nobody", set()),
    ):
        _, body = await ploy.get(f"/orders?{query}")
        assert {names[number] for number in numbers(body)} == shown, query
    _, body = await ploy.get("/orders?channel=1")
    for said in ("Needs attention 2", "Slips to check 1", "To pack 0", "Customer not told 1", "Shipped 1"):
        assert said in words_of(body)
    assert 'href="/orders?channel=1&amp;only=to_check"' in body


def words_of(body):
    return " ".join(re.sub("<[^>]+>", " ", body).split())


async def test_channels_and_days_have_numbers_of_what_is_chosen(day, ploy):
    _, body = await ploy.get("/orders?only=untold")
    assert "All channels 2 Baan Fai 1 Chiang Mai 1" in words_of(body)
    assert "Any 2 Today 1 7 days 1 30 days 2" in words_of(body)
    _, body = await ploy.get("/orders?state=placed&payment=pending")
    assert "All channels Baan Fai Chiang Mai All 4" in words_of(body)  # several filters: nobody counts that
    _, body = await ploy.get("/orders?least=1")
    assert "All 4 Needs attention 3 Slips to check 1" in words_of(body)
    _, body = await ploy.get("/orders?q=TH0001")
    assert "All channels 1 Baan Fai 1 Chiang Mai 0" in words_of(
        body
    ) and "Slips to check 0 To pack 0" in words_of(body)
    assert "Shipped 1" in words_of(body)


async def test_a_search_that_finds_nothing_in_a_filter_goes_on_in_all_orders(day, ploy):
    _, body = await ploy.get("/orders?q=TH0001&state=confirmed&channel=2&days=today")
    assert "No order fits" in body and "Clear all filters" not in body
    address = re.search(r'href="([^"]+)">Search in all orders', body)[1].replace("&amp;", "&")
    _, body = await ploy.get(address)
    assert numbers(body) == [day["shipped"].number]
    _, body = await ploy.get("/orders?q=nothing")
    assert "Search in all orders" not in body and "Clear all filters" in body


async def test_orders_of_a_page_that_was_disconnected_can_be_chosen(database, day, ploy):
    with database.transaction() as session:
        session.get_one(Channel, 2).active = False
        make_channel(session, "300", "Never used").active = False
    _, body = await ploy.get("/orders")
    address = re.search(r'href="([^"]+)">Chiang Mai \(disconnected\)', body)[1]
    assert "Never used" not in body
    _, body = await ploy.get(address)
    assert numbers(body) == [day["paid"].number]


async def test_what_cannot_be_used_is_said_and_stays_in_its_field(day, ploy):
    for query in ("from=yesterday", "least=much", "most=-1", "to=2026-13-01"):
        _, body = await ploy.get(f"/orders?{query}")
        assert "cannot be used, so it filters nothing" in body and len(numbers(body)) == 4
        assert f'value="{query.partition("=")[2]}"' in body
    _, body = await ploy.get("/orders?payment=nonsense&state='&before=x&channel=999999999999999999999")
    assert len(numbers(body)) == 4


async def test_rows_say_why_an_order_needs_somebody(day, ploy):
    _, body = await ploy.get("/orders")
    assert "Customer not told" in row(body, day["shipped"].number)
    assert "Customer not told" not in row(body, day["pending"].number)


async def test_filters_stay_when_one_goes_further_back(database, ploy):
    with database.transaction() as session:
        for number in range(53):
            place(session, session.get_one(Channel, 1), customer=f"c{number}", cause=f"c{number}")
    _, body = await ploy.get("/orders?channel=1&payment=awaiting_slip")
    older = re.search(r'rel="next" href="([^"]+)"', body)[1].replace("&amp;", "&")
    assert "channel=1" in older and "payment=awaiting_slip" in older
    _, body = await ploy.get(older)
    assert len(numbers(body)) == 3


async def test_a_packer_sees_and_finds_out_no_money(day, packer):
    address = f"/orders/print?prices=1&of={day['paid'].number}"
    for path in ("/orders", "/orders?least=1000", address):
        _, body = await packer.get(path)
        assert "฿" not in body and not re.search(r"\b290\b", body), path
        words = re.sub(r"<[^>]+>", " ", body)
        assert not re.search("Payment|Paid|paid|slip to check|Waiting for", words), path
    for query in ("least=1000&payment=paid", "only=to_pay", "only=to_check"):
        _, body = await packer.get(f"/orders?{query}")
        assert len(numbers(body)) == 4
    assert (await packer.get("/orders/export?format=csv"))[0].status == 403


async def test_chosen_orders_are_packed_once_and_the_others_stay(database, day, ploy):
    await ploy.get("/orders")
    chosen = [("order", day["paid"].number), ("order", day["waiting"].number), ("order", "TL-00000000")]
    form = [("csrf", ploy.csrf), *chosen]
    answer, body = await ploy.send("/orders/pack", form)
    assert answer.status == 200 and "1 orders are packed now" in body and "2 orders stay as they are" in body
    _, body = await ploy.send("/orders/pack", form)
    assert "these were so already" in body and "packed now" not in body
    with database.reading() as session:
        assert session.get_one(Order, day["paid"].id).state == "packed"
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "orders.pack")).all()
        assert [entry.subject for entry in entries] == [day["paid"].number]
    answer, _ = await ploy.post("/orders/pack")
    assert answer.headers["Location"] == "/orders?said=none"


async def test_buttons_under_the_list_lead_to_what_they_say(day, ploy):
    await ploy.get("/orders")
    two = [("order", day["paid"].number), ("order", day["waiting"].number)]
    for look, path in (
        ("print", "/orders/print?of="),
        ("bills", "prices=1&of="),
        ("parcels", "/orders/parcels?of="),
    ):
        answer, _ = await ploy.send("/orders/chosen", [("csrf", ploy.csrf), ("look", look), *two])
        assert path + f"{day['paid'].number},{day['waiting'].number}" in answer.headers["Location"]


async def test_sheets_to_print_hold_what_the_packer_needs_and_prices_only_if_wanted(day, ploy):
    both = f"{day['paid'].number},{day['waiting'].number},TL-1,<b>"
    _, body = await ploy.get(f"/orders/print?of={both}")
    assert body.count('class="card paper"') == 2 and "฿" not in body
    assert "สมหญิง ใจดี" in body and "081 234 5678" in body and "99 ถนนสุขุมวิท" in body and "T-shirt" in body
    _, body = await ploy.get(f"/orders/print?of={both}&prices=1")
    assert "฿250" in body and "฿40" in body and "฿290" in body
    _, body = await ploy.get("/orders/print")
    assert "There are no such orders." in body


async def test_typed_numbers_ship_their_orders_and_a_wrong_one_changes_nothing(database, day, ploy):
    paid = day["paid"].number
    _, body = await ploy.get(f"/orders/parcels?of={paid},{day['waiting'].number}")
    assert f'name="tracking {paid}"' in body and "Cannot be shipped now" in body
    answer, body = await ploy.post("/orders/parcels", carrier="flash", **{f"tracking {paid}": "!"})
    assert answer.status == 409 and 'value="!"' in body and 'aria-invalid="true"' in body
    answer, body = await ploy.post("/orders/parcels", carrier="flash", **{f"tracking {paid}": "th 4701x"})
    assert answer.status == 200 and "1 orders are shipped now" in body
    with database.reading() as session:
        order = session.get_one(Order, day["paid"].id)
        assert (order.state, order.shipment.carrier, order.shipment.tracking) == (
            "shipped",
            "flash",
            "TH4701X",
        )


async def upload(ploy, data, name="parcels.csv", **fields):
    form = aiohttp.FormData()
    for field, value in {"csrf": ploy.csrf, "carrier": "jt", **fields}.items():
        form.add_field(field, value)
    form.add_field("file", data, filename=name)
    return await ploy.send("/orders/parcels/file", form)


async def test_a_carriers_file_is_looked_at_row_by_row_and_then_entered_once(database, day, ploy):
    paid, waiting, shipped = (day[name].number for name in ("paid", "waiting", "shipped"))
    await ploy.get("/orders/parcels/file")
    lines = (
        "เลขที่ออเดอร์,เลขพัสดุ,ขนส่ง",
        f"{paid},TH111111,Flash Express",
        f"{waiting},TH222222,",
        "TL-00000000,TH333333,",
        f"{shipped},,",
        f"{shipped},!,",
        f"{shipped},TH0001,flash",
    )
    answer, body = await upload(ploy, "\n".join(lines).encode("cp874"))
    assert answer.status == 200
    flat = " ".join(re.sub("<[^>]+>", " ", body).split())
    assert "4 rows cannot be used" in flat and "1 parcels fit" in flat and "Entered already" in flat
    assert "Row 3 TH222222" in flat and "this order cannot be shipped now" in flat
    assert "Row 4 TH333333 there is no order with this number" in flat
    with database.reading() as session:
        assert session.get_one(Order, day["paid"].id).state == "confirmed"  # only looked at
    [value] = re.findall(r'name="parcel" value="([^"]+)"', body)
    assert value == f"{paid}|TH111111||flash"
    _, body = await ploy.post("/orders/parcels/ticked", parcel=value)
    assert "1 orders are shipped now" in body
    _, body = await ploy.post("/orders/parcels/ticked", parcel=value)
    assert "these were so already" in body


async def test_a_file_without_order_numbers_is_matched_by_the_phone_if_that_is_clear(database, day, ploy):
    await ploy.get("/orders/parcels/file")
    book = openpyxl.Workbook()
    book.active.append(["Tracking No.", "Receiver Phone"])
    book.active.append(["TH999999", 812345678])  # Excel takes the 0 away
    file = io.BytesIO()
    book.save(file)
    _, body = await upload(ploy, file.getvalue(), "parcels.xlsx")
    assert f"{day['paid'].number}|TH999999||jt" in body and "found by the phone" in body
    with database.transaction() as session:
        payments.confirm(session, day["waiting"].id, by=EMAIL, now=utc_now())
    _, body = await upload(ploy, file.getvalue(), "parcels.xlsx")
    assert "several orders go to this phone" in body and 'name="parcel"' not in body


async def test_two_rows_for_one_order_are_both_refused(day, ploy):
    await ploy.get("/orders/parcels/file")
    number = day["paid"].number
    _, body = await upload(ploy, f"order,tracking\n{number},TH111111\n{number},TH222222".encode())
    assert "two rows are for the same order" in body and 'name="parcel"' not in body


async def test_a_file_that_is_no_list_of_parcels_says_what_is_missing(day, ploy):
    await ploy.get("/orders/parcels/file")
    for data, said in (
        (b"", "nothing in this file"),
        (b"name,age\nNok,5", "No column with tracking numbers"),
        (b"tracking,<b>carrier\nTH1,flash", "tracking · &lt;b&gt;carrier"),
        (b"PK\x03\x04no", "cannot be read"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel file"),
        (b"order,tracking\n" + b"TL-1,TH1\n" * 1002, "too large"),
    ):
        answer, body = await upload(ploy, data)
        assert answer.status == 409 and said in body, said


async def test_names_from_a_hostile_file_stay_text(day, ploy):
    await ploy.get("/orders/parcels/file")
    _, body = await upload(ploy, b"order,tracking\nTL-1<script>alert(1)</script>,<img src=x>")
    assert "<script>alert" not in body and "<img src=x>" not in body


async def test_the_list_is_saved_as_it_is_filtered_and_nothing_in_it_is_a_formula(database, day, ploy):
    with database.transaction() as session:
        session.get_one(Order, day["paid"].id).recipient = "=HYPERLINK(1)"
    answer, _ = await ploy.get("/orders/export?format=csv&payment=paid")
    assert "attachment" in answer.headers["Content-Disposition"]
    async with ploy.client.get(ploy.url + "/orders/export?format=csv&payment=paid") as answer:
        data = await answer.read()
    assert data.startswith(b"\xef\xbb\xbf") and data.count(b"\xef\xbb\xbf") == 1
    head, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert [one[0] for one in rows] == [day["paid"].number, day["shipped"].number]
    one = dict(zip(head, rows[0], strict=True))
    assert one["Recipient"] == "'=HYPERLINK(1)" and one["Phone"] == "081 234 5678"
    assert one["Total"] == "290.00" and one["Items"] == "T-shirt × 1" and one["Payment"] == "Paid"
    async with ploy.client.get(ploy.url + "/orders/export?format=xlsx&payment=paid") as answer:
        sheet = openpyxl.load_workbook(io.BytesIO(await answer.read())).active
    cells = [list(line) for line in sheet.iter_rows()]
    assert len(cells) == 3 and cells[1][4].value == "=HYPERLINK(1)" and cells[1][4].data_type == "s"
    with database.reading() as session:
        taken = session.scalars(select(AuditEntry).where(AuditEntry.action == "export.export")).all()
        assert [entry.detail for entry in taken][-1] == {"format": "xlsx"} and taken[0].by == EMAIL


async def saved(ploy, query):
    """The rows of the CSV file without its head."""
    async with ploy.client.get(f"{ploy.url}/orders/export?format=csv&{query}") as answer:
        return list(csv.reader(io.StringIO((await answer.read()).decode("utf-8-sig"))))[1:]


async def test_the_chosen_orders_are_saved_as_a_file(day, ploy):
    await ploy.get("/orders")
    two = [("order", day["waiting"].number), ("order", day["shipped"].number)]
    for kind in ("xlsx", "csv"):
        answer, _ = await ploy.send("/orders/chosen", [("csrf", ploy.csrf), ("look", kind), *two])
        assert answer.headers["Location"].startswith(f"/orders/export?format={kind}&of=")
    assert [row[0] for row in await saved(ploy, answer.headers["Location"].partition("&")[2])] == [
        number for _, number in two
    ]
    assert await saved(ploy, "of=TL-00000000") == []


async def test_a_file_that_does_not_hold_all_says_so(day, ploy, monkeypatch):
    monkeypatch.setattr(export, "_AT_ONCE", 1)
    monkeypatch.setattr(export, "_MOST", {"csv": 2, "xlsx": 2})
    *rows, last = await saved(ploy, "")
    assert len(rows) == 2 and last == ["This file ends after 2 orders; there are more."]
    assert len(await saved(ploy, "payment=paid")) == 2  # which is all of them
    monkeypatch.setattr(order_search, "_MOST_ORDERS", 1)
    *rows, last = await saved(ploy, "q=สมหญิง")
    assert rows and last == ["Very many orders fit. These are some of the newest."]


async def test_many_chosen_orders_are_packed_saved_and_printed_at_once(database, ploy):
    with database.transaction() as session:
        variant = make_variant(session, stock=1000)
        channel, made = session.get_one(Channel, 1), []
        for number in range(130):
            made.append(
                make_order(
                    session, make_customer(session, channel, f"c{number}"), variant, cause=f"e{number}"
                )
            )
            if number % 50:
                payments.confirm(session, made[-1].id, by=EMAIL, now=utc_now())
    await ploy.get("/orders")
    async with ploy.client.get(ploy.url + "/orders/numbers?state=confirmed") as answer:
        fitting = (await answer.json())["numbers"]
    assert fitting == [order.number for order in reversed(made) if order.state == "confirmed"]
    every = [("order", order.number) for order in made]
    answer, body = await ploy.send(
        "/orders/pack", [("csrf", ploy.csrf), *every], Referer=f"{ploy.url}/orders?state=confirmed"
    )
    assert "127 orders are packed now" in body and "3 orders stay as they are" in body
    assert (
        'href="/orders?state=confirmed"' in body
        and f'href="/orders/{made[0].number}?state=confirmed"' in body
    )
    parcels = re.search(r'href="(/orders/parcels[^"]+)"', body)[1].replace("&amp;", "&")
    assert len(parcels) < 1000 and parcels.endswith("&state=confirmed")
    _, body = await ploy.get(parcels)
    assert body.count('name="tracking TL-') == 127
    fields = {name: f"TH{n:08d}" for n, name in enumerate(re.findall(r'name="(tracking TL-\d+)"', body))}
    for look, found in (("print", 'class="card paper"'), ("bills", 'class="card paper"')):
        answer, _ = await ploy.send("/orders/chosen", [("csrf", ploy.csrf), ("look", look), *every])
        _, body = await ploy.get(answer.headers["Location"])
        assert body.count(found) == 130
    answer, _ = await ploy.send("/orders/chosen", [("csrf", ploy.csrf), ("look", "csv"), *every])
    assert len(await saved(ploy, answer.headers["Location"].partition("&")[2])) == 130
    _, body = await ploy.post("/orders/parcels", carrier="flash", **fields)
    assert "127 orders are shipped now" in body


def test_a_thousand_orders_fit_into_an_address():
    numbers = [f"TL-{n * 99_991 % 10**8:08d}" for n in range(1000)]
    query = chosen.in_address(numbers)
    assert len(query) < 6000
    assert chosen.named(SimpleNamespace(args=dict(parse_qsl(query)))) == numbers
    for forged in ("!", "AAAA=", "A", "__________8", "ก"):
        named = chosen.named(SimpleNamespace(args={"these": forged}))
        assert all(len(number) <= 20 for number in named)  # whatever it is, it is no error


async def test_nobody_else_can_do_anything_with_several_orders(day, stranger, packer):
    answer, _ = await stranger.post("/orders/pack", order=day["paid"].number)
    assert answer.status == 401
    answer, _ = await packer.send("/orders/pack", {"csrf": "forged", "order": day["paid"].number})
    assert answer.status == 403
