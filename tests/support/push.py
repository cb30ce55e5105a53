"""A browser as push services and senders see it: an address, and keys that only it can read with."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_numbers = count(1)


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Browser:
    """Subscribed at the push service at `at`."""

    at: str = "https://fcm.googleapis.com"
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    number: int = field(default_factory=lambda: next(_numbers))

    @property
    def fields(self) -> dict[str, str]:
        """What it tells the console."""
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {
            "endpoint": f"{self.at}/to/{self.number}",
            "p256dh": encoded(point),
            "auth": encoded(self.secret),
        }

    def read(self, body: bytes) -> dict[str, Any]:
        """What was sent to it."""
        shown: dict[str, Any] = json.loads(
            http_ece.decrypt(body, private_key=self.private, auth_secret=self.secret, version="aes128gcm")
        )
        return shown
