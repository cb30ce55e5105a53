"""What puts somebody else's account, or the whole shop, into other hands: an owner does it with their own password.

So a session that was stolen, or a browser that was left open, does not become the account. `attempt` is the owner's
password after `sign_ins.begin` has counted it and `passwords.fits` has found it right, None where none was given.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from shop import invites, people, second_factor, sign_ins
from shop.errors import BadInput, SignInRefused
from shop.models import User
from shop.roles import Role
from shop.sign_ins import Attempt


def invite(
    session: Session, attempt: Attempt | None, *, email: str, role: str, by: str, now: datetime
) -> str:
    """The secret of a new invite's link (`invites.create`); an owner's takes the password. Raises SignInRefused."""
    if role == Role.OWNER:
        _proved(session, attempt)
    return invites.create(session, email=email, role=role, by=by, now=now)


def give_role(session: Session, attempt: Attempt | None, user_id: int, role: str) -> User:
    """Another role (`people.change_role`); to make an owner takes the password. Raises SignInRefused."""
    if role == Role.OWNER:
        _proved(session, attempt)
    return people.change_role(session, user_id, role)


def link_for_new_password(session: Session, attempt: Attempt | None, user_id: int, now: datetime) -> str:
    """The secret of a link for somebody else (`invites.for_new_password`). Raises SignInRefused."""
    owner = _proved(session, attempt)
    _somebody_else(owner, user_id)
    return invites.for_new_password(session, user_id, by=owner.email, now=now)


def take_off_second_step(session: Session, attempt: Attempt | None, user_id: int) -> None:
    """Somebody else has lost the phone with the authenticator app. Raises SignInRefused."""
    owner = _proved(session, attempt)
    _somebody_else(owner, user_id)
    second_factor.take_off(session, people.account(session, user_id))


def _proved(session: Session, attempt: Attempt | None) -> User:
    if attempt is None:
        raise SignInRefused
    return sign_ins.passed(session, attempt)


def _somebody_else(owner: User, user_id: int) -> None:
    """For oneself there is a way that knows the old password and keeps the second step."""
    if owner.id == user_id:
        raise BadInput("user", "oneself")
