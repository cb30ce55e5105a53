"""Addresses under which a customer sees one order's bill and its QR: signed, for that order alone, and they end.

Whoever has such an address sees what was ordered and where it goes, so it is sent to the customer alone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta

#: So long a customer may want to look at the bill again: until the parcel has come, and could be sent back.
LIFETIME = timedelta(days=60)
#: The `path` of the picture with the QR.
QR = "/promptpay.png"

_TOKEN = re.compile(r"([0-9]{1,18})\.([0-9]{1,11})\.([A-Za-z0-9_-]{22})", re.ASCII)


def bill_url(public_url: str, secret_key: str, order_id: int, path: str = "", *, now: datetime) -> str:
    """The address of the order's bill; `path` is "" for the page, ".pdf", or `QR`."""
    return f"{public_url.rstrip('/')}/bills/{token(secret_key, order_id, now + LIFETIME)}{path}"


def token(secret_key: str, order_id: int, ends_at: datetime) -> str:
    """`<order id>.<Unix seconds>.<22 characters of HMAC-SHA256>`."""
    claim = f"{order_id}.{int(ends_at.timestamp())}"
    return f"{claim}.{_mac(secret_key, claim)}"


def order_of(secret_key: str, given: str, now: datetime) -> int | None:
    """The id of the order that a token opens; None when it is not one of ours, or has ended."""
    found = _TOKEN.fullmatch(given)
    if found is None or not hmac.compare_digest(_mac(secret_key, f"{found[1]}.{found[2]}"), found[3]):
        return None
    return int(found[1]) if datetime.fromtimestamp(int(found[2]), UTC) > now else None


def _mac(secret_key: str, claim: str) -> str:
    digest = hmac.new(secret_key.encode(), f"talad bill\n{claim}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")
