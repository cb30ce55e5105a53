"""What sellers keep of their products: archive, alt texts, pictures of variants, low stock, who changed stock, imports.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.models import base

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_OWN_LOW_STOCK = sa.text("low_stock IS NOT NULL")


# Columns are added and dropped in place: SQLite can, and copying a table would lose its checks.


def upgrade() -> None:
    op.add_column("shop", sa.Column("low_stock", sa.Integer(), nullable=False, server_default="3"))
    op.add_column("product", sa.Column("archived", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("product", sa.Column("cause", sa.String()))
    op.create_index("uq_product_cause", "product", ["cause"], unique=True)
    op.create_index("ix_product_list", "product", ["archived", "position", "id"])
    for name in ("alt_th", "alt_en"):
        op.add_column("product_picture", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("variant", sa.Column("archived", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("variant", sa.Column("low_stock", sa.Integer()))
    picture = sa.ForeignKey("product_picture.id", name="fk_variant_picture_id")
    op.add_column("variant", sa.Column("picture_id", sa.Integer(), picture), inline_references=True)
    op.create_index("ix_variant_picture_id", "variant", ["picture_id"])
    op.create_index("ix_variant_stock", "variant", ["stock"])
    op.create_index(
        "ix_variant_low_stock",
        "variant",
        ["low_stock"],
        sqlite_where=_OWN_LOW_STOCK,
        postgresql_where=_OWN_LOW_STOCK,
    )
    op.add_column("stock_change", sa.Column("by", sa.String()))
    op.add_column("stock_change", sa.Column("cause", sa.String()))
    op.create_index("uq_stock_change_cause", "stock_change", ["cause"], unique=True)
    op.create_table(
        "product_import",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("applied_at", base.UtcDateTime(timezone=True)),
    )
    op.create_index("ix_product_import_digest", "product_import", ["digest"])


def downgrade() -> None:
    op.drop_table("product_import")
    op.drop_index("uq_stock_change_cause", "stock_change")
    op.drop_column("stock_change", "cause")
    op.drop_column("stock_change", "by")
    for name in ("ix_variant_low_stock", "ix_variant_stock", "ix_variant_picture_id"):
        op.drop_index(name, "variant")
    op.drop_column("variant", "picture_id")
    op.drop_column("variant", "low_stock")
    op.drop_column("variant", "archived")
    op.drop_column("product_picture", "alt_en")
    op.drop_column("product_picture", "alt_th")
    op.drop_index("ix_product_list", "product")
    op.drop_index("uq_product_cause", "product")
    op.drop_column("product", "cause")
    op.drop_column("product", "archived")
    op.drop_column("shop", "low_stock")
