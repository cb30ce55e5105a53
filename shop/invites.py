"""Links by which people come in: an owner sends one, its reader chooses a name and a password, once.

The link's secret is known only to whoever has the link; the database has its hash.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shop import audit, people, sign_ins
from shop.errors import BadInput, InviteOver, NotFound
from shop.models import Invite, User
from shop.roles import Role

LASTS = timedelta(hours=72)


def create(session: Session, *, email: str, role: str, by: str, now: datetime) -> str:
    """The link's secret for a new account. An earlier invite of the same email ends.

    Raises BadInput("email", "invalid" | "taken"), BadInput("role", "unknown").
    """
    email = people.usable_email(email)
    if role not in set(Role):
        raise BadInput("role", "unknown")
    if people.by_email(session, email) is not None:
        raise BadInput("email", "taken")
    audit.note(session, role=role)
    return _link(session, email, role, by, now)


def for_new_password(session: Session, user_id: int, *, by: str, now: datetime) -> str:
    """The link's secret for somebody who has forgotten their password; the old one works until the link is used.

    Raises NotFound for an account that is unknown or deactivated.
    """
    user = people.account(session, user_id)
    if not user.active:
        raise NotFound(f"an active account {user_id}")
    return _link(session, user.email, user.role, by, now)


def pending(session: Session, now: datetime) -> Sequence[Invite]:
    """Invites that may still be used, of people without an account."""
    accounts = select(User.email)
    query = select(Invite).where(Invite.expires_at > now, Invite.email.not_in(accounts))
    return session.scalars(query.order_by(Invite.id)).all()


def find(session: Session, secret: str, now: datetime) -> Invite:
    """The invite of a link. Raises InviteOver."""
    found = session.scalar(select(Invite).where(Invite.token == sign_ins.hashed(secret)))
    if found is None or found.expires_at <= now:
        raise InviteOver
    return found


def accept(
    session: Session, secret: str, *, name: str, password_hash: str, language: str, now: datetime
) -> User:
    """Whoever has the link has chosen a name and a password; an existing account keeps its name and role.

    A pause after wrong passwords ends with it: nobody could have guessed the new one.
    Raises InviteOver, also for the second of two who use it at once, and BadInput("name", …).
    """
    invite = find(session, secret, now)
    if session.scalar(delete(Invite).where(Invite.id == invite.id).returning(Invite.id)) is None:
        raise InviteOver
    user = people.by_email(session, invite.email)
    if user is not None and not user.active:
        raise InviteOver
    name, role = (user.name, user.role) if user else (people.usable_name(name), invite.role)
    user = people.save(session, email=invite.email, name=name, password_hash=password_hash, role=role)
    user.language = language
    audit.note(session, role=role)
    if wrong := sign_ins.forget_wrong_passwords(session, user):
        audit.note(session, wrong_tries=wrong)
    return user


def withdraw(session: Session, invite_id: int) -> str:
    """The link works no more. Gives whose it was. Raises NotFound when it is used or gone."""
    email: str | None = session.scalar(delete(Invite).where(Invite.id == invite_id).returning(Invite.email))
    if email is None:
        raise NotFound(f"invite {invite_id}")
    return email


def _link(session: Session, email: str, role: str, by: str, now: datetime) -> str:
    session.execute(delete(Invite).where((Invite.email == email) | (Invite.expires_at <= now)))
    secret = secrets.token_urlsafe(24)
    session.add(
        Invite(
            token=sign_ins.hashed(secret),
            email=email,
            role=role,
            by=by,
            created_at=now,
            expires_at=now + LASTS,
        )
    )
    session.flush()
    return secret
