"""Hands a notification to a browser's push service (RFC 8030): encrypted so that only the browser can read it
(RFC 8291), signed with the shop's key (RFC 8292).

The service's address came from a browser and is foreign input: only hosts of TALAD_PUSH_HOSTS, only public addresses,
no redirects, nothing of the answer is read but its status.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import aiohttp
import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from yarl import URL

from gateway.media import PublicOnly, Unfetchable
from shop.push_devices import decoded
from shop.push_key import Key
from shop.pushes import Letter
from talad.media_hosts import MediaHosts, Permission

#: So long the service keeps what it cannot deliver; later it is no news.
TTL_SECONDS = 60 * 60
_SECONDS = 10.0
_SIGNED_FOR = 12 * 60 * 60
_MOST_TOPIC = 32
#: The service may take it if it is asked again.
_LATER = frozenset({408, 425, 429})
_GONE = frozenset({404, 410})


class Outcome(StrEnum):
    """What became of a letter."""

    TAKEN = "taken"
    GONE = "gone"  # the browser does not listen any more
    LATER = "later"  # another try can help
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """What the service said: `why` in a word or two for logs, `after` seconds it asks to be left alone."""

    outcome: Outcome
    why: str = ""
    after: float = 0.0


class PushService:
    """Sends to all push services. `contact` is the shop's address for their operators. Close it at the end."""

    def __init__(self, hosts: MediaHosts, contact: str, *, seconds: float = _SECONDS) -> None:
        self._hosts, self._contact = hosts, contact
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=PublicOnly(hosts), limit=16, use_dns_cache=False),
            timeout=aiohttp.ClientTimeout(total=seconds, sock_connect=5),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def deliver(self, letter: Letter, key: Key) -> Answer:
        """Hand over one letter; nothing is raised for what a push service, or a browser's keys, get wrong."""
        if self._hosts.permission(letter.endpoint) is Permission.REFUSED:
            return Answer(Outcome.REFUSED, "not an allowed host")
        try:
            body = _sealed(letter)
            headers = self._headers(letter, key)
            to = URL(letter.endpoint, encoded=True)
            async with self._session.post(to, data=body, headers=headers, allow_redirects=False) as answer:
                return _meaning(answer)
        except Unfetchable as error:
            return Answer(Outcome.REFUSED, str(error))
        except (aiohttp.InvalidURL, ValueError) as error:
            return Answer(Outcome.REFUSED, type(error).__name__)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if isinstance(cause := error.__cause__, Unfetchable):
                return Answer(Outcome.REFUSED, str(cause))
            return Answer(Outcome.LATER, type(error).__name__)

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()

    def _headers(self, letter: Letter, key: Key) -> dict[str, str]:
        address = urlsplit(letter.endpoint)
        claims = {
            "aud": f"{address.scheme}://{address.netloc}",
            "exp": int(time.time()) + _SIGNED_FOR,
            "sub": self._contact,
        }
        signed: dict[str, str] = Vapid02.from_pem(key.private.encode()).sign(claims)
        # Of two that are about the same, one that is not delivered yet makes place; the service learns no number.
        topic = base64.urlsafe_b64encode(hashlib.sha256(letter.tag.encode()).digest()).decode()[:_MOST_TOPIC]
        return {
            **signed,
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(TTL_SECONDS),
            "Urgency": "high",
            "Topic": topic,
        }


def _sealed(letter: Letter) -> bytes:
    shown = {
        "title": letter.title,
        "body": letter.body,
        "tag": letter.tag,
        "address": letter.address,
    }
    sealed: bytes = http_ece.encrypt(
        json.dumps(shown, ensure_ascii=False).encode(),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=decoded(letter.p256dh),
        auth_secret=decoded(letter.auth),
        version="aes128gcm",
    )
    return sealed


def _meaning(answer: aiohttp.ClientResponse) -> Answer:
    why = f"HTTP {answer.status}"
    if 200 <= answer.status < 300:
        return Answer(Outcome.TAKEN, why)
    if answer.status in _GONE:
        return Answer(Outcome.GONE, why)
    if answer.status in _LATER or answer.status >= 500:
        after = answer.headers.get("Retry-After", "")
        return Answer(Outcome.LATER, why, float(after) if after.isdecimal() and len(after) < 7 else 0.0)
    return Answer(Outcome.REFUSED, why)
