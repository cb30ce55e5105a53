"""What can be done on an order's page besides money and parcels: items, notes, the way to other orders."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from shop import conversation, order_lines, orders, payments, people
from shop.db import utc_now
from shop.models import AuditEntry, Channel, Customer, InboxEvent, Order, OrderNote, Variant
from tests.factories import NOW, make_customer, make_order, make_variant
from tests.seller_console.support import PASSWORD, place, send_slip


@pytest.fixture
def unpaid(database):
    """An order of one shirt at 250 baht without a slip; a hat at 120 baht is on sale besides, three of them."""
    with database.transaction() as session:
        order = place(session, session.get_one(Channel, 1))
        make_variant(session, "HAT", 12000, 3, name_th="หมวกสาน", name_en="Straw hat")
    return order


def contents(database, order):
    with database.reading() as session:
        return order_lines.contents(session.get_one(Order, order.id))


async def test_items_are_searched_added_taken_out_and_written_down(database, ploy, unpaid):
    lines = f"/orders/{unpaid.number}/lines"
    _, body = await ploy.get(f"/orders/{unpaid.number}")
    assert f'href="{lines}"' in body
    _, body = await ploy.get(lines)
    assert 'name="quantity-1"' in body and 'name="seen-1" value="1"' in body and "4 more can be had" in body
    _, body = await ploy.post(lines, words="straw", search="1", **{"quantity-1": "2", "seen-1": "1"})
    assert "Straw hat" in body and re.search(r'name="quantity-1"[^>]*value="2"', body), "what was typed stays"
    answer, _ = await ploy.post(lines, **{"quantity-1": "0", "seen-1": "1", "quantity-2": "3"})
    assert answer.status == 303 and contents(database, unpaid) == {2: 3}
    _, body = await ploy.get(f"/orders/{unpaid.number}")
    assert "Straw hat" in body and "Items changed: SHIRT" not in body and "฿400" in body
    assert re.search(r"Items changed: SKU-e1: 1 → 0, HAT: 0 → 3", body)
    await ploy.post(lines, **{"quantity-1": "0", "seen-1": "1", "quantity-2": "3"})  # once more
    with database.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "lines.save"))
        assert entry.subject == unpaid.number and entry.detail == {"lines": "SKU-e1: 1 → 0, HAT: 0 → 3"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"quantity-1": "0"}, "Something has to stay in the order"),
        ({"quantity-1": "1", "quantity-2": "4"}, "Of “Straw hat” only 3 more can be had"),
        ({"quantity-1": "1", "quantity-99": "1"}, "no longer on sale"),
        ({"quantity-1": "-1"}, "A quantity is a number from 0 to 999"),
        ({"quantity-1": "1000"}, "A quantity is a number from 0 to 999"),
        ({"quantity-1": "<b>"}, "A quantity is a number from 0 to 999"),
        ({"quantity-1": "2", "seen-1": "7"}, "Somebody has changed this order meanwhile"),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_is_changed(database, ploy, unpaid, fields, said):
    answer, body = await ploy.post(f"/orders/{unpaid.number}/lines", **({"seen-1": "1"} | fields))
    assert answer.status == 409 and said in body and "<b>" not in body
    assert contents(database, unpaid) == {1: 1}


async def test_once_it_is_paid_its_items_stay(database, ploy, unpaid):
    with database.transaction() as session:
        payments.confirm(session, unpaid.id, by="ploy@example.com", now=utc_now())
    lines = f"/orders/{unpaid.number}/lines"
    assert (await ploy.get(lines))[0].status == 303
    answer, body = await ploy.post(lines, **{"quantity-1": "2", "seen-1": "1"})
    assert answer.status == 409 and "not possible now" in body
    assert lines not in (await ploy.get(f"/orders/{unpaid.number}"))[1]


async def test_a_slip_that_has_come_is_named_where_items_are_changed(ploy, order):
    _, body = await ploy.get(f"/orders/{order.number}/lines")
    assert "A slip has come already." in body


async def test_notes_are_kept_shown_and_removed_and_hostile_ones_are_words(database, ploy, unpaid):
    page = f"/orders/{unpaid.number}"
    _, body = await ploy.get(page)
    form = re.search(r'name="note_form" value="([^"]+)"', body)[1]
    for _ in range(2):
        answer, _ = await ploy.post(f"{page}/notes", note="<script>x</script>\nห่อของขวัญ", note_form=form)
        assert answer.status == 303
    _, body = await ploy.get(page)
    assert "&lt;script&gt;x" in body and "<script>x" not in body and body.count("ห่อของขวัญ") == 1
    answer, body = await ploy.post(f"{page}/notes", note="ก" * 1001, note_form="y")
    assert answer.status == 409 and "at most 1000 characters" in body and "ก" * 1001 in body
    await ploy.post(f"{page}/notes/1/remove")
    with database.reading() as session:
        assert session.scalars(select(OrderNote)).all() == []


async def test_the_chat_so_far_stands_on_the_page_and_leads_to_all_of_it(database, ploy, unpaid):
    assert "No messages are kept." in (await ploy.get(f"/orders/{unpaid.number}"))[1]
    with database.transaction() as session:
        came = {"account_id": "100", "key": "m1", "kind": "message", "state": "done", "raw": {}, "at": NOW}
        event = InboxEvent(**came, created_at=NOW, conversation="1:nok")
        session.add(event)
        session.flush()
        said = conversation.Said(conversation.Kind.WORDS, "<b>ขอไซส์ M ค่ะ</b>")
        conversation.keep(session, unpaid.customer_id, event.id, said, NOW)
    _, body = await ploy.get(f"/orders/{unpaid.number}")
    assert "&lt;b&gt;ขอไซส์ M ค่ะ" in body and f'href="/chats/{unpaid.customer_id}"' in body


async def test_the_page_leads_to_the_customers_other_orders_and_the_shops_next_ones(database, store, ploy):
    with database.transaction() as session:
        channel = session.get_one(Channel, 1)
        older = place(session, channel, customer="lek", name="Lek", cause="a")
        this = place(session, channel, cause="b")
        nok = session.get_one(Customer, this.customer_id)
        other = make_order(session, nok, make_variant(session, "MUG"), cause="c")
        orders.cancel(session, other.id, now=NOW)
        send_slip(session, store, older)
        del nok
    _, body = await ploy.get(f"/orders/{this.number}")
    others = re.search(r'<section class="card others".*?</section>', body, re.DOTALL)[0]
    assert f'href="/orders/{other.number}"' in others and "Cancelled" in others and older.number not in others
    assert f'rel="prev" href="/orders/{other.number}"' in body
    assert f'rel="next" href="/orders/{older.number}"' in body
    assert re.search(rf'href="/orders/{older.number}"[^>]*>Next slip', body)


async def test_a_packer_reads_that_an_order_is_not_to_be_packed_yet(database, visitor, order):
    with database.transaction() as session:
        pim = people.add_user(session, email="pim@example.com", name="Pim", password=PASSWORD, role="packer")
        pim.language = "en"
    packer = visitor()
    await packer.sign_in("pim@example.com")
    _, body = await packer.get(f"/orders/{order.number}")
    card = re.search(r'<section class="card steps".*?</section>', body, re.DOTALL)[0]
    assert "Not to be packed yet." in card and "<form" not in card


async def test_a_packer_reads_what_to_pack_and_no_money_anywhere(database, store, visitor, order):
    with database.transaction() as session:
        made = session.get_one(Order, order.id)
        make_customer(session, made.channel, "x")
        payments.accept(session, order.id, 10000, by="ploy@example.com", now=utc_now())
        payments.confirm(session, order.id, by="ploy@example.com", now=utc_now())
        pim = people.add_user(session, email="pim@example.com", name="Pim", password=PASSWORD, role="packer")
        pim.language = "en"
        session.get_one(Variant, 1).price = 1
    packer = visitor()
    await packer.sign_in("pim@example.com")
    for _ in range(2):  # before and after a click
        _, body = await packer.get(f"/orders/{order.number}")
        assert "× 1" in body and "99 ถนนสุขุมวิท" in body and "Mark as packed" in body
        money = ("฿", "290", "250", "/slips/", "Paid", "Refund", "Payment", "/bill", "Cancel order")
        assert [
            word for word in money if word in re.sub(r'(?:value|href|src|datetime)="[^"]*"|TL-\d+', "", body)
        ] == []
        assert "/slips/" not in body and "/bill" not in body
        await packer.post(f"/orders/{order.number}/notes", note="the box is dented", note_form="a")
    answer, body = await packer.post(f"/orders/{order.number}/deliver")
    assert (
        answer.status == 409
        and "That is not possible now" in body
        and "payment" not in body.split("<main")[1]
    )
