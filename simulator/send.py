"""The Send API: POST /{page}/messages and /message_attachments. Checks a request in Messenger's order, shows
it in the customer's chat and lets echo and delivery events follow.

Source: Messenger Platform, "Send API", "Sender actions", "Saving assets"."""

import asyncio
import time
from typing import Any

from simulator import events, pictures, utility, views
from simulator.call import Call
from simulator.errors import GraphError, invalid, known
from simulator.limits import check_media, check_message, need_object, need_text
from simulator.state import TYPING_SECONDS, Customer, Entry, Media, new_mid
from simulator.template_limits import check_template
from simulator.threads import check_owner
from simulator.window import check_rate, check_type, check_window

SENDER_ACTIONS = ("mark_seen", "typing_on", "typing_off", "react", "unreact")
EVENT_DELAY = 0.02  # real seconds between the answer and its echo


async def send_message(call: Call) -> dict[str, Any]:
    """Answer of /messages: recipient_id and message_id.

    Raises:
        GraphError: whatever Messenger would refuse.
    """
    args = call.args
    customer = _recipient(call)
    if args.get("sender_action") is not None:
        if args.get("message") is not None:
            raise invalid("message and sender_action in the same request", 2018014)
        return _act(call, customer, args["sender_action"])
    if args.get("message") is None:
        raise invalid("message or sender_action is required")
    message = need_object(args["message"], "message")
    try:
        return await _send(call, customer, message)
    except GraphError as error:
        customer.refused = error.message
        call.sender.publish_thread(customer)
        raise


async def _send(call: Call, customer: Customer, message: dict[str, Any]) -> dict[str, Any]:
    kind = check_type(call.args)
    check_message(message)
    if (kind == "UTILITY") != ("template" in message):
        raise invalid("Invalid keys: message[template] and messaging_type UTILITY belong together")
    if customer.blocked:
        raise known("unavailable")
    check_owner(call, customer)
    check_window(call.world, customer, kind, call.args.get("tag"))
    shown = utility.fill_in(call.page, message["template"]) if kind == "UTILITY" else {}
    name, media, attachment_id = await _content(call, message)
    check_rate(call.world, call.page)

    entry = _keep(call, customer, message, name=name, media=media, shown=shown)
    answer = {"recipient_id": customer.psid, "message_id": entry.mid}
    if call.world.scenario.message_id_differs:
        answer["message_id"] = new_mid()
    if attachment_id is not None:
        answer["attachment_id"] = attachment_id
    asyncio.get_running_loop().call_later(EVENT_DELAY, _follow_up, call, customer, entry)
    return answer


async def upload(call: Call) -> dict[str, Any]:
    """Answer of /message_attachments: the attachment_id."""
    message = need_object(call.args.get("message"), "message")
    attachment = need_object(message.get("attachment"), "message[attachment]")
    check_media(attachment)
    payload = {**(attachment.get("payload") or {}), "is_reusable": True}
    _, attachment_id = await pictures.resolve(call, {**attachment, "payload": payload})
    return {"attachment_id": attachment_id}


def _recipient(call: Call) -> Customer:
    recipient = need_object(call.args.get("recipient"), "recipient")
    if "id" not in recipient:
        kinds = ", ".join(recipient) or "nothing"
        raise invalid(f"recipient must hold an id; the emulator does not know {kinds}")
    customer = call.customer(recipient["id"])
    if customer is None:
        raise known("no_user")
    return customer


def _act(call: Call, customer: Customer, action: Any) -> dict[str, Any]:
    """Typing dots, seen mark, reaction; the answer has no message_id."""
    if action not in SENDER_ACTIONS:
        raise invalid(f"sender_action must be one of {', '.join(SENDER_ACTIONS)}, got {action!r}")
    if customer.blocked:
        raise known("unavailable")
    check_owner(call, customer)
    if action == "mark_seen":
        customer.seen_at = call.world.clock.now_ms()
    elif action == "typing_on":
        customer.typing_until = time.time() + TYPING_SECONDS
        asyncio.get_running_loop().call_later(TYPING_SECONDS, call.sender.publish_thread, customer)
    elif action == "typing_off":
        customer.typing_until = 0.0
    else:
        _react(call, customer, action)
    call.sender.publish_thread(customer)
    return {"recipient_id": customer.psid}


def _react(call: Call, customer: Customer, action: str) -> None:
    payload = need_object(call.args.get("payload"), "payload")
    entry = call.world.find_entry(customer, str(payload.get("message_id")))
    if entry is None:
        raise invalid("payload[message_id] is not a message of this thread")
    entry.reactions.pop("shop", None)
    if action == "react":
        entry.reactions["shop"] = need_text(payload.get("reaction"), "payload[reaction]", 20)
    call.people.publish(customer, entry)


async def _content(call: Call, message: dict[str, Any]) -> tuple[str, list[Media], str | None]:
    """Kind of the message, its media, and the attachment_id that was made."""
    if "attachments" in message:
        resolved = [await pictures.resolve(call, item) for item in message["attachments"]]
        return "photos", [media for media, _ in resolved], None
    attachment = message.get("attachment")
    if attachment is None:
        kinds = {"text": "text", "sticker_id": "sticker", "template": "utility"}
        return next(name for key, name in kinds.items() if key in message), [], None
    if attachment.get("type") == "template":
        check_template(attachment.get("payload"))
        await pictures.check_template_pictures(call, attachment["payload"])
        return (
            attachment["payload"]["template_type"],
            await _template_media(call, attachment["payload"]),
            None,
        )
    media, attachment_id = await pictures.resolve(call, attachment)
    return media.kind, [media], attachment_id


async def _template_media(call: Call, payload: dict[str, Any]) -> list[Media]:
    """The picture of a media template."""
    if payload["template_type"] != "media":
        return []
    element = payload["elements"][0]
    wanted = {key: element[key] for key in ("attachment_id", "url") if element.get(key)}
    media, _ = await pictures.resolve(call, {"type": element["media_type"], "payload": wanted})
    return [media]


def _keep(
    call: Call,
    customer: Customer,
    message: dict[str, Any],
    *,
    name: str,
    media: list[Media],
    shown: dict[str, Any],
) -> Entry:
    payload = (message.get("attachment") or {}).get("payload") or {}
    entry = call.world.add_entry(
        customer,
        "shop",
        name,
        message,
        text=shown.get("text") or message.get("text") or payload.get("text") or "",
        media=media,
        shown=shown,
        request={key: value for key, value in call.args.items() if key not in ("message", "recipient")},
        raw=call.raw,
    )
    customer.typing_until = 0.0
    customer.refused = ""
    call.people.publish(customer, entry)
    call.sender.publish_thread(customer)
    return entry


def _follow_up(call: Call, customer: Customer, entry: Entry) -> None:
    """What Meta reports about an accepted message: its echo, its delivery and, if so set, that it was
    read.
    """
    world = call.world
    if world.customers.get(customer.psid) is not customer:
        return  # the emulator was reset meanwhile
    echo_message = echo(call, entry, app_id=world.config.app_id)
    call.sender.emit(customer, events.from_page(call.page.id, customer.psid, entry.at, message=echo_message))
    delivery = {"mids": [entry.mid], "watermark": entry.at}
    now = world.clock.now_ms()
    call.sender.emit(customer, events.from_customer(call.page.id, customer.psid, now, delivery=delivery))
    if world.scenario.auto_read:
        call.people.read(customer)


def echo(call: Call, entry: Entry, *, app_id: str) -> dict[str, Any]:
    """The echo of a message of the shop; ``app_id`` is a number on the wire."""
    message: dict[str, Any] = {"mid": entry.mid, "is_echo": True, "app_id": int(app_id)}
    if entry.message.get("metadata"):
        message["metadata"] = entry.message["metadata"]
    attachment = entry.message.get("attachment") or {}
    if attachment.get("type") == "template":
        payload = attachment["payload"]
        message["attachments"] = [{"type": "template", "title": entry.text, "url": None, "payload": payload}]
    elif entry.media:
        message["attachments"] = [
            {"type": item.kind, "payload": {"url": views.media(call.world, item)["url"]}}
            for item in entry.media
        ]
    elif entry.kind == "sticker":
        message["sticker_id"] = entry.message["sticker_id"]
    else:
        message["text"] = entry.text
    return message
