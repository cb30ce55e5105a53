"""The second factor of an account: six digits from an authenticator app (TOTP, RFC 6238), or a recovery code.

The app's secret is encrypted at rest; recovery codes are kept as hashes. No code works twice.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from shop import audit
from shop.errors import BadInput
from shop.models import RecoveryCode, User
from shop.vault import Vault, WrongKey

RECOVERY_CODES = 10
_STEP_SECONDS = 30
#: Phones' clocks are off, and people type slowly: a code before and after is also taken.
_DRIFT = 1
_SECRET_BYTES = 20


def offer(session: Session, vault: Vault, user: User) -> str:
    """A new secret for an app, kept but not asked for before `confirm`; an unfinished offer's is given again."""
    if user.totp_since is None and user.totp is not None:
        try:
            return vault.open(user.totp)
        except WrongKey:
            pass  # nobody can confirm that one any more
    secret = base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()
    user.totp, user.totp_since = vault.lock(secret), None
    return secret


def link(secret: str, *, shop: str, email: str) -> str:
    """The address in the QR code that apps scan: it names the shop and the account."""
    name = f"{quote(shop, safe='')}:{quote(email, safe='@')}"
    return f"otpauth://totp/{name}?secret={secret}&issuer={quote(shop, safe='')}"


def confirm(session: Session, vault: Vault, user: User, code: str, now: datetime) -> Sequence[str]:
    """The app works: from now on codes are asked for. Gives the recovery codes. Raises BadInput("code", "wrong")."""
    if user.totp is None or user.totp_since is not None or not _is_of_app(vault, user, _digits(code), now):
        raise BadInput("code", "wrong")
    user.totp_since = now
    audit.note(session, second_factor=True)
    return new_recovery_codes(session, user)


def new_recovery_codes(session: Session, user: User) -> Sequence[str]:
    """Ten new ones; earlier ones work no more. Only their hashes are kept."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    raw = [base64.b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=user.id, code=_hashed(code)) for code in raw)
    return ["-".join(code[place : place + 4] for place in range(0, len(code), 4)) for code in raw]


def recovery_codes_left(session: Session, user: User) -> int:
    """How many have not been used."""
    query = select(func.count()).where(RecoveryCode.user_id == user.id)
    return session.scalar(query) or 0


def takes(session: Session, vault: Vault, user: User, code: str, now: datetime) -> bool:
    """Whether the code lets the account in; then it is used up. The caller counts wrong ones and locks the account."""
    if user.totp_since is None:
        return False
    digits = _digits(code)
    if len(digits) == 6 and digits.isdecimal():
        return _is_of_app(vault, user, digits, now)
    raw = "".join(sign for sign in code.lower() if sign.isalnum())
    of_user = (RecoveryCode.user_id == user.id) & (RecoveryCode.code == _hashed(raw))
    used = session.scalar(delete(RecoveryCode).where(of_user).returning(RecoveryCode.id)) is not None
    if used:
        audit.note(session, recovery_codes_left=recovery_codes_left(session, user))
    return used


def take_off(session: Session, user: User) -> None:
    """The password alone is enough again; the app's secret and the recovery codes are forgotten."""
    if user.totp_since is not None:
        audit.note(session, second_factor=False)
    user.totp = user.totp_since = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def _is_of_app(vault: Vault, user: User, digits: str, now: datetime) -> bool:
    """Whether the app shows it now, or a step earlier or later, and no code of that step or later was taken."""
    try:
        key = base64.b32decode(vault.open(user.totp or ""))
    except WrongKey:
        return False  # with another TALAD_SECRET_KEY only recovery codes, or the operator, help
    totp = TOTP(key, 6, SHA1(), _STEP_SECONDS)  # noqa: S303  # RFC 6238; what authenticator apps know
    step_now = int(now.timestamp()) // _STEP_SECONDS
    for step in range(step_now - _DRIFT, step_now + _DRIFT + 1):
        right = totp.generate(step * _STEP_SECONDS)
        if hmac.compare_digest(right, digits.encode()) and step > user.totp_step:
            user.totp_step = step
            return True
    return False


def _digits(code: str) -> str:
    """The code without spaces and hyphens, Thai digits as others."""
    kept = (sign for sign in code if not sign.isspace() and sign != "-")
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in kept)


def _hashed(raw: str) -> str:
    return hashlib.sha256(raw.encode()).hexdigest()
