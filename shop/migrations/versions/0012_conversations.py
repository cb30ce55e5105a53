"""Conversations that people can read: what customers did in the chat, and for how long it is kept.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.models import base

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chat_entry",
        sa.Column("id", base.BigId, primary_key=True),
        sa.Column("customer_id", sa.Integer(), sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("event_id", base.BigId, sa.ForeignKey("inbox_event.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("mid", sa.String()),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("event_id", name=op.f("uq_chat_entry_event_id")),
    )
    op.create_index("ix_chat_entry_customer_id_at", "chat_entry", ["customer_id", "at", "id"])
    op.drop_index("ix_outbox_message_customer_id", "outbox_message")
    op.create_index(
        "ix_outbox_message_customer_id_created_at", "outbox_message", ["customer_id", "created_at", "id"]
    )
    op.add_column("shop", sa.Column("keep_chats_days", sa.Integer(), nullable=False, server_default="90"))


def downgrade() -> None:
    op.drop_column("shop", "keep_chats_days")
    op.drop_index("ix_outbox_message_customer_id_created_at", "outbox_message")
    op.create_index("ix_outbox_message_customer_id", "outbox_message", ["customer_id"])
    op.drop_table("chat_entry")
