"""Conversations at rest: encrypted, so that neither a copied file nor a deleted row's remains can be read.

gateway/conversations.py opens them too, when a customer asks what is kept; both make the key in the same way.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

# How every sealed text begins: Fernet's version and the first zeros of its time, in base64.
BEGINNING = "gAAAA"


class Seal:
    """Seals and opens texts with a key made from `secret` (Fernet: AES-128-CBC and HMAC-SHA256)."""

    def __init__(self, secret: str) -> None:
        key = hashlib.sha256(b"talad conversations\0" + secret.encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, text: str) -> str:
        """`text`, sealed."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """What `close` was given; None when it was sealed with another secret."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None
