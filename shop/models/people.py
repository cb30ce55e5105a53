"""Tables of the people who work in the console."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Base, BigId


class User(Base):
    """Someone who may sign in to the console. `password` is an argon2 hash, `language` "th" or "en"."""

    __tablename__ = "console_user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password: Mapped[str]
    role: Mapped[str] = mapped_column(default="owner")
    language: Mapped[str] = mapped_column(default="th")
    active: Mapped[bool] = mapped_column(default=True)


class SignIn(Base):
    """One signed-in browser. `token` is the SHA-256 of the cookie's secret: a copy of the table opens nothing."""

    __tablename__ = "sign_in"

    token: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("console_user.id"), index=True)
    csrf: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    user: Mapped[User] = relationship(lazy="joined")


class FailedSignIn(Base):
    """A wrong password, counted per address and per account to slow down guessing."""

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
