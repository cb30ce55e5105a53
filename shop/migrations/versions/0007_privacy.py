"""Erasing customers: when they were, what is left to delete elsewhere, Meta's requests, and how long to keep what.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.models import base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TIME = base.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.add_column("customer", sa.Column("erased_at", _TIME))
    op.add_column("shop", sa.Column("keep_slips_days", sa.Integer(), nullable=False, server_default="90"))
    op.add_column(
        "shop", sa.Column("keep_addresses_days", sa.Integer(), nullable=False, server_default="365")
    )
    op.create_table(
        "leftover",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("since", _TIME, nullable=False),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_leftover_kind_key")),
    )
    op.create_table(
        "deletion_request",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("accounts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Integer(), sa.ForeignKey("customer.id")),
        sa.Column("received_at", _TIME, nullable=False),
        sa.Column("looked_at", _TIME),
        sa.Column("done_at", _TIME),
        sa.Column("error", sa.String()),
        sa.UniqueConstraint("code", name=op.f("uq_deletion_request_code")),
    )
    op.create_index("ix_deletion_request_state", "deletion_request", ["state"])


def downgrade() -> None:
    op.drop_table("deletion_request")
    op.drop_table("leftover")
    op.drop_column("shop", "keep_addresses_days")
    op.drop_column("shop", "keep_slips_days")
    op.drop_column("customer", "erased_at")
