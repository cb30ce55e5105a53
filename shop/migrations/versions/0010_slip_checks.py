"""What verification services say about transfers, and the switch that lets a full match confirm an order.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.models import base

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = base.UtcDateTime(timezone=True)
    op.create_table(
        "slip_check",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("transfer_id", sa.Integer(), sa.ForeignKey("transfer.id"), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False, server_default="")
            for name in ("state", "provider", "reference", "receiver_name", "raw")
        ),
        sa.Column("expected", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("amount", sa.Integer()),
        sa.Column("paid_at", moment),
        sa.Column("receiver_accounts", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("other_receiver", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("asked_at", moment),
        sa.Column("next_at", moment),
        sa.Column("leased_until", moment),
        sa.Column("fence", sa.Integer(), nullable=False, server_default="0"),
        sa.UniqueConstraint("transfer_id"),
    )
    op.create_index("ix_slip_check_next_at", "slip_check", ["next_at"])
    op.add_column("shop", sa.Column("auto_confirm", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("shop", "auto_confirm")
    op.drop_table("slip_check")
