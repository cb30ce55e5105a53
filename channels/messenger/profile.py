"""A Page's set-up at Meta: "Get started", greeting, persistent menu, web addresses, subscribed events; and its check.

Every step gives a Result that people can read; none raises. Messages to customers are in send.py, taking all this away
again is in removal.py.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from channels.base import SendError, Sentence
from channels.messenger import errors, limits
from channels.messenger.clean import as_id, as_number, as_object, as_objects, as_text
from channels.messenger.graph import Graph
from channels.messenger.text import length
from channels.messenger.wire import checked_payload

NEEDED_FIELDS = (
    "messages",
    "messaging_postbacks",
    "message_echoes",
    "message_reads",
    "message_reactions",
    "messaging_referrals",
    "messaging_optins",
    "messaging_handovers",
)
"""Webhook fields seen accepted on live Pages."""

FIELDS = (
    *NEEDED_FIELDS,
    "message_deliveries",
    "message_edits",
    "standby",
    "messaging_policy_enforcement",
    "message_template_status_update",
    "send_cart",
)
"""All that events.py reads. Never `response_feedback`: it puts thumbs under each of our messages."""


#: The step that sets what customers see.
SHOWN = "profile"


@dataclass(frozen=True)
class MenuItem:
    """An entry of the persistent menu: a label in Thai and English, and a payload (unsigned) or an address."""

    label: Sentence
    payload: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class PageSetup:
    """What a customer sees before the first word. Raises ValueError for what Messenger would refuse."""

    greeting: Sentence
    menu: tuple[MenuItem, ...]
    get_started: str
    public_url: str | None = None

    def __post_init__(self) -> None:
        for text in (self.greeting["th"], self.greeting["en"]):
            _check("the greeting", text, limits.GREETING)
        if not 1 <= len(self.menu) <= limits.MENU_ITEMS:
            raise ValueError(
                f"the menu has {len(self.menu)} entries; Messenger takes 1 to {limits.MENU_ITEMS}"
            )
        for item in self.menu:
            for text in (item.label["th"], item.label["en"]):
                _check("a menu label", text, limits.MENU_TITLE)
            if (item.payload is None) == (item.url is None):
                raise ValueError(f"the menu entry {item.label['en']!r} needs either a payload or an address")


def _check(what: str, text: str, limit: int) -> None:
    if not text.strip() or length(text) > limit:
        raise ValueError(f"{what} must have 1 to {limit} characters: {text!r}")


@dataclass(frozen=True)
class Result:
    """One step and how it went; `sentence` is for people, `error` is set when Meta refused."""

    step: str
    ok: bool
    sentence: Sentence
    error: SendError | None = None


async def set_up(graph: Graph, setup: PageSetup, *, sign: Callable[[str], str]) -> list[Result]:
    """Sets all of it, each time anew, so it can be repeated. `sign` makes the wire payloads of menu and "Get started".

    Messenger Platform: a Page has 10 profile calls in 10 minutes (this makes at most two), and a changed menu can
    take a day to show. Raises BadReply for a payload that is too long.
    """
    results = [await check_token(graph), await show(graph, setup, sign=sign)]
    if setup.public_url and (domain := domain_of(setup.public_url)):
        results.append(await _set_profile(graph, "domains", {"whitelisted_domains": [domain]}, _DOMAIN_SET))
    return [*results, await subscribe(graph)]


async def show(graph: Graph, setup: PageSetup, *, sign: Callable[[str], str]) -> Result:
    """Sets only "Get started", greeting and menu. Raises BadReply for a payload that is too long."""
    profile = {
        "get_started": {"payload": checked_payload(sign(setup.get_started))},
        "greeting": [
            {"locale": "default", "text": setup.greeting["en"]},
            {"locale": "th_TH", "text": setup.greeting["th"]},
        ],
        "persistent_menu": [
            _menu("default", [item.label["en"] for item in setup.menu], setup.menu, sign),
            _menu("th_TH", [item.label["th"] for item in setup.menu], setup.menu, sign),
        ],
    }
    return await _set_profile(graph, SHOWN, profile, _PROFILE_SET)


def _menu(
    locale: str, labels: list[str], items: tuple[MenuItem, ...], sign: Callable[[str], str]
) -> dict[str, Any]:
    actions: list[dict[str, str]] = []
    for label, item in zip(labels, items, strict=True):
        if item.url is not None:
            actions.append({"type": "web_url", "title": label, "url": item.url})
        else:
            payload = checked_payload(sign(item.payload or ""))
            actions.append({"type": "postback", "title": label, "payload": payload})
    return {"locale": locale, "composer_input_disabled": False, "call_to_actions": actions}


def domain_of(url: str) -> str | None:
    """The address's origin if Meta takes it: https with a full domain name, no IP address and no localhost."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or "." not in host:
        return None
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return f"https://{parts.netloc}/"
    return None


async def _set_profile(graph: Graph, step: str, body: dict[str, Any], done: Sentence) -> Result:
    return await attempt(step, graph.call("POST", edge(graph, "messenger_profile"), json=body), done)


async def subscribe(graph: Graph) -> Result:
    """Asks Meta to send this Page's events to our webhook.

    One field that Meta does not know refuses all, so if the whole list is refused the needed ones are asked for.
    """
    path = edge(graph, "subscribed_apps")
    wanted = await attempt("subscription", _subscription(graph, path, FIELDS), _SUBSCRIBED)
    if wanted.error is None or wanted.error.meaning != errors.INVALID.name:
        return wanted
    return await attempt("subscription", _subscription(graph, path, NEEDED_FIELDS), _SUBSCRIBED)


def _subscription(graph: Graph, path: str, fields: tuple[str, ...]) -> Awaitable[dict[str, Any]]:
    return graph.call("POST", path, params={"subscribed_fields": ",".join(fields)})


async def check(graph: Graph, *, app_id: str | None = None) -> list[Result]:
    """Is the token alive and this Page's, and do the needed events come to us? For `talad doctor`."""
    return [
        await check_token(graph),
        await _check_token_kind(graph),
        await _check_subscription(graph, app_id),
    ]


async def check_token(graph: Graph) -> Result:
    """Whether the token is good and belongs to the Page."""
    try:
        answer = await graph.call("GET", "me", params={"fields": "id,name"})
    except SendError as error:
        return Result("token", False, error.sentence, error)
    page_id, name = as_id(answer.get("id")), as_text(answer.get("name")) or ""
    if page_id != graph.credentials.account_id:
        return Result("token", False, _other_page(name, page_id or ""))
    return Result("token", True, {"th": f"เชื่อมต่อกับเพจ {name} แล้ว", "en": f"Connected to the Page {name}."})


async def _check_token_kind(graph: Graph) -> Result:
    """Graph API, `debug_token`: `expires_at` is 0 for a token that does not run out by time."""
    try:
        answer = await graph.call(
            "GET", "debug_token", params={"input_token": graph.credentials.token.strip()}
        )
    except SendError as error:
        return Result("token_kind", False, error.sentence, error)
    data = as_object(answer.get("data"))
    if data.get("is_valid") is not True:
        return Result("token_kind", False, errors.TOKEN.sentence)
    if as_number(data.get("expires_at")):
        return Result("token_kind", False, _EXPIRES)
    return Result("token_kind", True, _DOES_NOT_EXPIRE)


async def _check_subscription(graph: Graph, app_id: str | None) -> Result:
    try:
        fields = await subscribed_fields(graph, app_id=app_id)
    except SendError as error:
        return Result("subscription", False, error.sentence, error)
    missing = [field for field in NEEDED_FIELDS if field not in fields]
    return Result("subscription", not missing, _not_subscribed(missing) if missing else _SUBSCRIBED)


async def subscribed_fields(graph: Graph, *, app_id: str | None = None) -> frozenset[str]:
    """The webhook fields the Page sends to the app, or to any app when none is named. Raises SendError.

    Messenger Platform: after an hour of failed deliveries Meta ends the subscription by itself.
    """
    answer = await graph.call("GET", edge(graph, "subscribed_apps"))
    apps = [app for app in as_objects(answer.get("data")) if app_id is None or as_id(app.get("id")) == app_id]
    listed = [app.get("subscribed_fields") for app in apps]
    return frozenset(str(field) for fields in listed if isinstance(fields, list) for field in fields)


async def attempt(step: str, call: Awaitable[dict[str, Any]], done: Sentence) -> Result:
    """The step's result: `done`, or why Meta refused."""
    try:
        await call
    except SendError as error:
        return Result(step, False, error.sentence, error)
    return Result(step, True, done)


def edge(graph: Graph, name: str) -> str:
    """The path of an edge of the Page."""
    return f"{quote(graph.credentials.account_id, safe='')}/{name}"


_PROFILE_SET: Sentence = {
    "th": "ตั้งปุ่มเริ่มต้น คำทักทาย และเมนูแล้ว",
    "en": "Get started, the greeting and the menu are set.",
}
_DOMAIN_SET: Sentence = {
    "th": "อนุญาตให้เปิดหน้าร้านใน Messenger แล้ว",
    "en": "The shop's pages may open inside Messenger.",
}
_SUBSCRIBED: Sentence = {"th": "เพจส่งข้อความมาที่ร้านแล้ว", "en": "The Page sends its messages here."}
_EXPIRES: Sentence = {
    "th": "โทเค็นของเพจมีวันหมดอายุ กรุณาใช้โทเค็นที่ไม่หมดอายุ",
    "en": "The Page's token will expire. Please use one that does not.",
}
_DOES_NOT_EXPIRE: Sentence = {"th": "โทเค็นของเพจไม่มีวันหมดอายุ", "en": "The Page's token does not expire."}


def _other_page(name: str, page_id: str) -> Sentence:
    return {
        "th": f"โทเค็นนี้เป็นของเพจอื่น: {name} ({page_id})",
        "en": f"The token belongs to another Page: {name} ({page_id}).",
    }


def _not_subscribed(missing: list[str]) -> Sentence:
    fields = ", ".join(missing)
    return {
        "th": f"เพจยังไม่ส่งเหตุการณ์เหล่านี้มา: {fields} กด “ตั้งค่าเพจ” ในหน้าช่องทาง (หรือสั่ง talad channel setup)",
        "en": f"The Page does not send these events: {fields}. Press “Set up the Page” under Channels "
        "(or run: talad channel setup)",
    }
