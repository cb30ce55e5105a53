"""Tables of what the shop sells, and of the shop itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Base

#: A name in both languages: `{"th": …, "en": …}`.
Names = dict[str, str]

#: SQLite would give the id of a deleted row to the next one, which old buttons in chats would then buy.
NEVER_AGAIN = {"sqlite_autoincrement": True}


class Shop(Base):
    """The shop's settings: always the one row with id 1. Money in minor units of `currency`.

    An order has to be paid within `payment_hours`; `reminder_hours` before that the customer is reminded (0: never).
    "Buy Now" opens the `buy_now_opens`: chat or store. Without `auto_billing` the bot takes no orders: a person sells.
    A person who has taken over a chat keeps it for `handoff_hours` after their last word.
    With `auto_confirm` an order is confirmed by itself when a verification service answers just what was expected.
    `language` is the one in which strangers are answered, of the `languages` that are offered.
    Of orders that are over, slips' pictures are kept for `keep_slips_days`, addresses for `keep_addresses_days`;
    what was said in chats for `keep_chats_days`.
    `ticked` are the steps of the checklist that somebody said are done, or not wanted (shop.checklist).
    Of a variant of which fewer than `low_stock` are left the seller is warned, unless the variant says otherwise.
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
    languages: Mapped[list[str]] = mapped_column(default=lambda: ["th", "en"], server_default='["th", "en"]')
    payment_hours: Mapped[int] = mapped_column(default=24)
    reminder_hours: Mapped[int] = mapped_column(default=3, server_default="3")
    handoff_hours: Mapped[int] = mapped_column(default=12, server_default="12")
    buy_now_opens: Mapped[str] = mapped_column(default="chat", server_default="chat")
    auto_billing: Mapped[bool] = mapped_column(default=True, server_default=true())
    cash_on_delivery: Mapped[bool] = mapped_column(default=False, server_default=false())
    auto_confirm: Mapped[bool] = mapped_column(default=False, server_default=false())
    low_stock: Mapped[int] = mapped_column(default=3, server_default="3")
    keep_slips_days: Mapped[int] = mapped_column(default=90, server_default="90")
    keep_addresses_days: Mapped[int] = mapped_column(default=365, server_default="365")
    keep_chats_days: Mapped[int] = mapped_column(default=90, server_default="90")
    ticked: Mapped[list[str]] = mapped_column(default=list, server_default="[]")


class PaymentAccount(Base):
    """Where customers send money: a bank account, or a PromptPay number (`bank` is then "PromptPay")."""

    __tablename__ = "payment_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank: Mapped[str]
    number: Mapped[str]
    holder: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)


class Category(Base):
    """A part of the shop's goods, as the seller sorts them."""

    __tablename__ = "category"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_th: Mapped[str]
    name_en: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)

    def name(self, language: str) -> str:
        """The name in `language` ("th" or "en"), or in the other one where it has none."""
        return _either(self.name_th, self.name_en, language)


class Product(Base):
    """Something the shop sells; customers see it while it is `active`. What is bought is one of its variants.

    A name or description may be empty in one language: then the other stands for both. What is `archived` is never
    active and no longer in the seller's own list. `cause` is the form that made it, and what
    it said; the same makes no second.
    `options` are what its variants differ in, in order: `[{"th": "สี", "en": "Colour"}]`; a plain product has none.
    """

    __tablename__ = "product"
    __table_args__ = (
        Index("ix_product_window", "active", "position", "id"),
        Index("ix_product_list", "archived", "position", "id"),
        Index("uq_product_cause", "cause", unique=True),
        Index("ix_product_category_id_position_id", "category_id", "position", "id"),
        NEVER_AGAIN,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    name_th: Mapped[str]
    name_en: Mapped[str]
    description_th: Mapped[str] = mapped_column(default="")
    description_en: Mapped[str] = mapped_column(default="")
    options: Mapped[list[Names]] = mapped_column(JSON, default=list)
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    archived: Mapped[bool] = mapped_column(default=False, server_default=false())
    cause: Mapped[str | None]
    category: Mapped[Category | None] = relationship()
    pictures: Mapped[list[ProductPicture]] = relationship(
        order_by="ProductPicture.position, ProductPicture.id", lazy="selectin", cascade="all, delete-orphan"
    )
    variants: Mapped[list[Variant]] = relationship(
        back_populates="product", order_by="Variant.id", lazy="selectin"
    )

    @property
    def offered(self) -> list[Variant]:
        """The variants that customers can see, sold out or not."""
        return [variant for variant in self.variants if variant.active]

    @property
    def kept(self) -> list[Variant]:
        """The variants that the seller keeps, hidden or not."""
        return [variant for variant in self.variants if not variant.archived]

    @property
    def cover(self) -> ProductPicture | None:
        """The first picture."""
        return self.pictures[0] if self.pictures else None

    @property
    def picture(self) -> str | None:
        """Key of the first picture in the media store."""
        return self.cover.key if self.cover else None

    def name(self, language: str) -> str:
        """The name in `language` ("th" or "en"), or in the other one where it has none."""
        return _either(self.name_th, self.name_en, language)

    def description(self, language: str) -> str:
        """The description, in the same way."""
        return _either(self.description_th, self.description_en, language)


class ProductGram(Base):
    """Two or three letters in a row of what a product is called, by which it is found (shop.search_index)."""

    __tablename__ = "product_gram"

    gram: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True, index=True)


class ProductPicture(Base):
    """One picture of a product: `key` in the media store is web-sized, `small_key` for lists.

    `alt_th` and `alt_en` say what it shows to those who cannot see it; empty: the product's name does.
    """

    __tablename__ = "product_picture"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    key: Mapped[str] = mapped_column(index=True)
    small_key: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    alt_th: Mapped[str] = mapped_column(default="", server_default="")
    alt_en: Mapped[str] = mapped_column(default="", server_default="")

    def alt(self, language: str) -> str:
        """What it shows, in `language` or else in the other; empty when nobody has said."""
        return _either(self.alt_th, self.alt_en, language)


#: The few variants that have a threshold of their own.
_OWN_LOW_STOCK = text("low_stock IS NOT NULL")


class Variant(Base):
    """One buyable form of a product, with its own price (minor units), stock, SKU and weight in grams.

    It may have one of the product's pictures for itself, and its own `low_stock` (None: the shop's). What is `archived`
    has options that the product no longer has, and is never active: orders still hold it.
    `values` has one name for each of the product's options, in their order: `[{"th": "ดำ", "en": "Black"}]`.
    """

    __tablename__ = "variant"
    __table_args__ = (
        CheckConstraint("stock >= 0", name="stock_not_negative"),
        CheckConstraint("price >= 0", name="price_not_negative"),
        Index("ix_variant_stock", "stock"),
        Index(
            "ix_variant_low_stock", "low_stock", sqlite_where=_OWN_LOW_STOCK, postgresql_where=_OWN_LOW_STOCK
        ),
        NEVER_AGAIN,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    sku: Mapped[str] = mapped_column(unique=True)
    values: Mapped[list[Names]] = mapped_column(JSON, default=list)
    price: Mapped[int]
    stock: Mapped[int] = mapped_column(default=0)
    weight: Mapped[int] = mapped_column(default=0, server_default="0")
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    archived: Mapped[bool] = mapped_column(default=False, server_default=false())
    low_stock: Mapped[int | None]
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("product_picture.id"), index=True)
    product: Mapped[Product] = relationship(back_populates="variants", lazy="joined")

    @property
    def cover(self) -> ProductPicture | None:
        """The picture of its own, or else the product's first."""
        own = (picture for picture in self.product.pictures if picture.id == self.picture_id)
        return next(own, self.product.cover)

    @property
    def picture(self) -> str | None:
        """Key of that picture in the media store."""
        return self.cover.key if self.cover else None

    def option(self, language: str) -> str:
        """What tells it from the product's other variants, in `language`: "Black / M"; empty for the only one."""
        return " / ".join(value[language] for value in self.values)

    def name(self, language: str) -> str:
        """The product's name with this variant's option, in `language` ("th" or "en")."""
        option = self.option(language)
        name = self.product.name(language)
        return f"{name} ({option})" if option else name


class StockChange(Base):
    """Why a variant's stock moved: an order took or gave back, or a person (`by`, an email) counted or changed it.

    `cause` is the form with which a person did; the same one changes nothing more.
    """

    __tablename__ = "stock_change"
    __table_args__ = (Index("uq_stock_change_cause", "cause", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    change: Mapped[int]
    reason: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str | None]
    cause: Mapped[str | None]


class ProductImport(Base):
    """A table of products that a seller has brought: its texts as `shop.spreadsheets` reads them, kept until applied.

    `digest` is the SHA-256 of the file, by which the same one is known again.
    """

    __tablename__ = "product_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    by: Mapped[str]
    at: Mapped[datetime]
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(index=True)
    rows: Mapped[list[list[str]]] = mapped_column(JSON)
    applied_at: Mapped[datetime | None]


def _either(thai: str, english: str, language: str) -> str:
    return (english or thai) if language == "en" else (thai or english)
