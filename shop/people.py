"""People who work in the console: accounts, signing in, sessions. Guessing passwords is slowed down here."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from shop.errors import SignInRefused, TooManyAttempts
from shop.models import FailedSignIn, SignIn, User

STAY_SIGNED_IN = timedelta(days=14)
_PAUSE = timedelta(minutes=15)
#: Wrong passwords in `_PAUSE` before further tries are refused: for one account, and for one network address.
_TRIES = {"account": 10, "address": 30}

_hasher = PasswordHasher()
#: Checked when the account does not exist, so that the answer takes as long as for one that does.
_NOBODY = _hasher.hash(secrets.token_hex())


def add_user(session: Session, *, email: str, name: str, password: str, role: str = "owner") -> User:
    """A new account for the console, or a new password for an existing one. Raises ValueError for a short password."""
    if len(password) < 10:
        raise ValueError("a password needs at least 10 characters")
    user = session.scalar(select(User).where(User.email == _plain(email)))
    if user is None:
        user = User(email=_plain(email), role=role)
        session.add(user)
    user.name, user.password = name, _hasher.hash(password)
    session.flush()
    return user


def check_password(
    session: Session, email: str, password: str, *, address: str, now: datetime
) -> User | None:
    """The account, or None for a wrong name or password, which is counted (so commit in both cases).

    `address` is the network address that asks. Raises TooManyAttempts without looking at the password.
    """
    subjects = {"account": f"account:{_plain(email)}"[:255], "address": f"address:{address}"[:255]}
    for kind, subject in subjects.items():
        _refuse_when_too_many(session, subject, _TRIES[kind], now)
    user = session.scalar(select(User).where(User.email == _plain(email), User.active))
    try:
        _hasher.verify(user.password if user else _NOBODY, password)
    except VerificationError:
        user = None
    if user is None:
        session.add_all(FailedSignIn(subject=subject, at=now) for subject in subjects.values())
        return None
    if _hasher.check_needs_rehash(user.password):
        user.password = _hasher.hash(password)
    session.execute(delete(FailedSignIn).where(FailedSignIn.subject == subjects["account"]))
    return user


def sign_in(session: Session, user: User, now: datetime) -> str:
    """Open a session for the browser and return its secret for the cookie; only a hash of it is stored."""
    session.execute(delete(SignIn).where(SignIn.expires_at < now))
    secret = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token=_hashed(secret),
            user_id=user.id,
            csrf=secrets.token_urlsafe(24),
            created_at=now,
            expires_at=now + STAY_SIGNED_IN,
        )
    )
    return secret


def signed_in(session: Session, secret: str, now: datetime) -> SignIn:
    """The session a cookie's secret belongs to. Raises SignInRefused when it is unknown, over, or the user is off."""
    found = session.scalar(select(SignIn).where(SignIn.token == _hashed(secret)))
    if found is None or found.expires_at < now or not found.user.active:
        raise SignInRefused
    return found


def sign_out(session: Session, secret: str) -> None:
    """End the session; harmless when it is over."""
    session.execute(delete(SignIn).where(SignIn.token == _hashed(secret)))


def choose_language(session: Session, user_id: int, language: str) -> None:
    """The user wants to read the console in `language` ("th" or "en")."""
    session.get_one(User, user_id).language = language


def names(session: Session, emails: Collection[str]) -> dict[str, str]:
    """The names of those accounts that exist, by email: histories keep the email, people read the name."""
    found = session.execute(select(User.email, User.name).where(User.email.in_(emails)))
    return dict(found.all())


def _refuse_when_too_many(session: Session, subject: str, limit: int, now: datetime) -> None:
    recent = select(func.count(), func.min(FailedSignIn.at)).where(
        FailedSignIn.subject == subject, FailedSignIn.at > now - _PAUSE
    )
    count, first = session.execute(recent).one()
    if count >= limit:
        raise TooManyAttempts(first + _PAUSE)


def _plain(email: str) -> str:
    return email.strip().lower()


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
