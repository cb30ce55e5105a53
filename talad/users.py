"""`talad user`: who may sign in to the console, for the one who has the server. Each change stands in the log."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from shop import audit, passwords, people, second_factor
from shop.db import Database, utc_now
from shop.errors import BadInput
from shop.models import User

_WHY = {
    "short": f"the password needs at least {passwords.SHORTEST} characters",
    "long": f"the password may have at most {passwords.LONGEST} characters",
    "common": "this password is easy to guess",
    "invalid": "this is not an email address",
    "missing": "the name is missing",
}


def add(database: Database, *, email: str, name: str, role: str | None, password: str) -> str:
    """Add a person, or give one a new password. Raises ValueError, LastOwner."""
    try:
        email, name = people.usable_email(email), people.usable_name(name)
        passwords.check(password, email)
    except BadInput as error:
        raise ValueError(_WHY.get(error.reason, str(error))) from error
    password_hash = passwords.hashed(password)  # slow, so before the transaction
    with database.transaction() as session:
        user = people.save(session, email=email, name=name, password_hash=password_hash, role=role)
        audit.record(session, "user.add", user.email, by=audit.OPERATOR, now=utc_now(), role=user.role)
        return f"{user.email} can sign in now, as {user.role}."


def lines(database: Database) -> Iterator[str]:
    """Everybody, a line each."""
    with database.reading() as session:
        for user in people.all_accounts(session):
            seen = f"last seen {user.last_seen_at:%Y-%m-%d %H:%M} UTC" if user.last_seen_at else "never seen"
            steps = "two steps" if user.totp_since else "password only"
            off = "" if user.active else "  deactivated"
            yield f"{user.email}  {user.role}  {steps}  {seen}{off}"


def reset_second_step(database: Database, email: str) -> str:
    """Nobody asks for the code of an app any more. Raises ValueError."""
    with database.transaction() as session:
        user = _known(session, email)
        second_factor.take_off(session, user)
        audit.record(session, "user.reset_second_step", user.email, by=audit.OPERATOR, now=utc_now())
        return f"{user.email} signs in with the password alone now."


def sign_out(database: Database, email: str) -> str:
    """End all sessions. Raises ValueError."""
    with database.transaction() as session:
        user = _known(session, email)
        people.end_sessions(session, user.id)
        audit.record(session, "user.sign_out", user.email, by=audit.OPERATOR, now=utc_now())
        return f"{user.email} is signed out everywhere."


def _known(session: Session, email: str) -> User:
    user = people.by_email(session, email)
    if user is None:
        raise ValueError(f"there is no account {email}; `talad user list` shows all")
    return user
