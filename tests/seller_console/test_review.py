"""Reviewing slips one after the other: the queue, two sellers at once, and taking the last one back."""

from __future__ import annotations

import asyncio
import re

import pytest
from sqlalchemy import select

from seller_console.looks import Looks
from shop import fulfilment, orders, payments
from shop.db import utc_now
from shop.models import AuditEntry, Channel, Notice, Order
from shop.slips import asking, checks, intake
from tests.factories import make_slip, slip_text
from tests.gateway.waiting import until
from tests.seller_console.support import EMAIL, OTHER_EMAIL, place, send_slip


@pytest.fixture
def waiting(database, store):
    """The numbers of three orders whose slips wait, oldest first."""
    with database.transaction() as session:
        channel = session.get_one(Channel, 1)
        orders = [place(session, channel, customer=name, name=name, cause=name) for name in "abc"]
        for order in orders:
            send_slip(session, store, order, f"slip {order.id}")
        return [order.number for order in orders]


async def go(visitor, path, **fields):
    """Send a form, or open a page, and follow where it leads: the address and the page there."""
    answer, body = await (visitor.post(path, **fields) if fields else visitor.get(path))
    while answer.status == 303:
        path = answer.headers["Location"]
        answer, body = await visitor.get(path)
    assert answer.status == 200
    return path, body


def place_of(body):
    return re.search(r'name="place" value="(\d+)"', body)[1]


def state(database, number):
    with database.reading() as session:
        order = session.scalar(select(Order).where(Order.number == number))
        return order.state, order.payment_state


async def confirm(visitor, body, number):
    return await go(visitor, f"/review/{number}/confirm", place=place_of(body), seen=seen_in(body))


def seen_in(body):
    return re.search(r'name="seen" value="([^"]+)"', body)[1]


async def test_look_confirm_next_until_all_are_checked(database, ploy, waiting):
    address, body = await go(ploy, "/review")
    for number, left in zip(waiting, (3, 2, 1), strict=True):
        assert address.startswith(f"/review/{number}") and f"{left} to check" in body
        assert "฿290" in body and re.search(r'<img src="/slips/\d+\?', body)
        address, body = await confirm(ploy, body, number)
        assert f"<strong>{number}</strong>" in body and "Payment Confirmed" in body
        assert state(database, number) == ("confirmed", "paid")
    assert "All slips are checked" in body
    with database.reading() as session:
        entries = session.scalars(select(AuditEntry)).all()
        done = [(one.action, one.subject, one.by) for one in entries if one.action.startswith("review")]
        assert done == [("review.confirm", number, EMAIL) for number in waiting]


async def test_the_menu_counts_what_waits(ploy, waiting):
    async def counted():
        _, body = await ploy.get("/menu")
        return 'data-count="review">3<' in body

    await until(counted)


async def test_the_next_picture_is_fetched_ahead(ploy, waiting):
    _, body = await go(ploy, "/review")
    shown = re.findall(r'<img src="(/slips/\d+)\?[^"]+"([^>]*)>', body)
    assert [address for address, _ in shown] == ["/slips/1", "/slips/2"] and "hidden" in shown[1][1]


async def test_the_question_is_asked_without_script(ploy, waiting):
    _, body = await ploy.get(f"/review/{waiting[0]}")
    assert "data-asking" not in body and f'href="/review/{waiting[0]}?ask=1"' in body
    _, body = await ploy.get(f"/review/{waiting[0]}?ask=1")
    assert "data-asking" in body and ">Yes</button>" in body


async def test_skipped_ones_come_back_after_the_last(ploy, waiting):
    _, body = await go(ploy, "/review")
    for number in waiting[1:]:
        address, body = await go(ploy, "/review/x/skip", place=place_of(body))
        assert address.startswith(f"/review/{number}")
    _, body = await go(ploy, "/review/x/skip", place=place_of(body))
    assert "That was the last one" in body and "3 were passed over." in body
    address, _ = await go(ploy, "/review")
    assert address.startswith(f"/review/{waiting[0]}")


async def test_a_slip_is_rejected_with_a_reason_and_that_is_taken_back(database, ploy, waiting):
    _, body = await go(ploy, "/review")
    slip = re.search(r'name="slip" value="(\d+)"', body)[1]
    address, body = await go(
        ploy, f"/review/{waiting[0]}/reject", place=place_of(body), slip=slip, reason="wrong_amount"
    )
    assert address.startswith(f"/review/{waiting[1]}") and "Slip not accepted" in body
    assert state(database, waiting[0]) == ("placed", "awaiting_slip")
    slips = re.search(r'name="slips" value="([\d-]+)"', body)[1]
    address, body = await go(ploy, f"/review/{waiting[0]}/back", slips=slips)
    assert address == f"/review/{waiting[0]}" and state(database, waiting[0]) == ("placed", "pending")


async def test_own_words_are_needed_for_another_reason(database, ploy, waiting):
    _, body = await go(ploy, "/review")
    address, body = await go(
        ploy, f"/review/{waiting[0]}/reject", place=place_of(body), reason="other", words=" "
    )
    assert address.startswith(f"/review/{waiting[0]}") and "Please say why." in body
    assert state(database, waiting[0]) == ("placed", "pending")


async def test_another_slip_or_sum_than_the_page_showed_is_looked_at_first(database, ploy, waiting):
    _, body = await go(ploy, "/review")
    with database.transaction() as session:
        order = session.scalars(select(Order).where(Order.number == waiting[0])).one()
        second = make_slip(session, order.customer, "a second one")
        intake.take(session, order.customer_id, [second.id], now=utc_now())
    address, now = await confirm(ploy, body, waiting[0])
    assert address.startswith(f"/review/{waiting[0]}") and "slips have changed meanwhile" in now
    fields = {"place": place_of(body), "seen": seen_in(body), "reason": "unreadable"}
    address, now = await go(ploy, f"/review/{waiting[0]}/reject", **fields)
    assert address.startswith(f"/review/{waiting[0]}") and "slips have changed meanwhile" in now
    assert state(database, waiting[0]) == ("placed", "pending")
    with database.transaction() as session:
        orders.set_discount(session, order.id, 1000, by="chai", now=utc_now())
    address, now = await confirm(ploy, now, waiting[0])
    assert "slips have changed meanwhile" in now and "฿280" in now
    await confirm(ploy, now, waiting[0])
    assert state(database, waiting[0]) == ("confirmed", "paid")


async def test_a_confirmation_is_taken_back(database, ploy, waiting):
    _, body = await go(ploy, "/review")
    _, body = await confirm(ploy, body, waiting[0])
    entry = re.search(r'name="entry" value="(\d+)"', body)[1]
    back = f"/review/{waiting[0]}/back"
    address, body = await go(ploy, back, entry=entry, reason="Confirmed by mistake")
    assert address == f"/review/{waiting[0]}" and state(database, waiting[0]) == ("placed", "pending")
    await go(ploy, back, entry=entry, reason="Confirmed by mistake")
    with database.reading() as session:
        done = session.scalars(select(AuditEntry.action).where(AuditEntry.action == "review.back")).all()
        assert len(done) == 1  # the second tap changed nothing


@pytest.mark.parametrize("reason", ["", " ", "x" * 301])
async def test_taking_back_needs_a_reason(database, ploy, waiting, reason):
    _, body = await go(ploy, "/review")
    _, body = await confirm(ploy, body, waiting[0])
    entry = re.search(r'name="entry" value="(\d+)"', body)[1]
    _, body = await go(ploy, f"/review/{waiting[0]}/back", entry=entry, reason=reason)
    assert "Please say why." in body and state(database, waiting[0]) == ("confirmed", "paid")


async def test_two_sellers_are_given_different_slips(ploy, visitor, waiting):
    chai = visitor()
    await chai.sign_in(OTHER_EMAIL)
    await chai.post("/language", language="en", next="/orders")
    (mine, _), (theirs, body) = await go(ploy, "/review"), await go(chai, "/review")
    assert (mine, theirs) == (f"/review/{waiting[0]}", f"/review/{waiting[1]}")
    address, body = await confirm(chai, body, waiting[1])
    assert address.startswith(f"/review/{waiting[2]}")
    _, body = await confirm(chai, body, waiting[2])
    assert "Somebody else is looking at the last ones" in body and f'href="/review/{waiting[0]}"' in body


async def test_two_sellers_on_orders_pages_are_led_to_different_slips(ploy, visitor, waiting):
    first, second, third = waiting
    chai = visitor()
    await chai.sign_in(OTHER_EMAIL)
    await go(ploy, f"/orders/{first}")
    _, body = await go(chai, f"/orders/{third}")
    assert (
        f'href="/orders/{second}" data-hotkey="n"' in body
        and f'href="/orders/{first}" data-hotkey' not in body
    )
    await go(chai, f"/orders/{second}")
    _, body = await go(ploy, f"/orders/{first}")
    assert f'href="/orders/{third}" data-hotkey="n"' in body
    address, _ = await go(ploy, "/review")  # nor to what somebody looks at on the page of an order
    assert address == f"/review/{first}"


async def test_two_sellers_on_one_slip_confirm_it_once_and_the_second_goes_on(
    database, ploy, visitor, waiting
):
    chai = visitor()
    await chai.sign_in(OTHER_EMAIL)
    await chai.post("/language", language="en", next="/orders")
    pages = [await go(who, f"/review/{waiting[0]}") for who in (ploy, chai)]
    ends = await asyncio.gather(
        *(confirm(who, body, waiting[0]) for who, (_, body) in zip((ploy, chai), pages, strict=True))
    )
    said = sorted(re.search(r"said=(\w+)", address)[1] for address, _ in ends)
    assert said == ["confirmed", "elsewhere"]
    second = next(body for address, body in ends if "elsewhere" in address)
    assert re.search(r"seen to by (Ploy|Chai) \(Paid\)", second)
    with database.reading() as session:
        assert len(session.scalars(select(Notice).where(Notice.kind == "paid")).all()) == 1
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "review.confirm")).all()
        assert len(entries) == 1


async def test_an_open_page_of_a_slip_that_was_seen_to_leads_on_and_says_by_whom(database, ploy, waiting):
    await go(ploy, "/review")
    with database.transaction() as session:
        order = session.scalar(select(Order).where(Order.number == waiting[0]))
        payments.confirm(session, order.id, by=OTHER_EMAIL, now=utc_now())
    address, body = await go(ploy, f"/review/{waiting[0]}")
    assert address.startswith(f"/review/{waiting[1]}") and "seen to by Chai (Paid)" in body


async def test_an_order_that_was_cancelled_meanwhile_cannot_be_confirmed(database, ploy, waiting):
    _, body = await go(ploy, "/review")
    with database.transaction() as session:
        order = session.scalar(select(Order).where(Order.number == waiting[0]))
        fulfilment.call_off(session, order.id, by=OTHER_EMAIL, now=utc_now())
    address, body = await confirm(ploy, body, waiting[0])
    assert "said=elsewhere" in address and state(database, waiting[0])[0] == "cancelled"


async def test_what_the_bank_confirms_in_every_part_takes_one_tap(database, store, ploy):
    with database.transaction() as session:
        order = place(session, session.get_one(Channel, 1))
        slip = send_slip(session, store, order, codes=(slip_text("016001093000BPP00001"),))
        assert slip.transfer
    now = utc_now()
    with database.transaction() as session:
        claim = checks.claim_one(session, "slipok", now)
        fitting = asking.Answer(
            state=asking.State.FOUND,
            provider="slipok",
            amount=29000,
            paid_at=order.placed_at,
            reference=slip.transfer.reference,
            receiver_accounts=("0891112223",),
        )
        checks.record(session, claim, fitting, now)
    _, body = await go(ploy, "/review")
    assert "Fits: confirm" in body and "data-ask-bar" in body and ">Yes</button>" not in body
    with database.transaction() as session:
        session.get_one(Order, order.id).total = 30000
    _, body = await go(ploy, "/review")
    assert "Fits: confirm" not in body, "the bill has changed since the bank was asked"


@pytest.mark.parametrize("path", ["/review/TL-00000000", "/review/x"])
async def test_an_order_that_is_none_is_not_found(ploy, path):
    assert (await ploy.get(path))[0].status == 404


async def test_addresses_that_somebody_made_up_do_no_harm(ploy, waiting):
    for path in ("?after=-1", "?after=x", "?said=confirmed&last=<script>", "?after=99999999999999999999"):
        _, body = await go(ploy, f"/review{path}")
        assert "<script>" not in body.replace("<script type", "")


def test_a_look_ends_by_itself_and_when_its_seller_moves_on():
    seconds = [0.0]
    looks = Looks(lambda: seconds[0])
    looks.look(1, 10)
    looks.look(2, 20)
    assert looks.of_others(1) == {20} and looks.of_others(3) == {10, 20}
    looks.look(1, 11)
    looks.away(2)
    assert looks.of_others(3) == {11}
    seconds[0] = 121
    assert looks.of_others(3) == set()
