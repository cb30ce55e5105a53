"""Taking a Page's set-up (profile.py) away again: what is ours of what it shows, then its subscription.

Every step gives a Result that people can read; none raises. Harmless to repeat.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from channels.base import SendError, Sentence
from channels.messenger import errors
from channels.messenger.clean import as_object, as_objects, as_text
from channels.messenger.graph import Graph
from channels.messenger.profile import SHOWN, Result, attempt, domain_of, edge

_FIELDS = ("persistent_menu", "get_started", "greeting", "whitelisted_domains")


async def hide(graph: Graph, *, public_url: str, is_ours: Callable[[str], bool]) -> Result:
    """Removes menu, "Get started", greeting and web address, as far as they are ours: another app may have set the
    Page up since. `is_ours` tells our wire payloads from those of others.

    Messenger Platform: a Page has 10 profile calls in 10 minutes, and a removed menu can take a day to go.
    """
    path = edge(graph, "messenger_profile")
    try:
        answer = await graph.call("GET", path, params={"fields": ",".join(_FIELDS)})
        shown = {name: value for part in as_objects(answer.get("data")) for name, value in part.items()}
        ours = _ours(shown, domain_of(public_url), is_ours)
        if ours:
            await graph.call("DELETE", path, json={"fields": ours})
    except SendError as error:
        return Result(SHOWN, False, error.sentence, error)
    is_others = not ours and ("persistent_menu" in shown or "get_started" in shown)
    return Result(SHOWN, True, _OTHERS if is_others else _HIDDEN)


async def unsubscribe(graph: Graph) -> Result:
    """Has Meta send this Page's events to our app no more; other apps keep theirs."""
    call = graph.call("DELETE", edge(graph, "subscribed_apps"))
    return await attempt("subscription", call, _UNSUBSCRIBED)


def is_token(result: Result) -> bool:
    """Whether the step failed for a token that Meta does not take: then every other step fails too."""
    return result.error is not None and result.error.meaning == errors.TOKEN.name


def _ours(shown: dict[str, Any], domain: str | None, is_ours: Callable[[str], bool]) -> list[str]:
    """Those of the shown fields that we have set. A greeting carries no mark; it goes with our "Get started"."""
    menus = as_objects(shown.get("persistent_menu"))
    payloads = [
        as_text(tap.get("payload")) for menu in menus for tap in as_objects(menu.get("call_to_actions"))
    ]
    has_our_menu = any(payload is not None and is_ours(payload) for payload in payloads)
    start = as_text(as_object(shown.get("get_started")).get("payload"))
    # Meta keeps no menu without "Get started", so under another app's menu it stays.
    has_our_start = start is not None and is_ours(start) and (has_our_menu or not menus)
    domains = shown.get("whitelisted_domains")
    listed = [str(one).rstrip("/") for one in domains] if isinstance(domains, list) else []
    found = {
        "persistent_menu": has_our_menu,
        "get_started": has_our_start,
        "greeting": has_our_start and "greeting" in shown,
        "whitelisted_domains": domain is not None and listed == [domain.rstrip("/")],
    }
    return [name for name in _FIELDS if found[name]]


_HIDDEN: Sentence = {
    "th": "เอาเมนู ปุ่มเริ่มต้น และคำทักทายออกจาก Messenger แล้ว ลูกค้าบางคนอาจยังเห็นเมนูอีกไม่เกิน 1 วัน",
    "en": "Menu, start button and greeting are taken out of Messenger. "
    "Some customers may see the menu for up to a day more.",
}
_OTHERS: Sentence = {
    "th": "เมนูที่เพจแสดงอยู่เป็นของแอปอื่น จึงไม่ได้ลบ",
    "en": "The menu that the Page shows is another app's, so it stays.",
}
_UNSUBSCRIBED: Sentence = {
    "th": "เพจไม่ส่งข้อความมาที่ระบบอีกแล้ว",
    "en": "The Page no longer sends its messages here.",
}
