"""Message templates that need no approval: generic, button, receipt, media, coupon and image grid.

Source: Messenger Platform, "Templates". Refusals are code 100 and name the parameter."""

import re
from collections.abc import Callable
from typing import Any

from simulator.errors import invalid
from simulator.limits import (
    check_button,
    check_buttons,
    need_list,
    need_object,
    need_text,
    need_url,
    only_keys,
    optional_text,
)

WHERE = "attachment[payload]"
ELEMENTS, ELEMENT_TEXT = 10, 80
BUTTON_TEXT = 640
RECEIPT_ELEMENTS = 100
ELEMENT_KEYS = {"title", "subtitle", "image_url", "buttons", "default_action"}
CURRENCY = re.compile(r"[A-Z]{3}")
AMOUNT = re.compile(r"-?\d+(\.\d{1,2})?")


def check_template(payload: Any) -> None:
    """Check ``attachment.payload`` of a template.

    Raises:
        GraphError: code 100, naming the parameter.
    """
    kind = need_object(payload, WHERE).get("template_type")
    check = CHECKS.get(kind) if isinstance(kind, str) else None
    if check is None:
        raise invalid(f"{WHERE}[template_type] must be one of {', '.join(CHECKS)}, got {kind!r}")
    check(payload)


def _generic(payload: dict[str, Any]) -> None:
    only_keys(payload, {"template_type", "elements", "sharable", "image_aspect_ratio"}, WHERE)
    for number, element in enumerate(need_list(payload.get("elements"), f"{WHERE}[elements]", ELEMENTS)):
        where = f"{WHERE}[elements][{number}]"
        only_keys(need_object(element, where), ELEMENT_KEYS, where)
        need_text(element.get("title"), f"{where}[title]", ELEMENT_TEXT)
        optional_text(element, "subtitle", where, ELEMENT_TEXT)
        if not any(element.get(key) for key in ELEMENT_KEYS - {"title"}):
            raise invalid(f"{where} needs at least one property besides title")
        if element.get("image_url") is not None:
            need_url(element["image_url"], f"{where}[image_url]")
        if element.get("buttons") is not None:
            check_buttons(element["buttons"], f"{where}[buttons]")
        if element.get("default_action") is not None:
            check_button(element["default_action"], f"{where}[default_action]", titled=False)


def _button(payload: dict[str, Any]) -> None:
    only_keys(payload, {"template_type", "text", "buttons", "sharable"}, WHERE)
    need_text(payload.get("text"), f"{WHERE}[text]", BUTTON_TEXT)
    check_buttons(payload.get("buttons"), f"{WHERE}[buttons]")


def _media(payload: dict[str, Any]) -> None:
    only_keys(payload, {"template_type", "elements", "sharable"}, WHERE)
    element = need_list(payload.get("elements"), f"{WHERE}[elements]", 1)[0]
    if need_object(element, f"{WHERE}[elements][0]").get("media_type") not in ("image", "video"):
        raise invalid(f"{WHERE}[elements][0][media_type] must be image or video")
    if not element.get("attachment_id") and not element.get("url"):
        raise invalid(f"{WHERE}[elements][0] needs an attachment_id or an url")
    if element.get("buttons") is not None:
        check_buttons(element["buttons"], f"{WHERE}[elements][0][buttons]")


def _coupon(payload: dict[str, Any]) -> None:
    need_text(payload.get("title"), f"{WHERE}[title]", ELEMENT_TEXT)
    optional_text(payload, "subtitle", WHERE, ELEMENT_TEXT)
    code = payload.get("coupon_code")
    if not code and not payload.get("coupon_url"):
        raise invalid(f"{WHERE} needs a coupon_code or a coupon_url")
    if code and " " in str(code):
        raise invalid(f"{WHERE}[coupon_code] may not hold spaces")


def _image_grid(payload: dict[str, Any]) -> None:
    need_text(payload.get("title"), f"{WHERE}[title]", 45)
    optional_text(payload, "subtitle", WHERE, ELEMENT_TEXT)
    need_list(payload.get("images"), f"{WHERE}[images]", 6, least=2)
    if payload.get("buttons") is not None:
        check_buttons(payload["buttons"], f"{WHERE}[buttons]")


def _receipt(payload: dict[str, Any]) -> None:
    for key in ("recipient_name", "order_number", "payment_method"):
        need_text(payload.get(key), f"{WHERE}[{key}]", 300)
    if not isinstance(payload.get("currency"), str) or not CURRENCY.fullmatch(payload["currency"]):
        raise invalid(f"{WHERE}[currency] must be a three-letter ISO 4217 code")
    if payload.get("timestamp") is not None and not str(payload["timestamp"]).isdigit():
        raise invalid(f"{WHERE}[timestamp] must be a string of Unix seconds")
    summary = need_object(payload.get("summary"), f"{WHERE}[summary]")
    _amount(summary.get("total_cost"), f"{WHERE}[summary][total_cost]")
    for key in ("subtotal", "shipping_cost", "total_tax"):
        if summary.get(key) is not None:
            _amount(summary[key], f"{WHERE}[summary][{key}]")
    if payload.get("elements") is not None:
        for number, element in enumerate(
            need_list(payload["elements"], f"{WHERE}[elements]", RECEIPT_ELEMENTS, least=0)
        ):
            where = f"{WHERE}[elements][{number}]"
            need_text(need_object(element, where).get("title"), f"{where}[title]", 300)
            _amount(element.get("price"), f"{where}[price]")
            if element.get("quantity") is not None:
                _amount(element["quantity"], f"{where}[quantity]")
            if element.get("image_url") is not None:
                need_url(element["image_url"], f"{where}[image_url]")
    if payload.get("address") is not None:
        _address(payload["address"])
    for number, item in enumerate(
        need_list(payload.get("adjustments") or [], f"{WHERE}[adjustments]", 20, least=0)
    ):
        where = f"{WHERE}[adjustments][{number}]"
        need_text(need_object(item, where).get("name"), f"{where}[name]", 100)
        _amount(item.get("amount"), f"{where}[amount]")


def _address(address: Any) -> None:
    where = f"{WHERE}[address]"
    for key in ("street_1", "city", "postal_code", "state", "country"):
        need_text(need_object(address, where).get(key), f"{where}[{key}]", 300)
    if not re.fullmatch(r"[A-Z]{2}", address["country"]):
        raise invalid(f"{where}[country] must be a two-letter country code")


def _amount(value: Any, where: str) -> None:
    """A number with at most two decimals, as JSON number or string."""
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float | str)
        or not AMOUNT.fullmatch(str(value))
    ):
        raise invalid(f"{where} must be a number with at most two decimals, got {value!r}")


CHECKS: dict[str, Callable[[dict[str, Any]], None]] = {
    "generic": _generic,
    "button": _button,
    "receipt": _receipt,
    "media": _media,
    "coupon": _coupon,
    "image_grid": _image_grid,
}
