"""Tables of what the shop sells, and of the shop itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Base


class Shop(Base):
    """The shop's settings: always the one row with id 1. Money in minor units of `currency`.

    An order has to be paid within `payment_hours`; `reminder_hours` before that the customer is reminded (0: never).
    """

    __tablename__ = "shop"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_th: Mapped[str]
    name_en: Mapped[str]
    greeting_th: Mapped[str]
    greeting_en: Mapped[str]
    menu_products_th: Mapped[str] = mapped_column(default="สินค้า")
    menu_products_en: Mapped[str] = mapped_column(default="Products")
    currency: Mapped[str] = mapped_column(default="THB")
    language: Mapped[str] = mapped_column(default="th")
    shipping_fee: Mapped[int] = mapped_column(default=0)
    payment_hours: Mapped[int] = mapped_column(default=24)
    reminder_hours: Mapped[int] = mapped_column(default=3, server_default="3")


class PaymentAccount(Base):
    """Where customers send money: a bank account, or a PromptPay number (`bank` is then "PromptPay")."""

    __tablename__ = "payment_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank: Mapped[str]
    number: Mapped[str]
    holder: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)


class Product(Base):
    """Something the shop sells. What is bought is one of its variants; a plain product has one."""

    __tablename__ = "product"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_th: Mapped[str]
    name_en: Mapped[str]
    description_th: Mapped[str] = mapped_column(default="")
    description_en: Mapped[str] = mapped_column(default="")
    picture: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0, index=True)
    active: Mapped[bool] = mapped_column(default=True)
    variants: Mapped[list[Variant]] = relationship(
        back_populates="product", order_by="Variant.id", lazy="selectin"
    )

    def name(self, language: str) -> str:
        """The name in `language` ("th" or "en")."""
        return self.name_en if language == "en" else self.name_th


class Variant(Base):
    """One buyable form of a product, with its own price (minor units), stock and SKU."""

    __tablename__ = "variant"
    __table_args__ = (
        CheckConstraint("stock >= 0", name="stock_not_negative"),
        CheckConstraint("price >= 0", name="price_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    sku: Mapped[str] = mapped_column(unique=True)
    option_th: Mapped[str] = mapped_column(default="")
    option_en: Mapped[str] = mapped_column(default="")
    price: Mapped[int]
    stock: Mapped[int] = mapped_column(default=0)
    product: Mapped[Product] = relationship(back_populates="variants", lazy="joined")

    def name(self, language: str) -> str:
        """The product's name with this variant's option, in `language` ("th" or "en")."""
        option = self.option_en if language == "en" else self.option_th
        name = self.product.name(language)
        return f"{name} ({option})" if option else name


class StockChange(Base):
    """Why a variant's stock moved: an order took or gave back, or a person counted."""

    __tablename__ = "stock_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    change: Mapped[int]
    reason: Mapped[str]
    at: Mapped[datetime]
