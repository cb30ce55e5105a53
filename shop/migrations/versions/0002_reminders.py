"""Reminders and expiry of unpaid orders.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.models import base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_UNPAID = sa.text("state = 'placed' AND payment_state = 'awaiting_slip'")


def upgrade() -> None:
    op.add_column("shop", sa.Column("reminder_hours", sa.Integer(), nullable=False, server_default="3"))
    op.add_column("orders", sa.Column("reminded_at", base.UtcDateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_orders_unpaid", "orders", ["pay_before", "id"], sqlite_where=_UNPAID, postgresql_where=_UNPAID
    )


def downgrade() -> None:
    op.drop_index("ix_orders_unpaid", "orders")
    op.drop_column("orders", "reminded_at")
    op.drop_column("shop", "reminder_hours")
