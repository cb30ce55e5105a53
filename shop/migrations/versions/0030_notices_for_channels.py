"""News that wait for a disconnected Page found by the Page, however many notices there are.

Revision ID: 0030
Revises: 0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    channel = sa.ForeignKey("channel.id", name="fk_notice_waits_for")
    op.add_column("notice", sa.Column("waits_for", sa.Integer(), channel), inline_references=True)
    op.create_index(
        "ix_notice_waits_for",
        "notice",
        ["waits_for", "id"],
        sqlite_where=sa.text("parked = 1"),
        postgresql_where=sa.text("parked"),
    )


def downgrade() -> None:
    op.drop_index("ix_notice_waits_for", "notice")
    op.drop_column("notice", "waits_for")
