"""Webhook events and the bytes they travel as. Pure functions; shapes after "Messenger Platform: Webhook
events".

An event is {"sender", "recipient", "timestamp" (ms), <kind>: {...}}. Kinds are told apart by their key."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any

Event = dict[str, Any]

# The field an app must be subscribed to, by the key of the event.
FIELDS = {
    "message": "messages",
    "postback": "messaging_postbacks",
    "delivery": "message_deliveries",
    "read": "message_reads",
    "reaction": "message_reactions",
    "message_edit": "message_edits",
    "referral": "messaging_referrals",
    "optin": "messaging_optins",
    "order": "send_cart",
    "policy_enforcement": "messaging_policy_enforcement",
    "pass_thread_control": "messaging_handovers",
    "take_thread_control": "messaging_handovers",
    "request_thread_control": "messaging_handovers",
    "app_roles": "messaging_handovers",
    "account_linking": "messaging_account_linking",
}


def from_customer(page_id: str, psid: str, at: int, **kind: Any) -> Event:
    """An event whose sender is the customer, e.g. ``message={...}``."""
    return {"sender": {"id": psid}, "recipient": {"id": page_id}, "timestamp": at, **kind}


def from_page(page_id: str, psid: str, at: int, **kind: Any) -> Event:
    """An event whose sender is the Page: echoes."""
    return {"sender": {"id": page_id}, "recipient": {"id": psid}, "timestamp": at, **kind}


def field_of(event: Event) -> str:
    """The webhook field an event belongs to; ``messages`` for kinds nobody knows."""
    if event.get("message", {}).get("is_echo"):
        return "message_echoes"
    return next((field for key, field in FIELDS.items() if key in event), "messages")


def without(event: Event, kind: str, key: str) -> Event:
    """A copy of the event whose ``kind`` object lacks ``key``."""
    return {**event, kind: {name: value for name, value in event[kind].items() if name != key}}


def envelope(
    page_id: str, events: Sequence[Event], now: int, *, key: str = "messaging", split: bool = False
) -> Any:
    """The body of one delivery: one entry with all events, or (``split``) one entry per event.

    ``key`` is ``messaging`` or ``standby``."""
    groups = [[event] for event in events] if split else [list(events)]
    return {"object": "page", "entry": [{"id": page_id, "time": now, key: group} for group in groups]}


def change(page_id: str, now: int, field: str, value: Any) -> Any:
    """The body of a delivery that carries ``changes`` instead of messaging."""
    return {
        "object": "page",
        "entry": [{"id": page_id, "time": now, "changes": [{"field": field, "value": value}]}],
    }


def to_bytes(body: Any) -> bytes:
    """JSON as Meta writes it: escaped unicode, slashes as ``\\/``. These very bytes are signed."""
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def signed_request(secret: str, payload: dict[str, Any]) -> str:
    """Meta, "Data Deletion Request Callback": base64url(HMAC-SHA256 of the encoded payload) "." base64url(payload)."""
    encoded = _base64url(json.dumps(payload).encode())
    return f"{_base64url(hmac.new(secret.encode(), encoded.encode(), hashlib.sha256).digest())}.{encoded}"


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def signature(secret: str, body: bytes, algorithm: str) -> str:
    """``sha256=<hex>`` or ``sha1=<hex>`` over the raw bytes, keyed with the app's secret."""
    digest = hmac.new(secret.encode(), body, getattr(hashlib, algorithm)).hexdigest()
    return f"{algorithm}={digest}"
