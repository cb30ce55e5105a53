"""The table of what the console asks the gateway to do at a chat platform."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.models.base import Base, BigId

_IS_WAITING = text("done_at IS NULL")


class Errand(Base):
    """Something that only the gateway can do, and what came of it (shop.errands).

    `detail` is what it takes, such as a new Page's encrypted secrets; they are taken out again when it is done.
    `lines` are its steps as far as they are known, `ok` whether all of them went well. `fence` counts the leases.
    """

    __tablename__ = "errand"
    __table_args__ = (
        Index("ix_errand_kind_channel_id_id", "kind", "channel_id", "id"),
        Index("ix_errand_waiting", "id", sqlite_where=_IS_WAITING, postgresql_where=_IS_WAITING),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str]
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channel.id"))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked_by: Mapped[str]
    created_at: Mapped[datetime]
    not_before: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    ok: Mapped[bool | None]
    done_at: Mapped[datetime | None]
