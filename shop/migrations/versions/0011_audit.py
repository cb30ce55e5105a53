"""Who did what.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.models import base

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", base.BigId, primary_key=True),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("by", "action", "subject")),
        sa.Column("detail", sa.JSON(), nullable=False),
    )
    for column in ("by", "subject", "action"):
        op.create_index(f"ix_audit_entry_{column}_id", "audit_entry", [column, "id"])


def downgrade() -> None:
    op.drop_table("audit_entry")
