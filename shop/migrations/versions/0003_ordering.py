"""Categories, options, pictures, ways to send, parcels, and who has the chat.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.models import base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_DEFAULT_METHOD = {"th": "จัดส่งพัสดุ", "en": "Parcel"}


# Columns are added and dropped in place: SQLite can, and copying a table would lose its checks.


def upgrade() -> None:
    _catalogue()
    _shipping()
    _orders()
    _people_in_the_chat()


def _catalogue() -> None:
    op.create_table(
        "category",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name_th", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
    )
    op.create_table(
        "product_picture",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("product_id", sa.Integer(), sa.ForeignKey("product.id"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("small_key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
    )
    op.create_index("ix_product_picture_product_id", "product_picture", ["product_id"])
    op.execute(
        "INSERT INTO product_picture (product_id, key, small_key, position)"
        " SELECT id, picture, picture, 0 FROM product WHERE picture IS NOT NULL"
    )
    category = sa.ForeignKey("category.id", name="fk_product_category_id")
    op.add_column("product", sa.Column("category_id", sa.Integer(), category), inline_references=True)
    op.add_column("product", sa.Column("options", sa.JSON(), nullable=False, server_default="[]"))
    op.drop_index("ix_product_position", "product")
    op.drop_column("product", "picture")
    op.create_index("ix_product_window", "product", ["active", "position", "id"])
    op.create_index("ix_product_category_id_position_id", "product", ["category_id", "position", "id"])
    op.add_column("variant", sa.Column("values", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("variant", sa.Column("weight", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("variant", sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()))
    _options_into_values()
    op.drop_column("variant", "option_th")
    op.drop_column("variant", "option_en")


def _options_into_values() -> None:
    """What an option's one text said becomes the variant's value of an option called "แบบ" ("Type")."""
    product = sa.table("product", sa.column("id", sa.Integer), sa.column("options", sa.JSON))
    variant = sa.table(
        "variant",
        sa.column("id", sa.Integer),
        sa.column("product_id", sa.Integer),
        sa.column("option_th", sa.String),
        sa.column("option_en", sa.String),
        sa.column("values", sa.JSON),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(variant).where(variant.c.option_th != "")).all():
        connection.execute(
            sa.update(variant)
            .where(variant.c.id == row.id)
            .values(values=[{"th": row.option_th, "en": row.option_en}])
        )
        connection.execute(
            sa.update(product)
            .where(product.c.id == row.product_id)
            .values(options=[{"th": "แบบ", "en": "Type"}])
        )


def _shipping() -> None:
    method = op.create_table(
        "shipping_method",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name_th", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("free_from", sa.Integer(), nullable=True),
    )
    rate = op.create_table(
        "shipping_rate",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("method_id", sa.Integer(), sa.ForeignKey("shipping_method.id"), nullable=False),
        sa.Column("provinces", sa.JSON(), nullable=False),
        sa.Column("from_weight", sa.Integer(), nullable=False),
        sa.Column("from_subtotal", sa.Integer(), nullable=False),
        sa.Column("fee", sa.Integer(), nullable=False),
    )
    op.create_index("ix_shipping_rate_method_id", "shipping_rate", ["method_id"])
    connection = op.get_bind()
    fee = connection.scalar(sa.text("SELECT shipping_fee FROM shop WHERE id = 1"))
    if fee is not None:  # the shop's one fee becomes its first way to send
        names = {"name_th": _DEFAULT_METHOD["th"], "name_en": _DEFAULT_METHOD["en"]}
        added = connection.execute(
            sa.insert(method).values(**names, active=True, position=0).returning(method.c.id)
        )
        connection.execute(
            sa.insert(rate).values(
                method_id=added.scalar_one(), provinces=[], from_weight=0, from_subtotal=0, fee=fee
            )
        )
    op.drop_column("shop", "shipping_fee")


def _orders() -> None:
    method = sa.ForeignKey("shipping_method.id", name="fk_orders_shipping_method_id")
    op.add_column("orders", sa.Column("shipping_method_id", sa.Integer(), method), inline_references=True)
    op.add_column(
        "orders", sa.Column("payment_method", sa.String(), nullable=False, server_default="transfer")
    )
    for name in ("shipping_th", "shipping_en"):
        op.add_column("orders", sa.Column(name, sa.String(), nullable=False, server_default=""))
    for name in ("province", "postal_code"):
        op.add_column("orders", sa.Column(name, sa.String(), nullable=True))
    op.create_table(
        "shipment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("order_id", sa.Integer(), sa.ForeignKey("orders.id"), nullable=False, unique=True),
        sa.Column("carrier", sa.String(), nullable=False),
        sa.Column("tracking", sa.String(), nullable=False),
        sa.Column("shipped_at", base.UtcDateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_shipment_tracking", "shipment", ["tracking"])


def _people_in_the_chat() -> None:
    op.add_column("shop", sa.Column("handoff_hours", sa.Integer(), nullable=False, server_default="12"))
    op.add_column("shop", sa.Column("buy_now_opens", sa.String(), nullable=False, server_default="chat"))
    op.add_column("shop", sa.Column("auto_billing", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column(
        "shop", sa.Column("cash_on_delivery", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("customer", sa.Column("person_until", base.UtcDateTime(timezone=True), nullable=True))
    op.create_index("ix_customer_person_until", "customer", ["person_until"])
    op.create_index("ix_customer_wants_person_since", "customer", ["wants_person_since"])


def downgrade() -> None:
    raise NotImplementedError("what was entered since has no place in the older schema; restore the backup")
