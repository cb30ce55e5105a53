"""Tables of carts and orders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Base
from shop.models.catalogue import Variant
from shop.models.customer import Channel, Customer


class CartLine(Base):
    """So many of a variant in a customer's cart. A customer has one cart: the lines with their id.

    `price` (minor units) is what one cost when the customer was last told.
    """

    __tablename__ = "cart_line"
    __table_args__ = (
        UniqueConstraint("customer_id", "variant_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"), index=True)
    quantity: Mapped[int]
    price: Mapped[int]
    variant: Mapped[Variant] = relationship(lazy="joined")


#: Orders that a reminder or the end of their time may come to.
_UNPAID = text("state = 'placed' AND payment_state = 'awaiting_slip'")
#: Orders that may need a person (shop.attention says which do); an index holds just these.
MAY_NEED_ATTENTION: ColumnElement[bool] = literal_column(
    "(state = 'confirmed' OR (state = 'shipped' AND untold) OR (state = 'packed' AND untold)"
    " OR (state = 'placed' AND (untold OR payment_state = 'pending' OR received > 0))"
    " OR received > total OR (received > 0 AND state IN ('cancelled', 'expired')))"
)
#: Orders whose customer was not told; SQLite finds the index only by these very words.
UNTOLD: ColumnElement[bool] = literal_column("untold")
#: Orders that go on and whose customer has yet to pay. Both states are put together here and below, so that SQLite does
#: not rather walk along the index of one of them, past all that have ended.
TO_PAY: ColumnElement[bool] = literal_column(
    "(payment_state || ' ' || state IN ('awaiting_slip placed', 'awaiting_slip confirmed',"
    " 'awaiting_slip packed', 'awaiting_slip shipped'))"
)
#: Orders whose slips wait for a seller (shop.review).
TO_CHECK: ColumnElement[bool] = literal_column("(payment_state || ' ' || state = 'pending placed')")


def _few(name: str, which: ColumnElement[bool]) -> list[Index]:
    """Indexes that hold only some orders in the list's order: of all channels, and of one."""
    columns = {"": ("placed_at", "id"), "channel_": ("channel_id", "placed_at", "id")}
    return [
        Index(f"ix_orders_{scope}{name}", *indexed, sqlite_where=which, postgresql_where=which)
        for scope, indexed in columns.items()
    ]


class Order(Base):
    """What a customer has bought. Amounts are frozen at placing, in minor units of `currency`.

    `cause` is the event that placed it; the same cause never places a second one. `payment_method`: transfer or
    cod. `address` is the whole address on one line; of a Thai one the province (its Thai name) and postal code are
    known. `shipping_th`, `shipping_en`: what the shipping method was called. Its fee is final once the address is
    known. `total` is `subtotal` and `shipping_fee` less `discount`. `received` is the sum of its ledger, which
    alone writes it; `kept` is what of it the shop does not return though the order ended. `confirmed_at`: since when
    it could be packed. `untold`: the last thing that the customer was to be told has not, or maybe not, reached them
    (shop.untold writes it).
    """

    __tablename__ = "orders"
    __table_args__ = (
        # The console's list: newest first by each of its filters, in one channel or all (shop.order_list).
        Index("ix_orders_placed", "placed_at", "id"),
        Index("ix_orders_channel_placed", "channel_id", "placed_at", "id"),
        Index("ix_orders_payment_placed", "payment_state", "placed_at", "id"),
        Index("ix_orders_channel_payment_placed", "channel_id", "payment_state", "placed_at", "id"),
        Index("ix_orders_state_placed", "state", "placed_at", "id"),
        Index("ix_orders_channel_state_placed", "channel_id", "state", "placed_at", "id"),
        Index("ix_orders_total_placed", "total", "placed_at", "id"),
        *_few("attention", MAY_NEED_ATTENTION),
        *_few("untold", UNTOLD),
        *_few("to_pay", TO_PAY),
        *_few("to_check", TO_CHECK),
        Index("ix_orders_customer_id_id", "customer_id", "id"),
        Index("ix_orders_unpaid", "pay_before", "id", sqlite_where=_UNPAID, postgresql_where=_UNPAID),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    cause: Mapped[str] = mapped_column(unique=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    state: Mapped[str]
    payment_state: Mapped[str]
    payment_method: Mapped[str] = mapped_column(default="transfer", server_default="transfer")
    currency: Mapped[str]
    subtotal: Mapped[int]
    shipping_method_id: Mapped[int | None] = mapped_column(ForeignKey("shipping_method.id"))
    shipping_th: Mapped[str] = mapped_column(default="", server_default="")
    shipping_en: Mapped[str] = mapped_column(default="", server_default="")
    shipping_fee: Mapped[int]
    discount: Mapped[int] = mapped_column(default=0, server_default="0")
    total: Mapped[int]
    received: Mapped[int] = mapped_column(default=0, server_default="0")
    kept: Mapped[int] = mapped_column(default=0, server_default="0")
    recipient: Mapped[str | None]
    phone: Mapped[str | None]
    address: Mapped[str | None]
    province: Mapped[str | None]
    postal_code: Mapped[str | None]
    placed_at: Mapped[datetime]
    pay_before: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    untold: Mapped[bool] = mapped_column(default=False, server_default=false())
    lines: Mapped[list[OrderLine]] = relationship(
        lazy="selectin", order_by="OrderLine.id", cascade="all, delete-orphan"
    )
    shipment: Mapped[Shipment | None] = relationship(lazy="joined", viewonly=True)
    customer: Mapped[Customer] = relationship(lazy="joined")
    channel: Mapped[Channel] = relationship(lazy="joined", viewonly=True)

    @property
    def deliverable(self) -> bool:
        """Whether the customer has said where to send it."""
        return bool(self.recipient and self.phone and self.address)


#: Compared byte by byte on every server, so that what begins alike stands side by side.
_Term = String().with_variant(String(collation="C"), "postgresql")


class OrderTerm(Base):
    """Something by which an order is found (shop.order_index): a word of a name, a number, or its end."""

    __tablename__ = "order_term"
    __table_args__ = (
        Index("ix_order_term_order_id_term", "order_id", "term"),
        {"sqlite_with_rowid": False},
    )

    term: Mapped[str] = mapped_column(_Term, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)


class OrderLine(Base):
    """One line of an order, with name and price as they were when it was placed."""

    __tablename__ = "order_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"), index=True)
    name_th: Mapped[str]
    name_en: Mapped[str]
    unit_price: Mapped[int]
    quantity: Mapped[int]

    def name(self, language: str) -> str:
        """The name in `language` ("th" or "en")."""
        return self.name_en if language == "en" else self.name_th


class OrderNote(Base):
    """What somebody of the shop wrote about an order, for the shop only. `form` names the form it came by."""

    __tablename__ = "order_note"
    __table_args__ = (UniqueConstraint("order_id", "form"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    form: Mapped[str]
    text: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class Shipment(Base):
    """The parcel of an order: `carrier` is a key of shop.carriers or the seller's own word, `tracking` its number."""

    __tablename__ = "shipment"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), unique=True)
    carrier: Mapped[str]
    tracking: Mapped[str] = mapped_column(index=True)
    shipped_at: Mapped[datetime]


class Transition(Base):
    """One recorded change of an order's or its payment's state: who, when, from, to, and why."""

    __tablename__ = "transition"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    move: Mapped[str]
    of: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")
