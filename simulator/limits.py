"""Is a message well-formed, and within Messenger's limits? Pure checks of the request's ``message`` object
and of buttons; templates are in template_limits.py, when a message may be sent is in window.py.

Source: Messenger Platform, "Send API", "Quick replies", "Buttons". Every refusal is code 100 and names the
parameter."""

from typing import Any
from urllib.parse import urlsplit

from simulator.errors import invalid

TEXT = 2000  # "less than 2000 characters"
METADATA = 1000
QUICK_REPLIES, QUICK_REPLY_TITLE = 13, 20
BUTTONS, BUTTON_TITLE, PAYLOAD = 3, 20, 1000
IMAGES = 30

MESSAGE_KEYS = {"text", "attachment", "attachments", "quick_replies", "metadata", "sticker_id", "template"}
CONTENT_KEYS = ("text", "attachment", "attachments", "sticker_id", "template")
MEDIA_TYPES = ("image", "audio", "video", "file")
BUTTON_TYPES = (
    "web_url",
    "postback",
    "phone_number",
    "account_link",
    "account_unlink",
    "game_play",
    "audio_call",
)
WEBVIEW_HEIGHTS = ("compact", "tall", "full")


def need_text(value: Any, where: str, limit: int, *, below: bool = False) -> str:
    """A non-empty string of at most (``below``: of less than) ``limit`` characters."""
    if not isinstance(value, str) or not value.strip():
        raise invalid(f"{where} must be a non-empty string")
    if len(value) > limit or (below and len(value) == limit):
        raise invalid(
            f"{where} has {len(value)} characters, {'less than' if below else 'at most'} {limit} allowed"
        )
    return value


def optional_text(holder: dict[str, Any], key: str, where: str, limit: int) -> None:
    if holder.get(key) is not None:
        need_text(holder[key], f"{where}[{key}]", limit)


def need_object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise invalid(f"{where} must be an object")
    return value


def need_list(value: Any, where: str, most: int, least: int = 1) -> list[Any]:
    if not isinstance(value, list) or not least <= len(value) <= most:
        size = len(value) if isinstance(value, list) else "no"
        raise invalid(f"{where} has {size} items, {least} to {most} allowed")
    return value


def only_keys(holder: dict[str, Any], allowed: set[str], where: str) -> None:
    if unknown := set(holder) - allowed:
        raise invalid(f'Invalid keys "{", ".join(sorted(unknown))}" were found in param "{where}"')


def need_url(value: Any, where: str) -> str:
    text = need_text(value, where, 2000)
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise invalid(f"{where} must be an http(s) address, got {text[:80]!r}")
    return text


def check_message(message: dict[str, Any]) -> None:
    """Check the shape of a ``message``, all but templates and what needs looking up.

    Raises:
        GraphError: code 100, naming the parameter.
    """
    only_keys(message, MESSAGE_KEYS, "message")
    content = [key for key in CONTENT_KEYS if message.get(key) is not None]
    if len(content) != 1:
        found = " and ".join(content) if content else "nothing"
        raise invalid(f"message must hold exactly one of {', '.join(CONTENT_KEYS)}, it holds {found}")
    if "text" in content:
        need_text(message["text"], "message[text]", TEXT, below=True)
    if message.get("metadata") is not None:
        need_text(message["metadata"], "message[metadata]", METADATA, below=True)
    if "sticker_id" in content and not str(message["sticker_id"]).isdigit():
        raise invalid("message[sticker_id] must be a number")
    if message.get("quick_replies") is not None:
        check_quick_replies(message["quick_replies"])
    if "attachments" in content:
        for item in need_list(message["attachments"], "message[attachments]", IMAGES):
            if need_object(item, "message[attachments]").get("type") != "image":
                raise invalid("message[attachments] may hold images only")
            check_media(item)
    if (
        "attachment" in content
        and need_object(message["attachment"], "message[attachment]").get("type") != "template"
    ):
        check_media(message["attachment"])


def check_quick_replies(replies: Any) -> None:
    for number, reply in enumerate(need_list(replies, "message[quick_replies]", QUICK_REPLIES)):
        where = f"message[quick_replies][{number}]"
        need_object(reply, where)
        kind = reply.get("content_type")
        if kind in ("user_phone_number", "user_email"):
            continue
        if kind != "text":
            raise invalid(
                f"{where}[content_type] must be text, user_phone_number or user_email, got {kind!r}"
            )
        need_text(reply.get("title"), f"{where}[title]", QUICK_REPLY_TITLE)
        payload = reply.get("payload")
        if not isinstance(payload, str) or (not payload and not reply.get("image_url")):
            raise invalid(f"{where}[payload] is required")
        if len(payload) > PAYLOAD:
            raise invalid(f"{where}[payload] has {len(payload)} characters, at most {PAYLOAD} allowed")
        if reply.get("image_url"):
            need_url(reply["image_url"], f"{where}[image_url]")


def check_media(attachment: dict[str, Any]) -> None:
    """Image, audio, video or file by address or attachment_id; a multipart upload has neither."""
    kind = attachment.get("type")
    if kind not in MEDIA_TYPES:
        raise invalid(f"attachment[type] must be one of {', '.join(MEDIA_TYPES)} or template, got {kind!r}")
    payload = need_object(attachment.get("payload", {}), "attachment[payload]")
    only_keys(payload, {"url", "is_reusable", "attachment_id"}, "attachment[payload]")
    if payload.get("url") is not None:
        need_url(payload["url"], "attachment[payload][url]")


def check_buttons(buttons: Any, where: str, most: int = BUTTONS) -> None:
    for number, button in enumerate(need_list(buttons, where, most)):
        check_button(button, f"{where}[{number}]")


def check_button(button: Any, where: str, *, titled: bool = True, title: int = BUTTON_TITLE) -> None:
    """One button; ``titled`` False is a card's default_action, an URL button without a title."""
    kind = need_object(button, where).get("type")
    if kind not in BUTTON_TYPES:
        raise invalid(f"{where}[type] must be one of {', '.join(BUTTON_TYPES)}, got {kind!r}")
    if not titled:
        if kind != "web_url" or "title" in button:
            raise invalid(f"{where} must be a web_url button without a title")
    elif kind not in ("account_link", "account_unlink"):
        need_text(button.get("title"), f"{where}[title]", title)
    if kind in ("postback", "phone_number"):
        need_text(button.get("payload"), f"{where}[payload]", PAYLOAD)
    if kind == "phone_number" and not button["payload"].startswith("+"):
        raise invalid(f"{where}[payload] must be a phone number that starts with +")
    if kind in ("web_url", "account_link"):
        url = need_url(button.get("url"), f"{where}[url]")
        if button.get("messenger_extensions") and not url.startswith("https://"):
            raise invalid(f"{where}[url] must be https with messenger_extensions")
    height = button.get("webview_height_ratio", "full")
    if height not in WEBVIEW_HEIGHTS:
        raise invalid(
            f"{where}[webview_height_ratio] must be one of {', '.join(WEBVIEW_HEIGHTS)}, got {height!r}"
        )
