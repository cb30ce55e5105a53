"""Orders that go on and are to be paid, and those whose slips are to be checked, found without all that have ended.

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_FEW = {
    "to_pay": sa.text(
        "(payment_state || ' ' || state IN ('awaiting_slip placed', 'awaiting_slip confirmed',"
        " 'awaiting_slip packed', 'awaiting_slip shipped'))"
    ),
    "to_check": sa.text("(payment_state || ' ' || state = 'pending placed')"),
}
_COLUMNS = {"": ["placed_at", "id"], "channel_": ["channel_id", "placed_at", "id"]}


def upgrade() -> None:
    for name, few in _FEW.items():
        for scope, columns in _COLUMNS.items():
            op.create_index(
                f"ix_orders_{scope}{name}", "orders", columns, sqlite_where=few, postgresql_where=few
            )


def downgrade() -> None:
    for name in _FEW:
        for scope in _COLUMNS:
            op.drop_index(f"ix_orders_{scope}{name}", "orders")
