"""Every limit of a message: the largest allowed passes, one more is refused with code 100 and a telling text."""

from typing import Any

import pytest

from simulator.errors import GraphError
from simulator.limits import check_message
from simulator.template_limits import check_template

URL = {"type": "web_url", "title": "Open", "url": "https://shop.example/"}


def postback(title: str = "ซื้อเลย", payload: str = "P") -> dict[str, Any]:
    return {"type": "postback", "title": title, "payload": payload}


def quick(count: int, title: str = "ok", payload: str = "P") -> dict[str, Any]:
    reply = {"content_type": "text", "title": title, "payload": payload}
    return {"text": "choose", "quick_replies": [reply] * count}


def check(body: dict[str, Any]) -> None:
    """Checks a message or, when it has a template_type, a template's payload."""
    if "template_type" in body:
        check_template(body)
    else:
        check_message(body)


def cards(count: int = 1, **element: Any) -> dict[str, Any]:
    one = {"title": "เสื้อ", "subtitle": "390 บาท", **element}
    return {"template_type": "generic", "elements": [one] * count}


def buttons(count: int = 1, text: str = "ยืนยันไหมคะ", **button: Any) -> dict[str, Any]:
    return {"template_type": "button", "text": text, "buttons": [{**postback(), **button}] * count}


def receipt(**changes: Any) -> dict[str, Any]:
    return {
        "template_type": "receipt",
        "recipient_name": "นก ใจดี",
        "order_number": "TL-1",
        "currency": "THB",
        "payment_method": "โอนเงิน",
        "summary": {"total_cost": "390.50"},
        **changes,
    }


ADDRESS = {"street_1": "1/2", "city": "บางรัก", "postal_code": "10500", "state": "กรุงเทพฯ", "country": "TH"}

ALLOWED = {
    "text": {"text": "ก" * 1999},
    "metadata": {"text": "x", "metadata": "m" * 999},
    "13 quick replies": quick(13),
    "quick reply title": quick(1, title="ก" * 20),
    "quick reply payload": quick(1, payload="p" * 1000),
    "phone number quick reply": {"text": "x", "quick_replies": [{"content_type": "user_phone_number"}]},
    "30 images": {"attachments": [{"type": "image", "payload": {"attachment_id": "1"}}] * 30},
    "10 cards": cards(10),
    "card texts": cards(title="ก" * 80, subtitle="ข" * 80),
    "card buttons": cards(buttons=[postback()] * 3),
    "default action": cards(default_action={"type": "web_url", "url": "https://shop.example/"}),
    "button text": buttons(text="ก" * 640),
    "3 buttons": buttons(3),
    "button title": buttons(title="ก" * 20),
    "button payload": buttons(payload="p" * 1000),
    "receipt": receipt(elements=[{"title": "x", "price": 0}] * 100, address=ADDRESS),
    "free receipt": receipt(summary={"total_cost": 0}),
}

REFUSED = {
    "text": {"text": "ก" * 2000},
    "no text": {"text": " "},
    "nothing": {},
    "unknown key": {"text": "x", "buttons": []},
    "text and attachment": {
        "text": "x",
        "attachment": {"type": "image", "payload": {"url": "https://a.example"}},
    },
    "metadata": {"text": "x", "metadata": "m" * 1000},
    "14 quick replies": quick(14),
    "no quick replies": quick(0),
    "quick reply title": quick(1, title="ก" * 21),
    "quick reply payload": quick(1, payload="p" * 1001),
    "location quick reply": {"text": "x", "quick_replies": [{"content_type": "location"}]},
    "31 images": {"attachments": [{"type": "image", "payload": {"attachment_id": "1"}}] * 31},
    "attachments of other kinds": {"attachments": [{"type": "video", "payload": {"attachment_id": "1"}}]},
    "attachment type": {"attachment": {"type": "picture", "payload": {"url": "https://a.example"}}},
    "attachment address": {"attachment": {"type": "image", "payload": {"url": "file:///etc/passwd"}}},
    "template type": {"template_type": "list"},
    "11 cards": cards(11),
    "no cards": cards(0),
    "card title": cards(title="ก" * 81),
    "card subtitle": cards(subtitle="ก" * 81),
    "title alone": {"template_type": "generic", "elements": [{"title": "เสื้อ"}]},
    "4 buttons on a card": cards(buttons=[postback()] * 4),
    "default action with title": cards(default_action=URL),
    "button text": buttons(text="ก" * 641),
    "4 buttons": buttons(4),
    "no buttons": buttons(0),
    "button title": buttons(title="ก" * 21),
    "no button title": buttons(title=""),
    "button payload": buttons(payload="p" * 1001),
    "button type": buttons(type="element_share"),
    "webview height": buttons(type="web_url", url="https://a.example", webview_height_ratio="half"),
    "extensions without https": buttons(type="web_url", url="http://a.example", messenger_extensions=True),
    "receipt name": receipt(recipient_name=None),
    "receipt currency": receipt(currency="baht"),
    "receipt total": receipt(summary={"subtotal": 1}),
    "three decimals": receipt(summary={"total_cost": "1.234"}),
    "comma in an amount": receipt(summary={"total_cost": "1,010"}),
    "101 lines": receipt(elements=[{"title": "x", "price": 1}] * 101),
    "line without price": receipt(elements=[{"title": "x"}]),
    "country": receipt(address={**ADDRESS, "country": "Thailand"}),
    "no postal code": receipt(address={**ADDRESS, "postal_code": ""}),
}


@pytest.mark.parametrize("body", ALLOWED.values(), ids=ALLOWED.keys())
def test_the_largest_message_passes(body: dict[str, Any]) -> None:
    check(body)


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
def test_one_more_is_refused_and_the_parameter_is_named(body: dict[str, Any]) -> None:
    with pytest.raises(GraphError) as caught:
        check(body)
    assert caught.value.code == 100
    assert "[" in caught.value.message or "message" in caught.value.message
