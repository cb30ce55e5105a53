"""People who work in the console: their accounts and roles. Signing in is in sign_ins, new people come by invites."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shop import audit, passwords, push_devices
from shop.errors import BadInput, LastOwner, NotFound
from shop.models import HalfSignIn, Invite, SignIn, User
from shop.roles import Role

LONGEST_NAME = 60
_LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def add_user(session: Session, *, email: str, name: str, password: str, role: str | None = None) -> User:
    """`save` for those who have a password and time. Raises BadInput for a password that could be guessed."""
    passwords.check(password, email)
    return save(session, email=email, name=name, password_hash=passwords.hashed(password), role=role)


def save(session: Session, *, email: str, name: str, password_hash: str, role: str | None = None) -> User:
    """A new account, or a new password for an existing one, which is then active and signed out everywhere.

    Without a role a new account is an owner's, and an existing one keeps its own. Raises LastOwner.
    """
    user = by_email(session, email)
    if user is None:
        user = User(email=plain(email), role=role or Role.OWNER)
        session.add(user)
    else:
        change_role(session, user.id, role or user.role)
    user.name, user.password, user.active = name, password_hash, True
    session.flush()
    change_password(session, user, password_hash)
    return user


def by_email(session: Session, email: str) -> User | None:
    """The account of this email, or None."""
    return session.scalar(select(User).where(User.email == plain(email)))


def account(session: Session, user_id: int) -> User:
    """The account. Raises NotFound."""
    found = session.get(User, user_id)
    if found is None:
        raise NotFound(f"account {user_id}")
    return found


def all_accounts(session: Session) -> Sequence[User]:
    """Everybody, those who may come in first."""
    return session.scalars(select(User).order_by(User.active.desc(), User.id)).all()


def change_password(session: Session, user: User, password_hash: str, *, besides: str = "") -> None:
    """Whoever knows the old one is out (`end_sessions`), and a link that was made for it leads nowhere any more."""
    user.password = password_hash
    end_sessions(session, user.id, besides=besides)
    session.execute(delete(Invite).where(Invite.email == user.email))


def change_role(session: Session, user_id: int, role: str) -> User:
    """What somebody may do changes at once; links they made as an owner end.

    Raises NotFound, LastOwner, BadInput("role", "unknown").
    """
    user = account(session, user_id)
    if role == user.role:
        return user
    if role not in set(Role):
        raise BadInput("role", "unknown")
    _keep_an_owner(session, user)
    session.execute(delete(Invite).where(Invite.by == user.email))
    audit.note(session, role=[user.role, role])
    user.role = role
    return user


def deactivate(session: Session, user_id: int) -> User:
    """Somebody has left: their sessions, and the links for and by them, end at once. Their name stays in histories.

    Raises LastOwner.
    """
    user = account(session, user_id)
    if user.active:
        _keep_an_owner(session, user)
    user.active = False
    end_sessions(session, user.id)
    session.execute(delete(Invite).where((Invite.email == user.email) | (Invite.by == user.email)))
    return user


def reactivate(session: Session, user_id: int) -> User:
    """Somebody is back, with their old password and role."""
    user = account(session, user_id)
    user.active = True
    return user


def rename(session: Session, user_id: int, name: str) -> bool:
    """How histories call them. False: they did so already. Raises BadInput("name", "missing" | "long")."""
    user, name = account(session, user_id), usable_name(name)
    if name == user.name:
        return False
    audit.note(session, name=True)
    user.name = name
    return True


def choose_alerts(session: Session, user_id: int, *, sound: bool, notice: bool) -> None:
    """Whether the user wants to hear, and to be shown by their browser, that orders and slips come in."""
    user = session.get_one(User, user_id)
    user.alert_sound, user.alert_notice = sound, notice
    audit.note(session, sound=sound, notice=notice)


def choose_language(session: Session, user_id: int, language: str) -> bool:
    """The user wants to read the console in `language` ("th" or "en"). False: they did so already."""
    user = session.get_one(User, user_id)
    if user.language == language:
        return False
    audit.note(session, language=[user.language, language])
    user.language = language
    return True


def end_sessions(session: Session, user_id: int, *, besides: str = "") -> None:
    """Sign the account out everywhere, except in the session with the token `besides`; nothing is told there either."""
    session.execute(delete(SignIn).where(SignIn.user_id == user_id, SignIn.token != besides))
    session.execute(delete(HalfSignIn).where(HalfSignIn.user_id == user_id))
    push_devices.end(session, user_id, besides=besides)


def names(session: Session, emails: Collection[str]) -> dict[str, str]:
    """The names of those accounts that exist, by email: histories keep the email, people read the name."""
    found = session.execute(select(User.email, User.name).where(User.email.in_(emails)))
    return dict(found.all())


def usable_name(name: str) -> str:
    """The name in one line. Raises BadInput("name", "missing" | "long")."""
    name = " ".join(name.split())
    if not name:
        raise BadInput("name", "missing")
    if len(name) > LONGEST_NAME:
        raise BadInput("name", "long")
    return name


def usable_email(email: str) -> str:
    """The email as it is kept. Raises BadInput("email", "invalid")."""
    email = plain(email)
    if len(email) > _LONGEST_EMAIL or not _EMAIL.fullmatch(email) or not email.isprintable():
        raise BadInput("email", "invalid")
    return email


def plain(email: str) -> str:
    """How emails are compared."""
    return email.strip().lower()


def _keep_an_owner(session: Session, user: User) -> None:
    """Locks the owners, so that of two who leave at the same moment one is last."""
    owners = select(User.id).where(User.role == Role.OWNER, User.active).order_by(User.id).with_for_update()
    if list(session.scalars(owners)) == [user.id]:
        raise LastOwner(f"{user.email} is the only owner")
