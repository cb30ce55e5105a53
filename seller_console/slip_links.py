"""Addresses of slips' pictures, as pages draw them: each ends by itself and opens in one seller's session only.

Being signed in is checked besides (access.py): a link that was copied or logged somewhere shows nobody anything.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta

from shop.db import utc_now

LIFETIME = timedelta(minutes=15)
_MINUTE = 60


def address(secret_key: str, session: str, slip_id: int, what: str = "") -> str:
    """`/slips/<id><what>?until=<Unix seconds>&key=<22 characters of HMAC-SHA256>`; `session`: a sign-in's secret."""
    # To the full minute, so that a page that is drawn again shows the same picture.
    until = int((utc_now() + LIFETIME).timestamp()) // _MINUTE * _MINUTE + _MINUTE
    return f"/slips/{slip_id}{what}?until={until}&key={_key(secret_key, session, slip_id, str(until))}"


def opens(secret_key: str, session: str, slip_id: int, until: str, key: str) -> bool:
    """Whether such an address was drawn for this session and has not ended."""
    drawn = hmac.compare_digest(_key(secret_key, session, slip_id, until).encode(), key.encode())
    return drawn and utc_now().timestamp() <= int(until)


def _key(secret_key: str, session: str, slip_id: int, until: str) -> str:
    claim = f"talad slip\n{session}\n{slip_id}\n{until}"
    digest = hmac.new(secret_key.encode(), claim.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")
