"""What a slip's picture tells stands beside it: one warning in red with a way to the other order, the rest as hints."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html import unescape

import pytest
import zxingcpp
from PIL import Image

from shop.models import Channel, Order
from shop.slips import intake
from tests.factories import NOW, make_customer, make_order, make_slip, make_variant, slip_text

ONE, OTHER = slip_text("016328140501BPP00001"), slip_text("016328140501BPP00002")
BILL = "00020101021129370016A000000677010111011300668012345675802TH530376463046197"


def shows(database, who: str, *codes: str, amounts: list[int] | None = None) -> Order:
    """An order of its own, for which this customer has sent a picture with these codes."""
    with database.transaction() as session:
        customer = make_customer(session, session.get_one(Channel, 1), who, who)
        order = make_order(session, customer, make_variant(session, who), cause=f"order of {who}")
        slip = make_slip(session, customer, f"slip of {who}", codes=codes)
        slip.amounts = amounts
        intake.take_for(session, customer.id, order.number, [slip.id], now=NOW + timedelta(minutes=5))
    return order


def said(body: str) -> list[tuple[str, str]]:
    """Each sentence that stands beside the slip with a sign, and whether it is "bad" or "warn"."""
    signed = re.findall(r'<p class="say (\w+)"[^>]*>\s*<svg.*?</svg><span>(.*?)</span></p>', body, re.DOTALL)
    return [(how, " ".join(re.sub(r"<[^>]*>", "", unescape(words)).split())) for how, words in signed]


async def test_a_slip_of_another_order_is_a_red_warning_that_leads_there(database, ploy):
    first, second = shows(database, "mai", ONE), shows(database, "chai", ONE)
    _, body = await ploy.get(f"/orders/{second.number}")
    assert ("bad", f"Used before: this transfer was shown for order {first.number}.") in said(body)
    warning = re.search(r'<p class="say bad" role="alert">.*?</p>', body, re.DOTALL)
    assert warning and f'href="/orders/{first.number}"' in warning[0]
    _, body = await ploy.get(f"/orders/{first.number}")
    assert "Used before" not in body
    _, question = await ploy.get(f"/orders/{second.number}/confirm")
    assert "Used before" in question or "used before" in question


async def test_of_two_slips_in_one_picture_each_is_looked_up(database, ploy):
    first = shows(database, "mai", ONE)
    second = shows(database, "chai", OTHER, ONE)
    _, body = await ploy.get(f"/orders/{second.number}")
    assert f'href="/orders/{first.number}"' in body
    assert ("warn", "The picture shows two different slips. Please look at both.") in said(body)


async def test_in_thai_it_is_thai(database, ploy):
    shows(database, "mai", ONE)
    second = shows(database, "chai", ONE)
    await ploy.post("/language", language="th", back="/orders")
    _, body = await ploy.get(f"/orders/{second.number}")
    assert "สลิปซ้ำ" in body and "Used before" not in body


@pytest.mark.parametrize(
    ("codes", "amounts", "words"),
    [
        ((), None, "No code could be read. Please compare the slip with your bank account."),
        ((BILL,), None, "The code asks for a payment: this is a bill, not a slip."),
        (("https://line.me/R/ti/p/shop",), None, "The code on the picture is not that of a slip."),
        ((ONE[:-1] + "0",), None, "The code on the slip does not add up: it may have been edited."),
        ((ONE,), [123400], "The amount on the picture looks different. Please check it."),
        ((slip_text("016001140501BPP00001"),), None, "The slip seems to be from"),
    ],
    ids=["no code", "a bill", "an advert", "edited", "another amount", "an old one"],
)
async def test_everything_else_is_a_hint_that_stops_nobody(database, ploy, codes, amounts, words):
    order = shows(database, "mai", *codes, amounts=amounts)
    _, body = await ploy.get(f"/orders/{order.number}")
    assert [how for how, sentence in said(body) if sentence.startswith(words)] == ["warn"]
    await ploy.post(f"/orders/{order.number}/confirm", answer="yes")
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "Paid" in body


async def test_the_amount_that_was_to_be_paid_raises_no_doubt(database, ploy):
    order = shows(database, "mai", ONE, amounts=[1500, 29000])
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "looks different" not in body


async def test_the_code_is_drawn_again_large_enough_for_a_banks_app(console, database, ploy):
    order = shows(database, "mai", ONE)
    _, body = await ploy.get(f"/orders/{order.number}")
    address = re.search(r'<img class="qr" src="([^"]+)"', body)
    assert address
    async with ploy.client.get(console.url + unescape(address[1])) as answer:
        drawn = Image.open(io.BytesIO(await answer.read()))
    assert min(drawn.size) >= 300 and drawn.format == "PNG"
    for size in (drawn.size, (300, 300)):  # as it is, and as the page shows it
        seen = zxingcpp.read_barcodes(drawn.convert("L").resize(size))
        assert [code.text for code in seen] == [ONE]
