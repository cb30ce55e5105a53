"""Channel secrets at rest: encrypted with a key derived from TALAD_SECRET_KEY, so a copied database opens no Page."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from shop.errors import ShopError


class WrongKey(ShopError):
    """A secret was encrypted with another TALAD_SECRET_KEY; connect the channel again or restore the key."""


class Vault:
    """Encrypts and decrypts short texts with the shop's secret key (Fernet: AES-128-CBC and HMAC-SHA256)."""

    def __init__(self, secret_key: str) -> None:
        key = hashlib.sha256(b"talad channel secrets\0" + secret_key.encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def lock(self, text: str) -> str:
        """`text`, encrypted."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, locked: str) -> str:
        """What `lock` was given. Raises WrongKey."""
        try:
            return self._fernet.decrypt(locked.encode()).decode()
        except InvalidToken as error:
            raise WrongKey("a channel's secret was stored with another TALAD_SECRET_KEY") from error
