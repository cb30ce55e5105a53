"""Whether somebody wants to hear and to be shown that orders and slips come in.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("alert_sound", "alert_notice"):
        op.add_column("console_user", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    for name in ("alert_notice", "alert_sound"):
        op.drop_column("console_user", name)
