"""Invites, authenticator apps, and what sessions are told apart by.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.models import base

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_MOMENT = base.UtcDateTime(timezone=True)


def _user() -> sa.Column[int]:
    return sa.Column("user_id", sa.Integer(), sa.ForeignKey("console_user.id"), nullable=False, index=True)


def upgrade() -> None:
    op.add_column("console_user", sa.Column("last_seen_at", _MOMENT))
    op.add_column("console_user", sa.Column("totp", sa.String()))
    op.add_column("console_user", sa.Column("totp_since", _MOMENT))
    op.add_column("console_user", sa.Column("totp_step", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("sign_in", sa.Column("last_seen_at", _MOMENT))
    for name in ("address", "device"):
        op.add_column("sign_in", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.create_table(
        "half_sign_in",
        sa.Column("token", sa.String(), primary_key=True),
        _user(),
        sa.Column("expires_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), primary_key=True),
        _user(),
        sa.Column("code", sa.String(), nullable=False),
    )
    op.create_table(
        "invite",
        sa.Column("id", sa.Integer(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False, unique=True) for name in ("token", "email")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("role", "by")),
        *(sa.Column(name, _MOMENT, nullable=False) for name in ("created_at", "expires_at")),
    )


def downgrade() -> None:
    for table in ("invite", "recovery_code", "half_sign_in"):
        op.drop_table(table)
    for name in ("device", "address", "last_seen_at"):
        op.drop_column("sign_in", name)
    for name in ("totp_step", "totp_since", "totp", "last_seen_at"):
        op.drop_column("console_user", name)
