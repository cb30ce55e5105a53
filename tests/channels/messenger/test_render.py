"""The shop's replies as Messenger messages: every limit kept, not a word or tap lost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.messenger.render import render
from shop.replies import BadReply, Bill, BillLine, Button, Card, Cards, Choices, Image, Reply, Text
from tests.channels.messenger.messages import check, targets, words

TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.text(alphabet="กขคงนำ่้ีเแไ ็์ๆ ", max_size=120),
    st.lists(st.sampled_from(["👨‍👩‍👧‍👦", "🇹🇭", "👍🏽", " ", "\n", "a"]), max_size=50).map("".join),
    st.sampled_from(["", " ", "x" * 2500, "คำ ยาว ๆ " * 400, "One sentence. Another one.\n\n" * 90]),
)
TITLE = st.one_of(
    st.sampled_from(["ซื้อเลย", "Buy Now", "Products", " ", "เสื้อยืดคอกลมสีขาวไซส์ใหญ่มาก", "😀" * 12]),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=90),
)
PAYLOAD = st.integers(0, 10**6).map(lambda n: f"/p{n}")
BUTTON = st.one_of(
    st.builds(Button, TITLE, payload=PAYLOAD),
    st.builds(Button, TITLE, url=st.integers(0, 10**6).map(lambda n: f"https://shop.example/{n}")),
)
IMAGE_URL = st.one_of(st.none(), st.just("https://shop.example/shirt.jpg"))
CHOICES = st.builds(Choices, TEXT, st.lists(BUTTON, max_size=60).map(tuple), TITLE)
CARD = st.builds(Card, TEXT, TEXT, IMAGE_URL, st.lists(BUTTON, max_size=7).map(tuple))
CARDS = st.builds(Cards, st.lists(CARD, max_size=60).map(tuple), TITLE)
AMOUNT = st.integers(0, 10**9)
LINE = st.builds(BillLine, TEXT, st.integers(1, 99), AMOUNT, IMAGE_URL)
BILL = st.builds(
    Bill,
    order_number=st.just("TL-482913"),
    recipient_name=TEXT,
    currency=st.sampled_from(["THB", "JPY", "KWD"]),
    payment_method=TEXT,
    lines=st.lists(LINE, max_size=3).flatmap(lambda some: st.sampled_from([some, some * 50]).map(tuple)),
    subtotal=AMOUNT,
    shipping=AMOUNT,
    total=AMOUNT,
    placed_at=st.integers(0, 2**33),
    address=st.one_of(TEXT, st.just("99/1 ถ.สุขุมวิท แขวงคลองเตย เขตคลองเตย กรุงเทพฯ 10110")),
    adjustments=st.lists(st.tuples(TEXT, AMOUNT), max_size=3).map(tuple),
)


def pages(reply: Reply) -> list[list[dict[str, Any]]]:
    """The messages of every page, reached as a customer does: by tapping "more"."""
    found: list[list[dict[str, Any]]] = []
    ahead = True
    while ahead:
        found.append(one_page(reply, len(found)))
        ahead = f"more:{len(found)}" in [target for message in found[-1] for target in targets(message)]
        assert len(found) < 100
    return found


def one_page(reply: Reply, page: int = 0) -> list[dict[str, Any]]:
    return render(reply, sign=lambda payload: f"t1.{payload}", more=lambda n: f"more:{n}", page=page)


def packed(text: str) -> str:
    return "".join(text.split())


def assert_said(parts: list[str], messages: list[dict[str, Any]]) -> None:
    said = packed("\n".join(words(message) for message in messages))
    for part in parts:
        assert packed(part) in said


@settings(deadline=None)
@given(TEXT)
def test_a_text_of_any_length_is_said_whole(text: str) -> None:
    messages = one_page(Text(text))
    for message in messages:
        check(message)
    assert packed("".join(words(message) for message in messages)) == packed(text)


@settings(deadline=None)
@given(CHOICES)
def test_choices_keep_every_limit_and_lose_nothing(reply: Choices) -> None:
    shown = pages(reply)
    messages = [message for page in shown for message in page]
    for message in messages:
        check(message)
    assert_said([reply.text, *(button.title for button in reply.buttons)], messages)
    wanted = [button.url or f"t1.{button.payload}" for button in reply.buttons]
    more = [f"more:{n}" for n in range(1, len(shown))]
    assert sorted(target for message in messages for target in targets(message)) == sorted(wanted + more)


@settings(deadline=None)
@given(CHOICES)
def test_quick_replies_are_on_the_last_message_or_they_would_vanish(reply: Choices) -> None:
    for page in pages(reply):
        assert not any("quick_replies" in message for message in page[:-1])


@settings(deadline=None, max_examples=60)
@given(CARDS)
def test_cards_keep_every_limit_and_lose_nothing(reply: Cards) -> None:
    shown = pages(reply)
    messages = [message for page in shown for message in page]
    for message in messages:
        check(message)
    found = {target for message in messages for target in targets(message)}
    for card in reply.cards:
        assert_said([card.title, card.subtitle, *(button.title for button in card.buttons)], messages)
        assert {button.url or f"t1.{button.payload}" for button in card.buttons} <= found
        assert card.image_url is None or card.image_url in found


@settings(deadline=None, max_examples=40)
@given(BILL)
def test_bills_keep_every_limit_and_lose_nothing(bill: Bill) -> None:
    messages = one_page(bill)
    for message in messages:
        check(message)
    names = [name for name, _ in bill.adjustments]
    titles = [line.title for line in bill.lines]
    assert_said([bill.recipient_name, bill.payment_method, bill.address, *names, *titles], messages)
    summary = messages[-1]["attachment"]["payload"]["summary"]
    digits = {"THB": 2, "JPY": 0, "KWD": 3}[bill.currency]
    assert Decimal(repr(summary["total_cost"])) == Decimal(bill.total).scaleb(-digits)


def buttons(count: int) -> tuple[Button, ...]:
    return tuple(Button(f"ไซส์ {n}", f"/size{n}") for n in range(count))


def test_three_buttons_are_a_button_template_and_four_are_quick_replies() -> None:
    [three] = one_page(Choices("เลือกไซส์", buttons(3)))
    assert three["attachment"]["payload"]["template_type"] == "button"
    [four] = one_page(Choices("เลือกไซส์", buttons(4)))
    assert four["text"] == "เลือกไซส์"
    assert [reply["title"] for reply in four["quick_replies"]] == ["ไซส์ 0", "ไซส์ 1", "ไซส์ 2", "ไซส์ 3"]


def test_thirteen_choices_fit_and_fourteen_take_a_page_with_more() -> None:
    assert [len(page[-1]["quick_replies"]) for page in pages(Choices("?", buttons(13)))] == [13]
    first, second = pages(Choices("?", buttons(14), "ดูเพิ่ม"))
    assert first[-1]["quick_replies"][-1] == {"content_type": "text", "title": "ดูเพิ่ม", "payload": "more:1"}
    assert [reply["title"] for reply in second[-1]["quick_replies"]] == ["ไซส์ 12", "ไซส์ 13"]


def test_long_text_goes_before_its_buttons() -> None:
    messages = one_page(Choices("คำ " * 500 + "จบ", buttons(2)))
    assert ["text" in message for message in messages] == [True] * (len(messages) - 1) + [False]
    assert messages[-1]["attachment"]["payload"]["text"].endswith("จบ")


def test_links_beside_many_choices_get_templates_of_their_own_before_them() -> None:
    links = tuple(Button(f"เว็บ {n}", url=f"https://shop.example/{n}") for n in range(4))
    first, second, last = one_page(Choices("เลือกค่ะ", (*links, *buttons(5))))
    assert [len(message["attachment"]["payload"]["buttons"]) for message in (first, second)] == [3, 1]
    assert len(last["quick_replies"]) == 5


def test_titles_too_long_are_numbered_and_said_in_full() -> None:
    sizes = tuple(Button(f"เสื้อยืดคอกลมสีขาวไซส์ {size}", f"/{size}") for size in ("เอ็ม", "แอล"))
    [message] = one_page(Choices("เลือกค่ะ", sizes))
    payload = message["attachment"]["payload"]
    assert payload["text"].splitlines()[1:] == ["1. เสื้อยืดคอกลมสีขาวไซส์ เอ็ม", "2. เสื้อยืดคอกลมสีขาวไซส์ แอล"]
    assert len({button["title"] for button in payload["buttons"]}) == 2


def test_twelve_cards_are_ten_and_more_and_then_two() -> None:
    cards = tuple(Card(f"สินค้า {n}", "฿250", None, (Button("ซื้อเลย", f"/buy{n}"),)) for n in range(12))
    first, second = pages(Cards(cards, "ดูเพิ่ม"))
    assert len(first[-1]["attachment"]["payload"]["elements"]) == 10
    assert first[-1]["quick_replies"] == [{"content_type": "text", "title": "ดูเพิ่ม", "payload": "more:1"}]
    assert [e["title"] for e in second[-1]["attachment"]["payload"]["elements"]] == ["สินค้า 10", "สินค้า 11"]
    assert "quick_replies" not in second[-1]


def test_a_card_with_five_buttons_goes_on_beside_itself() -> None:
    [message] = one_page(Cards((Card("เสื้อ", "฿250", "https://shop.example/a.jpg", buttons(5)),)))
    elements = message["attachment"]["payload"]["elements"]
    assert [len(element["buttons"]) for element in elements] == [3, 2]
    assert elements[0]["image_url"] == elements[1]["image_url"]


def test_the_end_of_a_long_card_title_moves_to_the_subtitle() -> None:
    [message] = one_page(Cards((Card("word " * 20, "฿250"),)))
    [element] = message["attachment"]["payload"]["elements"]
    assert packed(element["title"] + element["subtitle"]) == "word" * 20 + "฿250"


def test_a_card_that_cannot_say_everything_is_read_out_before() -> None:
    text, cards = one_page(Cards((Card("Shirt", "soft " * 59 + "soft"),)))
    assert text["text"] == "Shirt\n" + "soft " * 59 + "soft"
    assert cards["attachment"]["payload"]["elements"][0]["subtitle"].endswith("…")


def test_a_page_after_the_last_is_the_last() -> None:
    reply = Choices("?", buttons(14))
    assert one_page(reply, 9) == one_page(reply, 1)


def test_a_picture_is_named_and_then_sent() -> None:
    text, picture = one_page(Image("https://shop.example/qr.png", "พร้อมเพย์"))
    assert text == {"text": "พร้อมเพย์"}
    assert picture["attachment"]["payload"]["url"] == "https://shop.example/qr.png"


def bill(**changes: Any) -> Bill:
    fields: dict[str, Any] = {
        "order_number": "TL-482913",
        "recipient_name": "คุณนก",
        "currency": "THB",
        "payment_method": "PromptPay",
        "lines": (BillLine("เสื้อยืด", 2, 12550),),
        "subtotal": 25100,
        "shipping": 4000,
        "total": 24100,
        "placed_at": 1785312004,
        "address": "99/1 ถ.สุขุมวิท เขตคลองเตย กรุงเทพฯ 10110",
        "adjustments": (("ส่วนลด", 5000),),
    }
    return Bill(**(fields | changes))


def test_a_bill_is_a_receipt_with_exact_amounts_and_a_thai_address() -> None:
    [message] = one_page(bill())
    receipt = message["attachment"]["payload"]
    assert receipt["summary"] == {"subtotal": 251, "shipping_cost": 40, "total_cost": 241}
    assert receipt["elements"] == [
        {"title": "เสื้อยืด", "subtitle": "2 × 125.50", "quantity": 2, "price": 251, "currency": "THB"}
    ]
    assert receipt["adjustments"] == [{"name": "ส่วนลด", "amount": 50}]
    assert receipt["address"] == {
        "street_1": "99/1 ถ.สุขุมวิท",
        "city": "เขตคลองเตย",
        "state": "กรุงเทพฯ",
        "postal_code": "10110",
        "country": "TH",
    }


@pytest.mark.parametrize(
    ("address", "currency"), [("Somewhere in Bangkok", "THB"), ("1 Main St Springfield IL 62701", "USD")]
)
def test_an_address_without_the_parts_a_receipt_needs_is_said_as_text(address: str, currency: str) -> None:
    text, message = one_page(bill(address=address, currency=currency))
    assert text == {"text": address}
    assert "address" not in message["attachment"]["payload"]


def test_lines_after_the_hundredth_are_said_as_text() -> None:
    lines = tuple(BillLine(f"ของ {n}", 1, 100) for n in range(103))
    text, message = one_page(bill(lines=lines))
    assert text["text"].splitlines() == [f"ของ {n}: 1 × 1.00 = 1.00 THB" for n in (100, 101, 102)]
    assert len(message["attachment"]["payload"]["elements"]) == 100


@pytest.mark.parametrize("amount", [1, 10, 99, 123456789012345, 10**15 - 1])
def test_an_amount_keeps_every_digit(amount: int) -> None:
    [message] = one_page(bill(total=amount))
    shown = message["attachment"]["payload"]["summary"]["total_cost"]
    assert Decimal(repr(shown)) == Decimal(amount) / 100


def test_what_messenger_cannot_carry_is_a_bad_reply() -> None:
    with pytest.raises(BadReply, match="payload"):
        one_page(Choices("?", (Button("A", "/" + "x" * 1000),)))
    with pytest.raises(BadReply, match="amount"):
        one_page(bill(total=10**15))
