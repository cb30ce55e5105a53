"""What a verification service said stands by the slip, as a sign and a sentence, in both languages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from shop.models import Channel, Order, PaymentAccount, Shop
from shop.slips import checks, intake
from shop.slips.asking import Answer, State
from tests.factories import NOW, make_customer, make_order, make_slip, make_variant, slip_text

PAID = {
    "amount": 29000,
    "paid_at": NOW,
    "reference": "REF1",
    "receiver_name": "<b>Fai",
    "receiver_accounts": ("xxx-x-x5366-x",),
}


def answered(database, *, auto=False, **answer) -> Order:
    with database.transaction() as session:
        session.get_one(Shop, 1).auto_confirm = auto
        session.add(PaymentAccount(bank="SCB", number="123-4-55366-7", holder="Fai"))
        customer = make_customer(session, session.get_one(Channel, 1), "mai", "Mai")
        order = make_order(session, customer, make_variant(session, "HAT"), cause="e9")
        slip = make_slip(session, customer, "s9", codes=(slip_text("REF1"),))
        intake.take(session, customer.id, [slip.id], now=NOW)
        claim = checks.claim_one(session, "slipok", NOW)
        assert claim is not None
        checks.record(session, claim, Answer(provider="slipok", **answer), NOW + timedelta(minutes=1))
    return order


async def said(ploy, order) -> str:
    _, body = await ploy.get(f"/orders/{order.number}")
    signed = re.findall(r'<p class="say [^>]*>\s*<svg.*?</svg>(<span>.*?</span>)</p>', body, re.DOTALL)
    return " | ".join(" ".join(re.sub(r"<[^>]*>", "", one).split()) for one in signed)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (PAID, "SlipOK: the bank knows this transfer. Amount: ฿290."),
        (PAID, "Amount, receiver and time fit."),
        (PAID | {"amount": 100}, "The amount differs: ฿1 was sent, ฿290 was to be paid."),
        (PAID | {"receiver_accounts": ("xxx-x-x9999-x",)}, "Another receiver: the money did not go"),
        (PAID | {"receiver_accounts": ()}, "The receiver&#39;s account is not shown"),
        (PAID | {"state": State.DUPLICATE}, "Checked before: SlipOK has been asked about this slip earlier."),
        ({"state": State.PENDING}, "does not know this transfer yet. Talad asks again"),
        ({"state": State.QUOTA}, "the quota of the contract is used up. Talad asks again"),
        ({"state": State.AUTH}, "does not accept the key"),
        ({"state": State.ERROR}, "the service gave no usable answer. Talad asks again"),
    ],
)
async def test_the_answer_in_plain_words(database, ploy, answer, words):
    order = answered(database, **{"state": State.FOUND, **answer})
    assert words in await said(ploy, order)
    await ploy.post("/language", language="th", next="/orders")
    thai = await said(ploy, order)
    assert "SlipOK" in thai
    assert re.search("ธนาคาร|ตรวจสอบ", thai)
    assert "bank" not in thai and "checked" not in thai


async def test_a_service_cannot_write_into_the_page(database, ploy):
    order = answered(database, state=State.FOUND, **PAID)
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "<b>Fai" not in body and "&lt;b&gt;Fai" in body


async def test_the_history_says_what_confirmed_an_order(database, ploy):
    order = answered(database, auto=True, state=State.FOUND, **PAID)
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "Automatic (SlipOK)" in body and "verifier:" not in body


async def test_the_switch_says_when_it_does_nothing(ploy):
    _, body = await ploy.get("/settings/selling")
    switch = re.search(r'name="auto_confirm"[^>]*>', body)
    assert switch and "checked" not in switch[0]
    assert "no verification service is set up" in body
