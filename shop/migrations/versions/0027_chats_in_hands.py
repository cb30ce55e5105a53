"""Chats that need a person or have one, each kind in its own order.

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_UNREAD = sa.text("unread > 0")
_HELD = sa.text("unread = 0 AND person_until IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_customer_unread", "customer")
    _create("ix_customer_unread", ["last_inbound_at", "id"], _UNREAD)
    _create("ix_customer_held", ["last_inbound_at", "id"], _HELD)


def downgrade() -> None:
    op.drop_index("ix_customer_held", "customer")
    op.drop_index("ix_customer_unread", "customer")
    _create("ix_customer_unread", ["id"], _UNREAD)


def _create(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "customer", columns, sqlite_where=where, postgresql_where=where)
