"""Templates that the platform has approved, notices that wait for the customer, messages that a seller wrote.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.models import base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_WRITTEN = sa.text("written_by IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "message_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("changed_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_message_template_channel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_template")),
        sa.UniqueConstraint(
            "channel_id", "name", "language", name=op.f("uq_message_template_channel_id_name_language")
        ),
    )
    op.add_column("notice", sa.Column("parked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("notice", sa.Column("rounds", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox_message", sa.Column("written_by", sa.String()))
    op.add_column("outbox_message", sa.Column("begun", sa.Integer()))
    op.add_column("outbox_message", sa.Column("way", sa.String()))
    op.create_index(
        "ix_outbox_message_written",
        "outbox_message",
        ["id"],
        sqlite_where=_WRITTEN,
        postgresql_where=_WRITTEN,
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_message_written", "outbox_message")
    for column in ("way", "begun", "written_by"):
        op.drop_column("outbox_message", column)
    for column in ("rounds", "parked"):
        op.drop_column("notice", column)
    op.drop_table("message_template")
