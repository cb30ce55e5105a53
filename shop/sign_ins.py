"""Signing in to the console: passwords and codes, how often they may be wrong, and the sessions of browsers.

A password is checked in steps, because hashing takes long and a transaction keeps others waiting: `begin` counts the
attempt as a wrong one, so that any number of them at once are counted; `passwords.fits` looks; `was_right` takes it
back. `passed` asks in the transaction that the password was typed for whether it is still the account's.

Whoever knows an email could pause its account for ever. So browsers in which the account was signed in before are
counted apart from all others (OWASP, "slow down online guessing attacks with device cookies").
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from shop import audit, people, push_devices, second_factor
from shop.errors import NotFound, SignInRefused, TooManyAttempts
from shop.models import FailedSignIn, HalfSignIn, SignIn, User
from shop.vault import Vault

STAY_SIGNED_IN = timedelta(days=14)
#: How long the code may take after the password.
HALF_WAY = timedelta(minutes=5)
_PAUSE = timedelta(minutes=15)
#: Wrong ones in `_PAUSE` before further tries are refused: passwords of one account, the same from browsers that it
#: knows, anything from one network address, codes of one account.
_TRIES = {"account": 10, "known": 10, "address": 30, "code": 5}
_KEEP_COUNTS = timedelta(days=30)


@dataclass(frozen=True)
class Attempt:
    """A password that somebody has typed and nobody has looked at: `password` is the account's hash, None without one.

    `counted` are the ids of the rows that count it as wrong.
    """

    email: str
    password: str | None
    counted: tuple[int, ...]


@dataclass(frozen=True)
class Browser:
    """What a session is told apart by, for people: the network address, and the browser's and device's short name."""

    address: str = ""
    device: str = ""


def begin(session: Session, email: str, address: str, now: datetime, *, is_known: bool = False) -> Attempt:
    """Count an attempt from the network address `address`, or from a browser in which the account was before.

    Commit it before the password is looked at. Raises TooManyAttempts.
    """
    email = people.plain(email)
    user = session.scalar(select(User).where(User.email == email, User.active).with_for_update())
    subjects = {"known": email} if is_known else {"account": email, "address": address}
    for kind, name in subjects.items():
        _refuse_when_too_many(session, kind, name, now)
    counted = _count(session, now, **subjects)
    return Attempt(email, user.password if user else None, counted)


def was_right(session: Session, attempt: Attempt) -> None:
    """The password fits, and counts as a wrong one no longer, whatever becomes of what it was typed for."""
    session.execute(delete(FailedSignIn).where(FailedSignIn.id.in_(attempt.counted)))


def passed(session: Session, attempt: Attempt) -> User:
    """Whose password was right. Raises SignInRefused when it is not the account's any more."""
    user = session.scalar(select(User).where(User.email == attempt.email, User.active))
    if user is None or user.password != attempt.password:
        raise SignInRefused
    return user


def sign_in(session: Session, user: User, now: datetime, browser: Browser = Browser()) -> str:
    """Open a session for the browser and return its secret for the cookie; only a hash of it is stored.

    It stands in the log, with how often the password or code was wrong since the last time.
    """
    session.execute(delete(SignIn).where(SignIn.expires_at < now))
    session.execute(delete(FailedSignIn).where(FailedSignIn.at < now - _KEEP_COUNTS))
    wrong = wrong_tries(session, [user]).get(user.id, 0)
    session.execute(delete(FailedSignIn).where(FailedSignIn.subject.in_(_subjects_of(user))))
    secret = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token=hashed(secret),
            user_id=user.id,
            csrf=secrets.token_urlsafe(24),
            created_at=now,
            expires_at=now + STAY_SIGNED_IN,
            last_seen_at=now,
            address=browser.address,
            device=browser.device,
        )
    )
    user.last_seen_at = now
    detail = {"wrong_tries": wrong} if wrong else {}
    audit.record(session, "sign_in.sign_in", user.email, by=user.email, now=now, **detail)
    return secret


def ask_for_code(session: Session, user: User, now: datetime) -> str:
    """The password was right, and the account has a second factor: a secret for the browser, good for `enter_code`."""
    session.execute(delete(HalfSignIn).where(HalfSignIn.expires_at < now))
    secret = secrets.token_urlsafe(32)
    session.add(HalfSignIn(token=hashed(secret), user_id=user.id, expires_at=now + HALF_WAY))
    return secret


def half_way(session: Session, secret: str, now: datetime) -> User:
    """Whose code the browser with this secret owes. Raises SignInRefused when that was too long ago."""
    found = session.get(HalfSignIn, hashed(secret))
    if found is None or found.expires_at < now or not found.user.active:
        raise SignInRefused
    return found.user


def enter_code(
    session: Session, vault: Vault, secret: str, code: str, *, address: str, now: datetime
) -> User | None:
    """The account, or None for a wrong code, which is counted (so commit in both cases).

    Raises SignInRefused, TooManyAttempts.
    """
    user = half_way(session, secret, now)
    session.refresh(user, with_for_update=True)  # of two equal codes at once one is first
    _refuse_when_too_many(session, "code", str(user.id), now)
    _refuse_when_too_many(session, "address", address, now)
    if not second_factor.takes(session, vault, user, code, now):
        _count(session, now, code=str(user.id), address=address)
        audit.record(session, "sign_in.wrong_code", user.email, by=audit.NOBODY, now=now)
        return None
    session.execute(delete(HalfSignIn).where(HalfSignIn.token == hashed(secret)))
    return user


def signed_in(session: Session, secret: str, now: datetime) -> SignIn:
    """The session a cookie's secret belongs to. Raises SignInRefused when it is unknown, over, or the user is off."""
    found = session.scalar(select(SignIn).where(SignIn.token == hashed(secret)))
    if found is None or found.expires_at < now or not found.user.active:
        raise SignInRefused
    return found


def seen(session: Session, secret: str, now: datetime, address: str) -> None:
    """The session was in use just now."""
    found = session.get(SignIn, hashed(secret))
    if found is not None:
        found.last_seen_at = found.user.last_seen_at = now
        found.address = address


def sign_out(session: Session, secret: str) -> None:
    """End the session; harmless when it is over."""
    session.execute(delete(SignIn).where(SignIn.token == hashed(secret)))
    push_devices.end_with(session, hashed(secret))


def sessions(session: Session, user_id: int, now: datetime) -> Sequence[SignIn]:
    """Where the account is signed in, the latest use first."""
    query = select(SignIn).where(SignIn.user_id == user_id, SignIn.expires_at > now)
    return session.scalars(query.order_by(SignIn.last_seen_at.desc(), SignIn.created_at.desc())).all()


def end_one(session: Session, user_id: int, token: str) -> None:
    """End a session of the account by its token. Raises NotFound for one that is over, or somebody else's."""
    found = session.get(SignIn, token)
    if found is None or found.user_id != user_id:
        raise NotFound("this session")
    session.delete(found)
    push_devices.end_with(session, token)


def wrong_tries(session: Session, users: Sequence[User]) -> dict[int, int]:
    """How many wrong passwords and codes there were since each last signed in, by the account's id."""
    of = {subject: user.id for user in users for subject in _subjects_of(user)}
    query = select(FailedSignIn.subject, func.count()).where(FailedSignIn.subject.in_(of))
    counts = dict.fromkeys(of.values(), 0)
    for subject, count in session.execute(query.group_by(FailedSignIn.subject)):
        counts[of[subject]] += count
    return counts


def forget_wrong_passwords(session: Session, user: User) -> int:
    """The account's pause ends. Gives how many wrong ones were counted since it last signed in."""
    wrong = delete(FailedSignIn).where(FailedSignIn.subject.in_(_passwords_of(user)))
    return len(session.scalars(wrong.returning(FailedSignIn.id)).all())


def hashed(secret: str) -> str:
    """What is kept of a secret that is long and random."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _subjects_of(user: User) -> tuple[str, ...]:
    return *_passwords_of(user), _subject("code", str(user.id))


def _passwords_of(user: User) -> tuple[str, ...]:
    return tuple(_subject(kind, user.email) for kind in ("account", "known"))


def _count(session: Session, now: datetime, **subjects: str) -> tuple[int, ...]:
    rows = [FailedSignIn(subject=_subject(kind, name), at=now) for kind, name in subjects.items()]
    session.add_all(rows)
    session.flush()
    return tuple(row.id for row in rows)


def _refuse_when_too_many(session: Session, kind: str, name: str, now: datetime) -> None:
    recent = select(func.count(), func.min(FailedSignIn.at)).where(
        FailedSignIn.subject == _subject(kind, name), FailedSignIn.at > now - _PAUSE
    )
    count, first = session.execute(recent).one()
    if count >= _TRIES[kind]:
        raise TooManyAttempts(first + _PAUSE)


def _subject(kind: str, name: str) -> str:
    return f"{kind}:{name}"[:255]
