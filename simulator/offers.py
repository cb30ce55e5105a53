"""What a message offers to tap: buttons of templates, quick replies, the persistent menu. Tests find
buttons here by title, payload or place, as a person finds them by sight."""

from typing import Any

from simulator import views
from simulator.state import Customer, Entry, World

Button = dict[str, Any]

# What Messenger offers from the customer's own profile.
PHONE, EMAIL = "+66812345678", "nok@example.com"


class NotOffered(Exception):
    """There is no such button; the text lists what there is."""


def buttons(entry: Entry) -> list[Button]:
    """All buttons of a message in reading order; those of cards carry their ``card`` number."""
    if entry.shown:
        return list(entry.shown.get("buttons", []))
    payload = (entry.message.get("attachment") or {}).get("payload") or {}
    found = list(payload.get("buttons") or [])
    for number, element in enumerate(payload.get("elements") or []):
        found += [{**button, "card": number} for button in element.get("buttons") or []]
    return found


def quick_replies(customer: Customer) -> list[Button]:
    """The quick replies still on the screen: those of the very last message."""
    last = customer.entries[-1] if customer.entries else None
    if last is None or last.side == "customer":
        return []
    known = {"user_phone_number": PHONE, "user_email": EMAIL}
    return [
        {**reply, "title": known[reply["content_type"]], "payload": known[reply["content_type"]]}
        if reply["content_type"] in known
        else reply
        for reply in last.message.get("quick_replies") or []
    ]


def find_button(world: World, customer: Customer, wanted: dict[str, Any]) -> Button:
    """The newest button that fits ``title``, ``payload``, ``card`` and ``index``, else a menu item.

    ``index`` alone counts the buttons of the newest message that has any.

    Raises:
        NotOffered: nothing fits.
    """
    seen: list[str] = []
    for entry in reversed(customer.entries):
        offered = buttons(entry) if entry.side != "customer" and not entry.unsent else []
        fitting = [button for button in offered if _fits(button, wanted)]
        index = int(wanted.get("index", 0))
        if len(fitting) > index:
            return fitting[index]
        if offered and not {"title", "payload"} & wanted.keys():
            break
        seen += [str(button.get("title")) for button in offered]
    items = views.menu(world.page_of(customer), customer).get("call_to_actions", [])
    if {"title", "payload"} & wanted.keys():
        for item in items:
            if _fits(item, wanted):
                return dict(item)
    seen += [str(item.get("title")) for item in items]
    raise NotOffered(f"no button {wanted}; offered: {', '.join(seen) or 'nothing'}")


def find_quick_reply(customer: Customer, wanted: dict[str, Any]) -> Button:
    """The quick reply that fits ``title`` or ``payload``, or the one at ``index``.

    Raises:
        NotOffered: nothing fits.
    """
    offered = quick_replies(customer)
    fitting = [reply for reply in offered if _fits(reply, wanted)]
    index = int(wanted.get("index", 0))
    if len(fitting) <= index:
        titles = ", ".join(str(reply.get("title")) for reply in offered)
        raise NotOffered(f"no quick reply {wanted}; offered: {titles or 'nothing'}")
    return fitting[index]


def _fits(button: Button, wanted: dict[str, Any]) -> bool:
    return all(button.get(key) == wanted[key] for key in ("title", "payload", "card") if key in wanted)
