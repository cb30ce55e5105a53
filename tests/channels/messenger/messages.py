"""Messenger's limits once more, from Meta's reference and apart from the renderer, to judge its messages."""

from __future__ import annotations

from typing import Any


def size(text: str) -> int:
    """The larger of the two ways Meta may count: emoji as two."""
    return sum(2 if ord(sign) > 0xFFFF else 1 for sign in text)


def check(message: dict[str, Any]) -> None:
    """Fails where Meta would refuse the message."""
    assert set(message) <= {"text", "attachment", "quick_replies"}
    assert ("text" in message) != ("attachment" in message)
    if "text" in message:
        check_words(message["text"], 1999)
    else:
        check_attachment(message["attachment"])
    if "quick_replies" in message:
        assert 1 <= len(message["quick_replies"]) <= 13
        for reply in message["quick_replies"]:
            assert reply["content_type"] == "text"
            check_words(reply["title"], 20)
            check_words(reply["payload"], 1000)


def check_words(words: str, limit: int) -> None:
    assert words.strip()
    assert size(words) <= limit


def check_attachment(attachment: dict[str, Any]) -> None:
    if attachment["type"] == "image":
        assert attachment["payload"]["url"]
        return
    assert attachment["type"] == "template"
    TEMPLATES[attachment["payload"]["template_type"]](attachment["payload"])


def check_button_template(payload: dict[str, Any]) -> None:
    check_words(payload["text"], 640)
    check_buttons(payload["buttons"])


def check_buttons(buttons: list[dict[str, Any]]) -> None:
    assert 1 <= len(buttons) <= 3
    for button in buttons:
        check_words(button["title"], 20)
        if button["type"] == "web_url":
            assert button["url"]
        else:
            assert button["type"] == "postback"
            check_words(button["payload"], 1000)


def check_generic_template(payload: dict[str, Any]) -> None:
    assert 1 <= len(payload["elements"]) <= 10
    for element in payload["elements"]:
        check_words(element["title"], 80)
        assert len(element) >= 2
        if "subtitle" in element:
            check_words(element["subtitle"], 80)
        if "buttons" in element:
            check_buttons(element["buttons"])


def check_receipt(payload: dict[str, Any]) -> None:
    for name in ("recipient_name", "order_number", "currency", "payment_method"):
        assert payload[name].strip()
    assert payload["timestamp"].isdigit()
    assert isinstance(payload["summary"]["total_cost"], int | float)
    assert len(payload.get("elements", [])) <= 100
    for element in payload.get("elements", []):
        check_words(element["title"], 80)
        assert isinstance(element["price"], int | float)
    if "address" in payload:
        address = payload["address"]
        assert all(address[name].strip() for name in ("street_1", "city", "postal_code", "state"))
        assert len(address["country"]) == 2


TEMPLATES = {
    "button": check_button_template,
    "generic": check_generic_template,
    "receipt": check_receipt,
}


def words(message: dict[str, Any]) -> str:
    """All that a person can read in the message, in the order of the screen."""
    payload = message.get("attachment", {}).get("payload", {})
    parts = [message.get("text"), payload.get("text")]
    for element in payload.get("elements", []):
        parts += [element["title"], element.get("subtitle")]
        parts += [button["title"] for button in element.get("buttons", [])]
    parts += [button["title"] for button in payload.get("buttons", [])]
    parts += [payload.get(name) for name in ("order_number", "recipient_name", "payment_method")]
    address = payload.get("address", {})
    parts += [address.get(name) for name in ("street_1", "city", "state", "postal_code")]
    parts += [adjustment["name"] for adjustment in payload.get("adjustments", [])]
    parts += [reply["title"] for reply in message.get("quick_replies", [])]
    return "\n".join(part for part in parts if part)


def targets(message: dict[str, Any]) -> list[str]:
    """All payloads, addresses and pictures of the message."""
    payload = message.get("attachment", {}).get("payload", {})
    buttons = [*payload.get("buttons", []), *message.get("quick_replies", [])]
    found = [payload.get("url")]
    for element in payload.get("elements", []):
        found.append(element.get("image_url"))
        buttons += element.get("buttons", [])
    found += [button.get("payload") or button.get("url") for button in buttons]
    return [target for target in found if target]
