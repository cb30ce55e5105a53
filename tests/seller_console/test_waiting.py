"""Who waits for a person, and who has the chat."""

from __future__ import annotations

from sqlalchemy import select

from shop import carts, handoff, orders
from shop.db import utc_now
from shop.models import Channel, Customer, InboxEvent, Notice, Order, Slip
from tests.factories import make_customer, make_order, make_slip, make_variant, slip_text


def someone_waits(database):
    with database.transaction() as session:
        nok = make_customer(session, session.get_one(Channel, 1), "waiting", "Nok <b>")
        nok.last_inbound_at = utc_now()
        carts.put(session, nok.id, make_variant(session, sku="WANTED", name_en="Mug").id, 2)
        handoff.ask_for_person(session, nok.id, utc_now())
        nok.last_words = "is it <real>?"
        return nok.id


async def test_when_nobody_waits_the_page_says_so(ploy):
    _, body = await ploy.get("/waiting")
    assert "Nobody is waiting" in body


async def test_who_waits_is_shown_with_what_they_want(database, ploy):
    someone_waits(database)
    _, body = await ploy.get("/waiting")
    assert "Nok &lt;b&gt;" in body and "2 × Mug" in body and "Waits for an answer" in body
    assert "is it &lt;real&gt;?" in body
    assert "asset_id=100" in body


async def test_answering_keeps_the_bot_silent_and_giving_back_tells_the_customer_once(database, ploy):
    nok = someone_waits(database)
    answer, _ = await ploy.post(f"/waiting/{nok}/answered")
    _, body = await ploy.get(answer.headers["Location"])
    assert "A person has the chat" in body
    for _ in range(2):
        answer, _ = await ploy.post(f"/waiting/{nok}/back")
    _, body = await ploy.get(answer.headers["Location"])
    assert "Nobody is waiting" in body
    with database.reading() as session:
        assert not handoff.is_with_person(session.get_one(Customer, nok), utc_now())
        told = select(InboxEvent).where(InboxEvent.kind == handoff.BACK_EVENT)
        assert len(session.scalars(told).all()) == 1


def a_loose_slip(database) -> tuple[int, Order]:
    """A slip that came when no order waited, and the order its customer placed later."""
    with database.transaction() as session:
        nok = make_customer(session, session.get_one(Channel, 1), "loose", "Nok <i>")
        slip = make_slip(session, nok, "loose", codes=(slip_text("016328140501BPP00001"),))
        return slip.id, make_order(session, nok, make_variant(session, sku="LATER"), cause="later")


async def test_a_slip_without_an_order_is_shown_and_given_to_one(database, ploy):
    slip_id, order = a_loose_slip(database)
    _, body = await ploy.get("/waiting")
    assert "Nok &lt;i&gt;" in body and "016328140501BPP00001" in body and f"It is for {order.number}" in body
    for _ in range(2):
        answer, _ = await ploy.post(f"/waiting/slips/{slip_id}/order/{order.id}")
        assert answer.headers["Location"] == f"/orders/{order.number}?said=done"
    with database.reading() as session:
        assert session.get_one(Order, order.id).payment_state == "pending"
        assert [notice.kind for notice in session.scalars(select(Notice))] == ["pending"]
    _, body = await ploy.get("/waiting")
    assert "Slips without an order" not in body


async def test_an_order_that_has_ended_takes_none_and_the_slip_stays(database, ploy):
    slip_id, order = a_loose_slip(database)
    with database.transaction() as session:
        orders.cancel(session, order.id, now=utc_now())
    answer, _ = await ploy.post(f"/waiting/slips/{slip_id}/order/{order.id}")
    _, body = await ploy.get(answer.headers["Location"])
    assert "takes no slip any more" in body and "Slips without an order" in body
    await ploy.post(f"/waiting/slips/{slip_id}/done")
    with database.reading() as session:
        assert session.get_one(Slip, slip_id).verdict == "dismissed"
