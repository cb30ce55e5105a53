"""The index that finds products by words, and the price a customer last saw in the cart.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop import search_index

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product_gram",
        sa.Column("gram", sa.String(), primary_key=True),
        sa.Column("product_id", sa.Integer(), sa.ForeignKey("product.id"), primary_key=True),
    )
    op.create_index("ix_product_gram_product_id", "product_gram", ["product_id"])
    op.add_column("cart_line", sa.Column("price", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE cart_line SET price = (SELECT price FROM variant WHERE variant.id = cart_line.variant_id)"
    )
    products = sa.table("product", sa.column("id", sa.Integer))
    connection = op.get_bind()
    search_index.write(connection, connection.scalars(sa.select(products.c.id)).all())


def downgrade() -> None:
    op.drop_table("product_gram")
    op.drop_column("cart_line", "price")
