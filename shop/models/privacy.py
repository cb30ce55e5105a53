"""Tables of what is to be deleted: what an erased row leaves behind elsewhere, and requests that came through Meta."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.models.base import Base


class Leftover(Base):
    """Something outside the database that nothing refers to any more: a `picture` (its key in the media store), or a
    `conversation` in Rasa (its id). Written with the change that gave it up, removed once it is gone. One whose `since`
    is still to come may yet be kept.
    """

    __tablename__ = "leftover"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    key: Mapped[str]
    since: Mapped[datetime]


class DeletionRequest(Base):
    """Somebody's wish, told by Meta, that their data be deleted. `code` is what they can ask by.

    `user_id` is Meta's id of them for our app, emptied once they are erased; `accounts` are the Pages whose app signed.
    `state`: received (not looked at yet), waiting (an order of theirs is open), unknown (no customer was found),
    erased, closed (a person says that nothing is kept). `error`: why the last look came to nothing.
    """

    __tablename__ = "deletion_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[str]
    accounts: Mapped[list[str]]
    state: Mapped[str] = mapped_column(index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"))
    received_at: Mapped[datetime]
    looked_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    error: Mapped[str | None]
