"""Tracking numbers of many orders, some of them shipped already: nothing is changed or told twice, and what is refused
says why.
"""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from shop import fulfilment, orders, payments
from shop.db import utc_now
from shop.models import Channel, Notice, Order, Shipment
from tests.seller_console.support import EMAIL, place
from tests.seller_console.test_several_orders import upload

PHONES = {"sent": "0812345678", "nok": "0812345678", "mali": "0899999999"}


@pytest.fixture
def made(database, store):
    """Numbers of paid orders by name; "sent" was shipped with Flash, "waiting" is not paid."""
    numbers = {}
    with database.transaction() as session:
        for name in ("sent", "nok", "mali", "waiting"):
            order = place(session, session.get_one(Channel, 1), customer=name, name=name, cause=name)
            phone = PHONES.get(name, "0811111111")
            orders.set_delivery(
                session, order.id, recipient="สมหญิง ใจดี", phone=phone, address="99 ถนนสุขุมวิท กรุงเทพฯ"
            )
            numbers[name] = order.number
            if name != "waiting":
                payments.confirm(session, order.id, by=EMAIL, now=utc_now())
            if name == "sent":
                fulfilment.ship(
                    session, order.id, carrier="flash", tracking="TH0001", by=EMAIL, now=utc_now()
                )
    return numbers


def shipped(database):
    """What parcels there are, by order, and how often a customer was told of one."""
    with database.reading() as session:
        sent = select(Order.number, Shipment.carrier, Shipment.tracking).join(
            Shipment, Shipment.order_id == Order.id
        )
        told = session.scalars(select(Notice.id).where(Notice.kind == "shipped")).all()
        return {number: (carrier, tracking) for number, carrier, tracking in session.execute(sent)}, len(told)


def plain(body):
    return " ".join(re.sub("<[^>]+>", " ", body).split())


async def test_orders_that_are_shipped_already_are_shown_and_left_alone(database, made, ploy):
    _, body = await ploy.get(f"/orders/parcels?of={','.join(made.values())}")
    assert set(re.findall(r'name="tracking ([^"]+)" value=""', body)) == {made["nok"], made["mali"]}
    assert f"{made['sent']} Flash Express TH0001" in plain(body) and "Shipped already" in body
    assert 'value="flash" selected' in body  # as the last parcel
    # whoever has an older page open, or types the number again under another carrier
    for number in ("TH0001", "TH0002"):
        _, body = await ploy.post(
            "/orders/parcels", carrier="thailand_post", **{f"tracking {made['sent']}": number}
        )
    assert "1 orders stay as they are" in body
    assert shipped(database) == ({made["sent"]: ("flash", "TH0001")}, 1)


async def test_a_mixed_set_ships_what_is_new_and_tells_only_those_customers(database, made, ploy):
    await ploy.get("/orders/parcels?of=" + ",".join(made.values()))
    fields = {
        f"tracking {made[name]}": number
        for name, number in (("sent", "TH0001"), ("nok", "TH0777"), ("mali", ""))
    }
    _, body = await ploy.post("/orders/parcels", carrier="thailand_post", **fields)
    assert "1 orders are shipped now" in body and "these were so already" in body
    assert shipped(database) == (
        {made["sent"]: ("flash", "TH0001"), made["nok"]: ("thailand_post", "TH0777")},
        2,
    )


async def test_a_carriers_list_brought_again_corrects_only_what_is_ticked_for_it(database, made, ploy):
    await ploy.get("/orders/parcels/file")
    _, body = await upload(
        ploy, f"Order No,Reference,Tracking\n{made['sent']},,TH0001".encode(), carrier="thailand_post"
    )
    assert "Entered already" in body and 'name="parcel"' not in body
    data = f"Order No,Tracking\n{made['sent']},TH0009\n{made['mali']},TH0888".encode()
    _, body = await upload(ploy, data)
    new, correction = sorted(
        re.findall(r'name="parcel" value="([^"]+)"( checked)?', body), key=lambda one: one[1] == ""
    )
    assert new == (f"{made['mali']}|TH0888||jt", " checked")
    assert correction == (f"{made['sent']}|TH0009|TH0001|jt", "")
    assert "1 were shipped with another number" in plain(body) and "replaces Flash Express TH0001" in plain(
        body
    )
    await ploy.post("/orders/parcels/ticked", parcel=correction[0])
    assert shipped(database) == ({made["sent"]: ("jt", "TH0009")}, 2)
    _, body = await ploy.post("/orders/parcels/ticked", parcel=f"{made['sent']}|TH0010|TH0001|jt")
    assert "1 orders stay as they are" in body  # it is no longer the one that was looked at
    assert shipped(database) == ({made["sent"]: ("jt", "TH0009")}, 2)


async def test_a_carrier_may_be_called_anything(database, made, ploy):
    await ploy.get("/orders/parcels/file")
    _, body = await upload(
        ploy, f"order,tracking\n{made['mali']},TH0888".encode(), other="ลุงหมาย | วินหน้า|ซอย"
    )
    (row,) = re.findall(r'name="parcel" value="([^"]+)"', body)
    _, body = await ploy.post("/orders/parcels/ticked", parcel=row)
    assert "1 orders are shipped now" in body
    assert shipped(database)[0][made["mali"]] == ("ลุงหมาย | วินหน้า|ซอย", "TH0888")


async def test_nothing_typed_and_nothing_ticked_is_said(database, made, ploy):
    await ploy.get(f"/orders/parcels?of={made['nok']}")
    answer, body = await ploy.post("/orders/parcels", carrier="flash", **{f"tracking {made['nok']}": " "})
    assert answer.status == 409 and "No number was typed" in body and f"tracking {made['nok']}" in body
    answer, body = await ploy.post("/orders/parcels/ticked")
    assert answer.status == 409 and "No row was ticked" in body and 'type="file"' in body
    assert shipped(database)[1] == 1


async def test_one_number_for_two_customers_is_asked_about_first(database, made, ploy):
    fields = {f"tracking {made['nok']}": "th0777", f"tracking {made['mali']}": "TH0777", "carrier": "flash"}
    await ploy.get(f"/orders/parcels?of={made['nok']},{made['mali']}")
    answer, body = await ploy.post("/orders/parcels", **fields)
    assert answer.status == 409 and body.count('aria-invalid="true"') == 2 and 'value="TH0777"' in body
    assert f"the same number as {made['nok']}" in body and 'name="shared"' in body
    answer, body = await ploy.post("/orders/parcels", **{**fields, f"tracking {made['nok']}": "TH0001"})
    assert answer.status == 200  # the same person's orders go in one parcel, Mali's with another number
    assert shipped(database)[0][made["mali"]] == ("flash", "TH0777")


async def test_one_parcel_for_two_customers_can_be_meant(database, made, ploy):
    fields = {f"tracking {made['nok']}": "TH0777", f"tracking {made['mali']}": "TH0777", "carrier": "flash"}
    await ploy.get(f"/orders/parcels?of={made['nok']},{made['mali']}")
    _, body = await ploy.post("/orders/parcels", **fields, shared="1")
    assert "2 orders are shipped now" in body


async def test_a_files_number_that_is_on_somebody_elses_parcel_is_not_used(database, made, ploy):
    await ploy.get("/orders/parcels/file")
    _, body = await upload(ploy, f"order,tracking\n{made['mali']},TH0001".encode())
    assert f"the same number stands at {made['sent']}, of another customer" in body
    assert 'name="parcel"' not in body


async def test_the_forms_begin_with_the_carrier_that_was_used_last(database, made, ploy):
    pages = (f"/orders/{made['mali']}", f"/orders/parcels?of={made['mali']}", "/orders/parcels/file")
    for path in pages:
        _, body = await ploy.get(path)
        assert re.findall(r'<option value="([^"]*)" selected', body) == ["flash"], path
    await ploy.post(f"/orders/{made['nok']}/ship", carrier="flash", other="ลุง<หมาย>", tracking="")
    for path in pages:
        _, body = await ploy.get(path)
        assert re.findall(r'<option value="([^"]*)" selected', body) == ["ลุง&lt;หมาย&gt;"], path
        assert re.search(r'name="other" value=""', body), path


async def test_before_the_first_parcel_the_carrier_has_to_be_chosen(database, ploy, order):
    await ploy.post(f"/orders/{order.number}/confirm")
    _, body = await ploy.get(f"/orders/{order.number}")
    assert re.search('<option value="" selected>Choose the carrier', body)
    field = {f"tracking {order.number}": "TH0777"}
    answer, body = await ploy.post("/orders/parcels", carrier="", **field)
    assert answer.status == 409 and "Please choose the carrier" in body and 'value="TH0777"' in body
    answer, body = await ploy.post(f"/orders/{order.number}/ship", carrier="", tracking="TH0777")
    assert answer.status == 409 and "Please choose the carrier" in body and 'value="TH0777"' in body
    _, body = await upload(ploy, f"order,tracking\n{order.number},TH0777".encode(), carrier="")
    assert "names no carrier" in body
    _, body = await ploy.post("/orders/parcels", carrier="", other="Kerry Express", **field)
    assert shipped(database)[0] == {order.number: ("kex", "TH0777")}


async def test_of_two_sellers_on_an_orders_page_the_second_changes_nothing_unseen(database, made, ploy):
    page = f"/orders/{made['mali']}"
    await ploy.get(page)
    await ploy.post(f"{page}/ship", carrier="flash", tracking="TH0777", seen="")
    answer, body = await ploy.post(f"{page}/ship", carrier="jt", tracking="TH0778", seen="")
    assert answer.status == 409 and "meanwhile" in body and 'name="seen" value="TH0777"' in body
    answer, body = await ploy.post(f"{page}/ship", carrier="flash", tracking="TH0001", seen="TH0777")
    assert answer.status == 409 and f"The parcel of {made['sent']}" in body and 'name="shared"' in body
    answer, _ = await ploy.post(f"{page}/ship", carrier="jt", tracking="TH0778", seen="TH0777")
    assert answer.status == 303
    assert shipped(database)[0][made["mali"]] == ("jt", "TH0778")


async def test_the_columns_that_were_read_are_shown(made, ploy):
    await ploy.get("/orders/parcels/file")
    data = f"Parcels of today\n\n<i>Ref</i>,Remark,Tracking No. (เลขพัสดุ)\n{made['mali']},,TH0777".encode()
    _, body = await upload(ploy, data)
    assert "Tracking number: “Tracking No. (เลขพัสดุ)”" in plain(body)
    assert "“&lt;i&gt;Ref&lt;/i&gt;”" in body
    _, body = await upload(ploy, b"tracking,order\n,")
    assert "No row under the headings names a parcel" in body
