"""Tables of the ways to send an order, and what each costs."""

from __future__ import annotations

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Base


class ShippingMethod(Base):
    """One way to send, offered while `active`. From a subtotal of `free_from` (minor units) on it costs nothing.

    `days_from` to `days_to`: in how many days after the payment a parcel arrives; None where the seller has not said.
    """

    __tablename__ = "shipping_method"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_th: Mapped[str]
    name_en: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    free_from: Mapped[int | None]
    days_from: Mapped[int | None]
    days_to: Mapped[int | None]
    rates: Mapped[list[ShippingRate]] = relationship(
        order_by="ShippingRate.id", lazy="selectin", cascade="all, delete-orphan"
    )

    def name(self, language: str) -> str:
        """The name in `language` ("th" or "en")."""
        return self.name_en if language == "en" else self.name_th


class ShippingRate(Base):
    """What a method costs (minor units) from a weight in grams and a subtotal on, in some provinces or (empty) in all.

    `provinces` are Thai names. Which of several rates applies: shop.shipping.
    """

    __tablename__ = "shipping_rate"

    id: Mapped[int] = mapped_column(primary_key=True)
    method_id: Mapped[int] = mapped_column(ForeignKey("shipping_method.id"), index=True)
    provinces: Mapped[list[str]] = mapped_column(JSON, default=list)
    from_weight: Mapped[int] = mapped_column(default=0)
    from_subtotal: Mapped[int] = mapped_column(default=0)
    fee: Mapped[int]
