"""What a button carries to the platform and back: signed, so that only taps on our own buttons become intents."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass

_VERSION = "t1"
_MAC_LENGTH = 16
_MORE = "more:"


@dataclass(frozen=True)
class Intent:
    """A tap for the bot: an intent's name and entities (name → text)."""

    name: str
    entities: dict[str, str]


@dataclass(frozen=True)
class MorePage:
    """A tap for the next page of an outbox message that was too long for one."""

    message_id: int
    page: int


def sign(secret_key: str, channel_id: int, payload: str) -> str:
    """The payload as it travels, signed for this one channel: `t1.<16 characters>.<payload>`."""
    return f"{_VERSION}.{_mac(secret_key, channel_id, payload)}.{payload}"


def verified(secret_key: str, channel_id: int, travelled: str) -> str | None:
    """The payload that `sign` was given, or None when this is not one of ours."""
    version, _, rest = travelled.partition(".")
    mac, _, payload = rest.partition(".")
    ours = _mac(secret_key, channel_id, payload).encode()
    good = hmac.compare_digest(ours, mac.encode("utf-8", "replace"))
    return payload if good and version == _VERSION else None


def intent(name: str, **entities: str) -> str:
    """The payload (unsigned) of a tap that means an intent."""
    return f"/{name}{json.dumps(entities, ensure_ascii=False)}"


def more_page(message_id: int, page: int) -> str:
    """The payload (unsigned) of a tap that asks for `page` of the outbox message."""
    return f"{_MORE}{message_id}:{page}"


def read(payload: str) -> Intent | MorePage:
    """What a verified payload asks for. Raises ValueError for one that no version of Talad has made."""
    if payload.startswith(_MORE):
        message_id, page = payload.removeprefix(_MORE).split(":")
        return MorePage(int(message_id), int(page))
    name, brace, entities = payload.removeprefix("/").partition("{")
    if not name:
        raise ValueError(f"a payload without an intent: {payload!r}")
    values = json.loads(brace + entities) if brace else {}
    return Intent(name, {key: str(value) for key, value in values.items()})


def _mac(secret_key: str, channel_id: int, payload: str) -> str:
    message = f"talad button\n{channel_id}\n{payload}".encode("utf-8", "replace")
    digest = hmac.new(secret_key.encode(), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode()[:_MAC_LENGTH]
