"""Orders that need a person, or whose customer was not told, found in one channel too; an index that serves nothing.

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_FEW = {
    "attention": sa.text(
        "(state = 'confirmed' OR (state = 'shipped' AND untold) OR (state = 'packed' AND untold)"
        " OR (state = 'placed' AND (untold OR payment_state = 'pending' OR received > 0))"
        " OR received > total OR (received > 0 AND state IN ('cancelled', 'expired')))"
    ),
    "untold": sa.text("untold"),
}
_PENDING = sa.text("state = 'placed' AND payment_state = 'pending'")


def upgrade() -> None:
    op.drop_index("ix_orders_pending", "orders")  # the review begins with the slips
    for name, few in _FEW.items():
        op.drop_index(f"ix_orders_{name}", "orders")
        _create(f"ix_orders_{name}", ["placed_at", "id"], few)
        _create(f"ix_orders_channel_{name}", ["channel_id", "placed_at", "id"], few)


def downgrade() -> None:
    for name, few in _FEW.items():
        op.drop_index(f"ix_orders_channel_{name}", "orders")
        op.drop_index(f"ix_orders_{name}", "orders")
        _create(f"ix_orders_{name}", ["placed_at", "id", "channel_id"], few)
    _create("ix_orders_pending", ["id"], _PENDING)


def _create(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "orders", columns, sqlite_where=where, postgresql_where=where)
