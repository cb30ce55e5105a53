"""Tables of the people who work in the console."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Base, BigId


class User(Base):
    """Someone who may sign in to the console. `password` is an argon2 hash, `language` "th" or "en".

    `totp` is the secret of their authenticator app, encrypted; it is asked for from `totp_since` on (None: not yet, or
    not at all). `totp_step` is the time step of the last code that was taken: no code works twice.
    `alert_sound`, `alert_notice`: they want to hear, and to be shown, that orders and slips come in.
    """

    __tablename__ = "console_user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password: Mapped[str]
    role: Mapped[str] = mapped_column(default="owner")
    language: Mapped[str] = mapped_column(default="th")
    active: Mapped[bool] = mapped_column(default=True)
    last_seen_at: Mapped[datetime | None]
    totp: Mapped[str | None]
    totp_since: Mapped[datetime | None]
    totp_step: Mapped[int] = mapped_column(default=0)
    alert_sound: Mapped[bool] = mapped_column(default=True, server_default=true())
    alert_notice: Mapped[bool] = mapped_column(default=True, server_default=true())


class SignIn(Base):
    """One signed-in browser. `token` is the SHA-256 of the cookie's secret: a copy of the table opens nothing."""

    __tablename__ = "sign_in"

    token: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("console_user.id"), index=True)
    csrf: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(default="")
    device: Mapped[str] = mapped_column(default="")
    user: Mapped[User] = relationship(lazy="joined")


class HalfSignIn(Base):
    """A browser that gave the right password and still owes the code of the authenticator app."""

    __tablename__ = "half_sign_in"

    token: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("console_user.id"), index=True)
    expires_at: Mapped[datetime]
    user: Mapped[User] = relationship(lazy="joined")


class RecoveryCode(Base):
    """The SHA-256 of a code that works once in place of the authenticator app. It is deleted when it is used."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("console_user.id"), index=True)
    code: Mapped[str]


class Invite(Base):
    """A link that lets somebody choose a password, once: a new account of this role, or an existing one's again.

    `token` is the SHA-256 of the link's secret. It is deleted when it is used or taken back.
    """

    __tablename__ = "invite"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    by: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class FailedSignIn(Base):
    """A wrong password or code, counted per address and per account to slow down guessing."""

    __tablename__ = "failed_sign_in"
    __table_args__ = (Index("ix_failed_sign_in_subject_at", "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    at: Mapped[datetime]


class AuditEntry(Base):
    """One change that somebody made in the console or by command (shop.audit).

    `by` is their email, or "operator". `action` is a word such as `order.confirm`, `subject` what it was done to, such
    as an order's number; `detail` what became different. Nothing changes or deletes a row.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_by_id", "by", "id"),
        Index("ix_audit_entry_subject_id", "subject", "id"),
        Index("ix_audit_entry_action_id", "action", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[dict[str, Any]]
