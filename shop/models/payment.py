"""Tables of slips and of the money that arrived."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.models.base import Base


class Slip(Base):
    """A picture a customer sent as proof of a transfer. `picture` is its key in the media store; `sha256` of that copy.

    `order_id` is empty until it is known which order it is for.
    """

    __tablename__ = "slip"
    __table_args__ = (
        UniqueConstraint("cause", "part"),
        Index("ix_slip_customer_id_order_id", "customer_id", "order_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cause: Mapped[str]
    part: Mapped[int]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    picture: Mapped[str]
    sha256: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    received_at: Mapped[datetime]


class Payment(Base):
    """One entry of an order's ledger: money that a person accepted, in minor units. Entries are never changed."""

    __tablename__ = "payment"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    amount: Mapped[int]
    by: Mapped[str]
    at: Mapped[datetime]
