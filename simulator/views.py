"""Chats as JSON: for the chat page (over server-sent events) and for the control API."""

import time
from typing import Any

from simulator.state import Customer, Entry, Media, Page, World


def entry(world: World, item: Entry, *, full: bool = False) -> dict[str, Any]:
    """One message; ``full`` adds what tests want to see: the request and its raw body."""
    view: dict[str, Any] = {
        "seq": item.seq,
        "side": item.side,
        "at": item.at,
        "kind": item.kind,
        "mid": item.mid,
        "text": item.text,
        "message": item.message,
        "media": [media(world, one) for one in item.media],
        "reactions": item.reactions,
        "unsent": item.unsent,
        "edited": item.edited,
        "sent": item.sent,
        "shop_index": item.shop_index,
    }
    if item.shown:
        view["shown"] = item.shown
    if full:
        view |= {"wall": item.wall, "request": item.request, "raw": item.raw}
    return view


def media(world: World, item: Media) -> dict[str, str]:
    if item.file is None:
        return {"kind": item.kind, "url": item.url, "name": item.url.rsplit("/", 1)[-1]}
    url = world.media.url(item.file, world.scenario.media_lifetime)
    return {"kind": item.kind, "url": url, "name": item.file.name}


def localized(items: Any, locale: str) -> dict[str, Any]:
    """The item for a locale out of a localised profile property, else the default one."""
    items = items or []
    by_locale = {item.get("locale", "default"): item for item in items}
    return by_locale.get(locale) or by_locale.get("default") or {}


def menu(page: Page, customer: Customer) -> dict[str, Any]:
    """The persistent menu this customer sees: ``call_to_actions``, ``composer_input_disabled``; or {}."""
    return localized(customer.menu or page.profile.get("persistent_menu"), customer.locale)


def ice_breakers(page: Page, customer: Customer) -> list[dict[str, str]]:
    items = page.profile.get("ice_breakers") or []
    if items and "call_to_actions" in items[0]:
        return list(localized(items, customer.locale).get("call_to_actions", []))
    return list(items)


def greeting(page: Page, customer: Customer) -> str:
    text = str(localized(page.profile.get("greeting"), customer.locale).get("text", ""))
    for name, value in (
        ("user_first_name", customer.first_name),
        ("user_last_name", customer.last_name),
        ("user_full_name", customer.name),
    ):
        text = text.replace("{{" + name + "}}", value)
    return text


def webhook_state(page: Page) -> dict[str, str]:
    health = page.health
    if health.disabled:
        return {"state": "disabled", "reason": health.last_error}
    if health.failures:
        return {"state": "failing", "reason": health.last_error}
    return {"state": "ok" if page.fields else "unsubscribed", "reason": ""}


def thread(world: World, customer: Customer) -> dict[str, Any]:
    """The state of a chat besides its messages."""
    page = world.page_of(customer)
    return {
        "typing": customer.typing_until > time.time(),
        "seen_at": customer.seen_at,
        "accepted_seq": customer.accepted_seq,
        "webhook": webhook_state(page),
        "refused": customer.refused,
        "get_started": "get_started" in page.profile,
        "greeting": greeting(page, customer),
        "ice_breakers": ice_breakers(page, customer),
        "menu": menu(page, customer),
        "blocked": customer.blocked,
    }


def summary(world: World, customer: Customer) -> dict[str, Any]:
    """One line of the list of chats."""
    last = customer.entries[-1] if customer.entries else None
    return {
        "psid": customer.psid,
        "page": customer.page_id,
        "page_name": world.page_of(customer).name,
        "name": customer.name,
        "locale": customer.locale,
        "blocked": customer.blocked,
        "messages": customer.last_seq,
        "shop_messages": customer.shop_count,
        "window_opened_at": customer.opened_at,
        "thread_owner": customer.thread_owner,
        "unread": sum(
            1 for item in customer.entries if item.side != "customer" and item.at > customer.read_at
        ),
        "last_at": last.at if last else None,
        "last": snippet(last) if last else "",
        "last_side": last.side if last else "",
    }


def snippet(item: Entry) -> str:
    """A message in one line."""
    if item.unsent:
        return "…"
    if item.text:
        return " ".join(item.text.split())
    return {"photos": "📷", "image": "📷", "sticker": "👍", "file": "📎", "audio": "🎤", "video": "🎬"}.get(
        item.kind, "💬"
    )
