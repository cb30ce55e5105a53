"""What sellers are told while their console is closed: the news, the browsers, and the shop's key.

Revision ID: 0032
Revises: 0031
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.models import base

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_TIME = base.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("id", base.BigId, primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("kind", "subject", "by")),
        sa.Column("at", _TIME, nullable=False),
    )
    op.create_table(
        "push_device",
        sa.Column("id", base.BigId, primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("console_user.id"), nullable=False),
        sa.Column("sign_in", sa.String(), nullable=False),
        sa.Column("endpoint", sa.String(), nullable=False, unique=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("p256dh", "auth")),
        *(sa.Column(name, _TIME, nullable=False) for name in ("created_at", "until")),
        sa.Column("failures", sa.Integer(), nullable=False),
        *(sa.Column(name, _TIME, nullable=True) for name in ("failed_at", "not_before")),
        sa.Column("why", sa.String(), nullable=False),
    )
    op.create_index("ix_push_device_user_id", "push_device", ["user_id"])
    op.create_table(
        "push_key",
        sa.Column("id", sa.Integer(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("private", "public")),
    )


def downgrade() -> None:
    for table in ("push_key", "push_device", "alert"):
        op.drop_table(table)
