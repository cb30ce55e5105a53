"""Messenger profile (Get Started, greeting, menu, ice breakers, domains), settings per user, the Page's
webhook subscription and the customers' profiles.

Source: Messenger Platform, "Messenger Profile", "Persistent menu", "User profile"."""

import ipaddress
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from simulator.call import Call
from simulator.config import KNOWN_FIELDS
from simulator.errors import GraphError, invalid, known
from simulator.limits import PAYLOAD, check_button, need_list, need_object, need_text
from simulator.state import WebhookHealth
from simulator.window import check_calls

GREETING, MENU_ITEMS, MENU_TITLE, ICE_BREAKERS, DOMAINS = 160, 20, 30, 4, 50
USER_FIELDS = ("id", "name", "first_name", "last_name", "profile_pic", "locale", "timezone", "gender")


def _get_started(value: Any) -> None:
    need_text(need_object(value, "get_started").get("payload"), "get_started[payload]", PAYLOAD)


def _localized(value: Any, where: str) -> list[dict[str, Any]]:
    items = [need_object(item, where) for item in need_list(value, where, 60)]
    locales = [item.get("locale") for item in items]
    if "default" not in locales:
        raise invalid(f'{where} needs an item with locale "default"')
    if len(set(locales)) != len(locales):
        raise invalid(f"{where} has a locale twice")
    return items


def _greeting(value: Any) -> None:
    for item in _localized(value, "greeting"):
        need_text(item.get("text"), "greeting[text]", GREETING)


def _persistent_menu(value: Any) -> None:
    for item in _localized(value, "persistent_menu"):
        buttons = item.get("call_to_actions")
        if buttons is None and item.get("composer_input_disabled"):
            raise invalid("persistent_menu[call_to_actions] is required when composer_input_disabled is true")
        where = "persistent_menu[call_to_actions]"
        for number, button in enumerate(need_list(buttons or [], where, MENU_ITEMS, least=0)):
            if need_object(button, where).get("type") not in ("web_url", "postback"):
                raise invalid(f"{where}[{number}][type] must be web_url or postback")
            check_button(button, f"{where}[{number}]", title=MENU_TITLE)


def _ice_breakers(value: Any) -> None:
    items = need_list(value, "ice_breakers", 60)
    nested = bool(items) and isinstance(items[0], dict) and "call_to_actions" in items[0]
    groups = (
        [item.get("call_to_actions") for item in _localized(value, "ice_breakers")] if nested else [items]
    )
    for group in groups:
        for item in need_list(group, "ice_breakers", ICE_BREAKERS):
            need_text(need_object(item, "ice_breakers").get("question"), "ice_breakers[question]", 80)
            need_text(item.get("payload"), "ice_breakers[payload]", PAYLOAD)


def _domains(value: Any) -> None:
    for domain in need_list(value, "whitelisted_domains", DOMAINS):
        parts = urlsplit(str(domain))
        host = parts.hostname or ""
        if parts.scheme != "https" or "." not in host or _is_address(host):
            raise invalid(f"whitelisted_domains: {domain!r} must be https with a full domain name")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


PROPERTIES: dict[str, Callable[[Any], None]] = {
    "get_started": _get_started,
    "greeting": _greeting,
    "persistent_menu": _persistent_menu,
    "ice_breakers": _ice_breakers,
    "whitelisted_domains": _domains,
    "account_linking_url": lambda value: None,
    "commands": lambda value: None,
}


async def set_profile(call: Call) -> dict[str, Any]:
    check_calls(call.world, call.page.profile_calls, "the Messenger Profile API")
    given = {key: value for key, value in call.args.items() if key in PROPERTIES}
    if not given:
        raise invalid(f"one of {', '.join(PROPERTIES)} is required")
    for name, value in given.items():
        PROPERTIES[name](value)
    if "persistent_menu" in given and "get_started" not in call.page.profile | given:
        raise GraphError(
            100, "(#100) You must set a Get Started button if you also use persistent menu", 2018145
        )
    call.page.profile |= given
    call.sender.publish_page(call.page)
    return {"result": "success"}


async def get_profile(call: Call) -> dict[str, Any]:
    names = [name for name in _names(call.args.get("fields")) if name in call.page.profile]
    return {"data": [{name: call.page.profile[name] for name in names}] if names else []}


async def delete_profile(call: Call) -> dict[str, Any]:
    check_calls(call.world, call.page.profile_calls, "the Messenger Profile API")
    names = _names(call.args.get("fields"))
    if not names:
        raise invalid("fields is required")
    if "get_started" in names and "persistent_menu" in call.page.profile and "persistent_menu" not in names:
        raise GraphError(100, "(#100) The persistent menu needs the Get Started button", 2018145)
    for name in names:
        call.page.profile.pop(name, None)
    call.sender.publish_page(call.page)
    return {"result": "success"}


def _names(fields: Any) -> list[str]:
    names = fields if isinstance(fields, list) else str(fields or "").split(",")
    for name in names:
        if name not in PROPERTIES:
            raise invalid(f"fields must be of {', '.join(PROPERTIES)}, got {name!r}")
    return [str(name) for name in names]


async def user_settings(call: Call, method: str) -> dict[str, Any]:
    """POST, GET and DELETE of /custom_user_settings: a menu for one person."""
    customer = call.customer(call.args.get("psid"))
    if customer is None:
        raise known("no_user")
    if method == "GET":
        levels = {"user_level_persistent_menu": customer.menu, "page_level_persistent_menu": None}
        levels["page_level_persistent_menu"] = call.page.profile.get("persistent_menu")
        return {"data": [{name: menu for name, menu in levels.items() if menu}]}
    check_calls(call.world, customer.settings_calls, "custom_user_settings for one user")
    if method == "DELETE":
        customer.menu = None
    else:
        _persistent_menu(call.args.get("persistent_menu"))
        customer.menu = call.args["persistent_menu"]
    call.sender.publish_thread(customer)
    return {"success": True}


async def subscribe(call: Call) -> dict[str, Any]:
    given = call.args.get("subscribed_fields") or ""
    fields = given if isinstance(given, list) else str(given).split(",")
    names = {str(field).strip() for field in fields if str(field).strip()}
    if not names:
        raise invalid("subscribed_fields is required")
    if unknown := names - KNOWN_FIELDS:
        raise invalid(f"subscribed_fields: unknown {', '.join(sorted(unknown))}")
    call.page.fields = names
    call.page.health = WebhookHealth()
    call.sender.publish_page(call.page)
    return {"success": True}


async def subscriptions(call: Call) -> dict[str, Any]:
    if not call.page.fields:
        return {"data": []}
    app = {"id": call.world.config.app_id, "name": "Shop bot", "subscribed_fields": sorted(call.page.fields)}
    return {"data": [app]}


async def unsubscribe(call: Call) -> dict[str, Any]:
    call.page.fields = set()
    call.sender.publish_page(call.page)
    return {"success": True}


def ids_for_pages(call: Call, user_id: str) -> dict[str, Any]:
    """GET /{app-scoped id}/ids_for_pages, "ID Matching": who the person is on the app's Pages, or on `page`."""
    found = [one for one in call.world.customers.values() if one.app_user_id == user_id]
    if not found:
        raise GraphError(100, f"Unsupported get request. Object with ID '{user_id}' does not exist", 33)
    pages = {page.id: page for page in call.world.tokens.values() if page.app_secret == call.page.app_secret}
    wanted = str(call.args.get("page") or "")
    rows = [
        {"id": one.psid, "page": {"name": pages[one.page_id].name, "id": one.page_id}}
        for one in found
        if one.page_id in pages and wanted in ("", one.page_id)
    ]
    return {"data": rows, "paging": {"cursors": {}}}


async def user_profile(call: Call, psid: str) -> dict[str, Any]:
    """GET /{psid}. A field the app has no permission for is left out; an unknown one fails the call."""
    customer = call.customer(psid)
    if customer is None:
        raise GraphError(100, f"Unsupported get request. Object with ID '{psid}' does not exist", 33)
    wanted = str(call.args.get("fields") or "first_name,last_name,profile_pic,id").split(",")
    if unknown := set(wanted) - set(USER_FIELDS):
        raise invalid(f"Tried accessing nonexisting field ({', '.join(sorted(unknown))})")
    values = {
        "id": customer.psid,
        "name": customer.name,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "profile_pic": f"{call.world.base_url}/avatar/{customer.psid}.svg",
        "locale": customer.locale,
        "timezone": customer.timezone,
        "gender": customer.gender,
    }
    allowed = call.world.scenario.profile_fields
    return {name: values[name] for name in wanted if name in allowed}
