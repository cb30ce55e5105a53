"""Passwords: which are good enough, and their hashes. Hashing is slow by design: never in a transaction."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shop.errors import BadInput

SHORTEST, LONGEST = 10, 1000
#: What people type when they are asked for ten characters. Guessing is slowed down, so a short list is enough.
_COMMON_TEXT = """
1234567890 0123456789 9876543210 0987654321 1234512345 1122334455 123456789a a123456789 1234567891
12345678910 123456789123 qwertyuiop qwerty1234 qwerty12345 qwerty123456 1q2w3e4r5t 1qaz2wsx3edc asdfghjkl;
password12 password123 password1234 passw0rd123 p@ssw0rd123 iloveyou12 iloveyou123 iloveyou1234 welcome123
welcome1234 letmein123 admin12345 admin123456 administrator changeme123 football123 baseball123 sunshine123
princess123 facebook123 thailand123 thailand1234 bangkok1234 bangkok12345 talad12345 talad123456 abcdefghij
abcd123456 abc1234567 aa12345678 asdf123456 zaq12wsxcde3 superman123 starwars123 monkey12345
"""
_COMMON = frozenset(_COMMON_TEXT.split())

_hasher = PasswordHasher()
#: Checked when the account does not exist, so that the answer takes as long as for one that does.
_NOBODY = _hasher.hash(secrets.token_hex())


def check(password: str, email: str) -> None:
    """Raises BadInput("password", "short" | "long" | "common") for one that somebody could guess."""
    plain = password.strip().lower()
    if len(password) < SHORTEST:
        raise BadInput("password", "short")
    if len(password) > LONGEST:
        raise BadInput("password", "long")
    if plain in _COMMON or len(set(plain)) < 4 or plain in (email.lower(), email.lower().partition("@")[0]):
        raise BadInput("password", "common")


def hashed(password: str) -> str:
    """The hash to keep (argon2id). Takes tens of milliseconds."""
    return _hasher.hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Whether it is the password of the kept hash; False for None, after as long a time. As slow as `hashed`."""
    try:
        return _hasher.verify(kept or _NOBODY, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_dated(kept: str) -> bool:
    """Whether the kept hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)
