"""Packing, shipping, delivering and calling off by the seller's clicks."""

from __future__ import annotations

from sqlalchemy import select

from shop import views, ways_to_pay
from shop.db import utc_now
from shop.models import AuditEntry, Channel, Shop, Variant
from tests.seller_console.support import place


def state_of(database, number):
    with database.reading() as session:
        return views.order_detail(session, number).order


async def test_a_paid_order_goes_out_by_clicks_and_its_parcel_can_be_followed(database, ploy, order):
    await ploy.post(f"/orders/{order.number}/confirm")
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "Mark as packed" in body and "Thailand Post" in body and "Cancel order" not in body
    await ploy.post(f"/orders/{order.number}/pack")
    answer, _ = await ploy.post(f"/orders/{order.number}/ship", carrier="flash", tracking="th01234567a")
    assert answer.status == 303
    _, body = await ploy.get(answer.headers["Location"])
    assert "Flash Express TH01234567A" in body and "fle/tracking?se=TH01234567A" in body
    await ploy.post(f"/orders/{order.number}/deliver")
    assert state_of(database, order.number).state == "delivered"


async def test_a_number_that_cannot_be_one_is_said_and_what_was_typed_stays(database, ploy, order):
    await ploy.post(f"/orders/{order.number}/confirm")
    answer, body = await ploy.post(
        f"/orders/{order.number}/ship", carrier="jt", other="<b>Lung</b>", tracking="no <script>"
    )
    assert answer.status == 409
    assert "letters, digits and hyphens" in body and "no &lt;script&gt;" in body and "&lt;b&gt;Lung" in body
    assert state_of(database, order.number).shipment is None


async def test_a_step_that_is_not_possible_is_said_and_changes_nothing(database, ploy, order):
    answer, body = await ploy.post(f"/orders/{order.number}/pack")
    assert answer.status == 409 and "not possible now" in body
    assert state_of(database, order.number).state == "placed"


async def test_the_seller_calls_an_order_off(database, ploy, order):
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "Cancel this order?" in body
    await ploy.post(f"/orders/{order.number}/call-off")
    assert state_of(database, order.number).state == "cancelled"


async def test_cash_on_delivery_is_accepted_in_thai(database, ploy):
    with database.transaction() as session:
        session.get_one(Shop, 1).cash_on_delivery = True
        order = place(session, session.get_one(Channel, 1))
        ways_to_pay.choose(session, order.id, "cod", by="customer", now=utc_now())
    await ploy.post("/language", language="th", next="/orders")
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "รับออเดอร์ (เก็บเงินปลายทาง)" in body
    await ploy.post(f"/orders/{order.number}/accept")
    assert state_of(database, order.number).state == "confirmed"


async def test_a_form_without_its_secret_does_nothing(database, ploy, order):
    ploy.csrf = "forged"
    answer, _ = await ploy.post(f"/orders/{order.number}/call-off")
    assert answer.status == 403
    assert state_of(database, order.number).state == "placed"


async def test_after_packing_one_tap_undoes_it(database, ploy, order):
    await ploy.post(f"/orders/{order.number}/confirm")
    answer, _ = await ploy.post(f"/orders/{order.number}/pack")
    _, body = await ploy.get(answer.headers["Location"])
    assert "Packed." in body and "Undo<span" in body
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "Undo<span" not in body and "Not packed after all" in body
    await ploy.post(f"/orders/{order.number}/unpack")
    assert state_of(database, order.number).state == "confirmed"
    _, body = await ploy.get(f"/orders/{order.number}?said=packed")
    assert "Packed." not in body and "Packing undone" in body


async def test_a_parcel_that_came_back_is_taken_back_with_the_reason(database, ploy):
    with database.transaction() as session:
        session.get_one(Shop, 1).cash_on_delivery = True
        order = place(session, session.get_one(Channel, 1))
        ways_to_pay.choose(session, order.id, "cod", by="customer", now=utc_now())
    for step, fields in (("accept", {}), ("ship", {"carrier": "flash", "tracking": "TH0112345678"})):
        await ploy.post(f"/orders/{order.number}/{step}", **fields)
    answer, body = await ploy.post(f"/orders/{order.number}/come-back", reason="other", words="")
    assert answer.status == 409 and "why it came back" in body
    assert state_of(database, order.number).state == "shipped"
    answer, _ = await ploy.post(f"/orders/{order.number}/come-back", reason="not_collected", words="")
    _, body = await ploy.get(answer.headers["Location"])
    assert "Parcel came back: Not collected or nobody at home" in body
    assert state_of(database, order.number).state == "cancelled"


async def test_after_shipping_and_delivering_one_tap_undoes_each(database, ploy, order):
    await ploy.post(f"/orders/{order.number}/confirm")
    for step, said, back, state in (
        ("ship", "Shipped. The customer is told.", "unship", "packed"),
        ("deliver", "Delivered. The customer is told.", "undeliver", "shipped"),
    ):
        if step == "deliver":
            await ploy.post(f"/orders/{order.number}/ship", carrier="flash", tracking="TH0112345678")
        answer, _ = await ploy.post(f"/orders/{order.number}/{step}", carrier="flash", tracking="TH01123456")
        _, body = await ploy.get(answer.headers["Location"])
        assert said in body and "Undo<span" in body and body.count(f'/{back}"') == 2
        _, body = await ploy.get(f"/orders/{order.number}")
        assert "Undo<span" not in body and body.count(f'/{back}"') == 1
        assert "they are told that it was a mistake" in body
        await ploy.post(f"/orders/{order.number}/{back}")
        assert state_of(database, order.number).state == state
        _, body = await ploy.get(answer.headers["Location"])
        assert said not in body and "undone" in body


async def test_a_corrected_number_is_not_offered_to_be_undone_as_if_it_were_just_shipped(ploy, order):
    await ploy.post(f"/orders/{order.number}/confirm")
    await ploy.post(f"/orders/{order.number}/ship", carrier="flash", tracking="TH0112345678")
    answer, _ = await ploy.post(
        f"/orders/{order.number}/ship", carrier="flash", tracking="TH0112345679", seen="TH0112345678"
    )
    _, body = await ploy.get(answer.headers["Location"])
    assert "Done." in body and "Undo<span" not in body


async def test_a_paid_parcel_comes_back_and_the_page_says_what_is_left_to_return(database, ploy, order):
    await ploy.post(f"/orders/{order.number}/confirm")
    await ploy.post(f"/orders/{order.number}/ship", carrier="flash", tracking="TH0112345678")
    await ploy.post(f"/orders/{order.number}/refund", amount="40", reason="the fee")
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "The shop has ฿250 of the customer" in body and "/keep" not in body
    answer, body = await ploy.post(
        f"/orders/{order.number}/come-back", reason="other", words="", put_back="no"
    )
    assert answer.status == 409 and body.count('name="put_back" value="yes">') == 1  # still unticked
    await ploy.post(f"/orders/{order.number}/come-back", reason="refused", words="", put_back="no")
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "Left to return to the customer: ฿250" in body and "The goods were not put back" in body
    assert log(database)[-1] == ("fulfilment.come_back", {"put_back": False})
    answer, body = await ploy.post(f"/orders/{order.number}/keep", reason=" ")
    assert answer.status == 409 and "Please say why." in body
    await ploy.post(f"/orders/{order.number}/refund", amount="200", reason="sent back")
    await ploy.post(f"/orders/{order.number}/keep", reason="the carrier's fee")
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "The shop keeps ฿50. Nothing is left to return." in body and "/keep" not in body
    product = state_of(database, order.number).lines[0].variant_id
    with database.reading() as session:
        product = session.get_one(Variant, product).product_id
    _, body = await ploy.get(f"/products/{product}/stock")
    assert "Parcel came back" in body and "Not put back into stock" in body


async def test_whoever_cancels_says_whether_the_goods_can_be_sold_and_is_believed(database, ploy, order):
    _, body = await ploy.get(f"/orders/{order.number}")
    assert body.count('name="put_back" value="yes" checked') == 1
    answer, _ = await ploy.post(f"/orders/{order.number}/call-off", put_back="no")
    _, body = await ploy.get(answer.headers["Location"])
    assert "The goods were not put back into stock." in body
    _, body = await ploy.get("/people/log")
    assert "put back into stock: no" in body


def log(database):
    with database.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(entry.action, entry.detail) for entry in entries]
