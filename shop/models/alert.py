"""Tables of what sellers are told while their console is closed, and of the browsers in which they are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shop.models.base import Base, BigId


class Alert(Base):
    """Something new that a gateway has yet to tell (shop.alerts); the row is gone as soon as one sees to it.

    `subject`: an order's number, a customer's id, or the id of the device to be tried. `by`: who did it, and knows.
    """

    __tablename__ = "alert"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class PushDevice(Base):
    """A browser that shows notifications while the console is closed (shop.push_devices).

    `endpoint` is the address at its push service, `p256dh` and `auth` are the keys that only it can read with
    (RFC 8291). It ends with the session `sign_in`, at the latest at `until`. After `failures` in a row nothing is sent
    before `not_before`; `why` is what the push service said last.
    """

    __tablename__ = "push_device"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("console_user.id"), index=True)
    sign_in: Mapped[str]
    endpoint: Mapped[str] = mapped_column(unique=True)
    p256dh: Mapped[str]
    auth: Mapped[str]
    created_at: Mapped[datetime]
    until: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(default="")


class PushKey(Base):
    """The shop's one pair of keys (id 1) by which push services know it (RFC 8292); `private` is encrypted."""

    __tablename__ = "push_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    private: Mapped[str]
    public: Mapped[str]
