"""What customers did in the web store, until the chat has been told.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.models import base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "store_visit",
        sa.Column("customer_id", sa.Integer(), sa.ForeignKey("customer.id"), primary_key=True),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("order_id", sa.Integer(), sa.ForeignKey("orders.id")),
        sa.Column("due_at", base.UtcDateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_store_visit_due_at", "store_visit", ["due_at"])


def downgrade() -> None:
    op.drop_table("store_visit")
