"""Tables of slips, of the transfers they name, and of the money that arrived."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Base


class Transfer(Base):
    """A bank transfer that some slip's mini-QR names; `payload` is the QR's text as it was read.

    One row for ever, whoever sends the slip and how often: whose it is says who sent it first (`customer_id`) and for
    which order (`order_id`, once that is known).
    """

    __tablename__ = "transfer"
    __table_args__ = (UniqueConstraint("bank", "reference"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bank: Mapped[str]
    reference: Mapped[str]
    payload: Mapped[str]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    seen_at: Mapped[datetime]


#: Slips that a person has to find an order for.
_LOOSE = text("order_id IS NULL AND verdict = ''")
#: Slips that a seller has to look at.
_WAITING = text("order_id IS NOT NULL AND verdict = '' AND repeats_id IS NULL")


class Slip(Base):
    """A picture a customer sent as proof of a transfer. `picture` is its key in the media store; `sha256` of that copy.

    `order_id` is empty until it is known which order it is for. `seen`: what its QR codes are (shop.slips.codes.Seen).
    `further`: ids of transfers that the picture shows besides. `turned`: by how many degrees it lies. `amounts`: the
    sums printed on it in minor units (None: nobody looked). `is_paper`: it could be a slip without a code. `vouched`:
    the customer says it is one. `repeats_id`: the slip of the same order that showed the same. `verdict`: empty until a
    seller has judged; accepted, rejected (with `verdict_reason`), dismissed (no slip, or its order ended first).
    """

    __tablename__ = "slip"
    __table_args__ = (
        UniqueConstraint("cause", "part"),
        Index("ix_slip_customer_id_order_id", "customer_id", "order_id"),
        Index("ix_slip_loose", "received_at", sqlite_where=_LOOSE, postgresql_where=_LOOSE),
        Index("ix_slip_waiting", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cause: Mapped[str]
    part: Mapped[int]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"), index=True)
    picture: Mapped[str]
    sha256: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    received_at: Mapped[datetime]
    seen: Mapped[str] = mapped_column(default="none", server_default="none")
    turned: Mapped[int] = mapped_column(default=0, server_default="0")
    amounts: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    is_paper: Mapped[bool] = mapped_column(default=True, server_default=true())
    vouched: Mapped[bool] = mapped_column(default=False, server_default=false())
    repeats_id: Mapped[int | None] = mapped_column(ForeignKey("slip.id"))
    verdict: Mapped[str] = mapped_column(default="", server_default="")
    verdict_reason: Mapped[str] = mapped_column(default="", server_default="")
    further: Mapped[list[int]] = mapped_column(JSON, default=list, server_default="[]")
    transfer: Mapped[Transfer | None] = relationship(lazy="joined")

    @property
    def transfer_ids(self) -> list[int]:
        """Of every transfer that the picture shows."""
        return [self.transfer_id, *self.further] if self.transfer_id is not None else []


class SlipCheck(Base):
    """What a verification service said about a transfer (shop.slips.asking.Answer): one row for each, for ever.

    `state` is empty until an answer came. `expected`: what was outstanding when it was asked, in satang, as `amount`.
    `next_at`: when to ask (again), None when there is nothing more to ask. While `leased_until` lies ahead somebody
    asks; a late result of an older `fence` is void.
    """

    __tablename__ = "slip_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfer.id"), unique=True)
    state: Mapped[str] = mapped_column(default="", server_default="")
    provider: Mapped[str] = mapped_column(default="", server_default="")
    expected: Mapped[int] = mapped_column(default=0, server_default="0")
    amount: Mapped[int | None]
    paid_at: Mapped[datetime | None]
    reference: Mapped[str] = mapped_column(default="", server_default="")
    receiver_name: Mapped[str] = mapped_column(default="", server_default="")
    receiver_accounts: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    other_receiver: Mapped[bool] = mapped_column(default=False, server_default=false())
    raw: Mapped[str] = mapped_column(default="", server_default="")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    asked_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    leased_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0, server_default="0")


class Payment(Base):
    """One entry of an order's ledger, in minor units. None is ever changed: a mistake gets an entry that undoes it.

    `kind`: accepted (money came, amount > 0), undone (takes the entry `undoes_id` back), refunded (money was returned);
    the amounts of the last two are negative. `slip_id` is the slip that showed it, `reason` a person's own words.
    """

    __tablename__ = "payment"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[str] = mapped_column(default="accepted", server_default="accepted")
    amount: Mapped[int]
    slip_id: Mapped[int | None] = mapped_column(ForeignKey("slip.id"))
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), unique=True)
    reason: Mapped[str] = mapped_column(default="", server_default="")
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
