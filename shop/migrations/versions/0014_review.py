"""Notes on orders, and the slips that wait for a seller found at once.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.models import base

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_PENDING = sa.text("state = 'placed' AND payment_state = 'pending'")
_WAITING = sa.text("order_id IS NOT NULL AND verdict = '' AND repeats_id IS NULL")


def upgrade() -> None:
    op.create_table(
        "order_note",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("order_id", sa.Integer(), sa.ForeignKey("orders.id"), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("form", "text", "by")),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("order_id", "form"),
    )
    # Nobody looks at the slips of an order that has ended.
    ended = "SELECT id FROM orders WHERE state IN ('cancelled', 'expired')"
    op.execute(f"UPDATE slip SET verdict = 'dismissed' WHERE verdict = '' AND order_id IN ({ended})")  # noqa: S608 (no foreign text)
    op.create_index("ix_orders_pending", "orders", ["id"], sqlite_where=_PENDING, postgresql_where=_PENDING)
    op.create_index("ix_slip_waiting", "slip", ["id"], sqlite_where=_WAITING, postgresql_where=_WAITING)


def downgrade() -> None:
    op.drop_index("ix_slip_waiting", "slip")
    op.drop_index("ix_orders_pending", "orders")
    op.drop_table("order_note")
