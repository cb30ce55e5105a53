"""Messenger's webhook: is a request Meta's, and which events does its body hold.

Pure functions: nothing is stored or answered here. What one event means is in events.py.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from channels.base import Incoming
from channels.messenger.clean import as_id, as_object
from channels.messenger.events import Where, parse_item

__all__ = ["MAX_EVENTS", "decode", "handshake", "parse", "parse_item", "verify"]

MAX_EVENTS = 1000
"""Graph API webhooks: "batches of up to 1000 updates"."""

_LONGEST_INT = 100


def verify(raw: bytes, header: str | None, secrets: Iterable[str]) -> bool:
    """Whether `header` (X-Hub-Signature-256) signs exactly these bytes under one of the app secrets.

    Messenger Platform: "sha256=" and the lower-case hex HMAC-SHA256 of the raw request body. Every wrong
    signature takes the same time. An empty secret never counts: anybody could sign with it.
    """
    algorithm, _, digest = (header or "").partition("=")
    given = digest.encode("ascii", "replace")
    good = [hmac.compare_digest(_signature(raw, secret), given) for secret in secrets if secret]
    return algorithm == "sha256" and any(good)


def _signature(raw: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest().encode("ascii")


def handshake(query: Mapping[str, str], verify_tokens: Iterable[str]) -> str | None:
    """The challenge to send back as the whole body, or None to refuse with 403.

    Messenger Platform: `hub.mode` is "subscribe" and `hub.verify_token` the token of the app's settings.
    """
    given = query.get("hub.verify_token", "").encode("utf-8", "replace")
    good = [hmac.compare_digest(token.encode("utf-8", "replace"), given) for token in verify_tokens if token]
    return query.get("hub.challenge") if query.get("hub.mode") == "subscribe" and any(good) else None


def decode(raw: bytes) -> Any:
    """The body's JSON value. Raises ValueError when it is not JSON.

    JSON that Python cannot hold still comes out: too deep a nesting as the body's text, endless integers as
    their digits. Python's NaN and Infinity, which are no JSON, are null.
    """
    try:
        return json.loads(raw, parse_int=_int, parse_constant=lambda _: None)
    except RecursionError:
        return raw.decode("utf-8", "replace")


def _int(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_INT else digits


def parse(body: Any) -> list[Incoming]:
    """Every event of a webhook body, in its order; the same event twice in one body is one event.

    Never raises, whatever the JSON value. What is no event becomes IGNORED with a reason, so that it can be
    kept. All entries and all of messaging, standby and changes are walked. What goes beyond MAX_EVENTS is
    kept in one IGNORED event.
    """
    found = _walk(body)
    events = [parse_item(*item) for item in islice(found, MAX_EVENTS)]
    if rest := list(found):
        events.append(parse_item("", Where.BODY, rest))
    unique: dict[tuple[str, str], Incoming] = {}
    for event in events:
        unique.setdefault((event.account_id, event.key), event)
    return list(unique.values())


def _walk(body: Any) -> Iterator[tuple[str, Where, Any]]:
    entries = as_object(body).get("entry")
    if not isinstance(entries, list) or not entries:
        yield "", Where.BODY, body
        return
    for entry in entries:
        yield from _walk_entry(entry)


def _walk_entry(entry: Any) -> Iterator[tuple[str, Where, Any]]:
    """Messenger Platform: an entry holds `messaging`, or in its place `standby` or `changes`, or none."""
    fields = as_object(entry)
    page_id = as_id(fields.get("id")) or ""
    empty = True
    for where in (Where.MESSAGING, Where.STANDBY, Where.CHANGES):
        items = fields.get(where)
        for item in items if isinstance(items, list) else []:
            empty = False
            yield page_id, where, item
    if empty:
        yield page_id, Where.ENTRY, entry
