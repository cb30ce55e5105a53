"""Addresses of the shop's web store: each names its customer, is signed, and ends by itself. No sign-in, no cookie.

Whoever has such an address sees that customer's cart and orders, so it is sent to them alone, in their own chat.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

#: Less than the 24 hours for which Messenger lets a shop answer: whatever is done in the store can be told in the chat.
LIFETIME = timedelta(hours=20)

_TOKEN = re.compile(r"([0-9]{1,18})\.([0-9]{1,11})\.([A-Za-z0-9_-]{22})", re.ASCII)


@dataclass(frozen=True)
class StoreLink:
    """A token of ours: whose it is, and until when it opens anything."""

    customer_id: int
    ends_at: datetime


def store_url(public_url: str, secret_key: str, customer_id: int, path: str = "", *, now: datetime) -> str:
    """The address of a page of the store for this customer; `path` is such as "products/3", "" its first page."""
    return f"{public_url.rstrip('/')}/store/{token(secret_key, customer_id, now + LIFETIME)}/{path}"


def token(secret_key: str, customer_id: int, ends_at: datetime) -> str:
    """`<customer id>.<Unix seconds>.<22 characters of HMAC-SHA256>`."""
    claim = f"{customer_id}.{int(ends_at.timestamp())}"
    return f"{claim}.{_mac(secret_key, claim)}"


def read(secret_key: str, given: str) -> StoreLink | None:
    """What a token says, over or not; None when it is not one of ours."""
    found = _TOKEN.fullmatch(given)
    if found is None:
        return None
    claim, mac = f"{found[1]}.{found[2]}", found[3]
    if not hmac.compare_digest(_mac(secret_key, claim), mac):
        return None
    return StoreLink(int(found[1]), datetime.fromtimestamp(int(found[2]), UTC))


def _mac(secret_key: str, claim: str) -> str:
    digest = hmac.new(secret_key.encode(), f"talad store\n{claim}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")
