"""Chats in the console: what nobody has read yet, who wrote last, and answers that are ready to send.

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_UNREAD = sa.text("unread > 0")


def upgrade() -> None:
    op.add_column("customer", sa.Column("unread", sa.Integer(), nullable=False, server_default="0"))
    op.drop_column("customer", "last_words")
    op.create_index("ix_customer_unread", "customer", ["id"], sqlite_where=_UNREAD, postgresql_where=_UNREAD)
    op.create_index("ix_customer_last_inbound_at", "customer", ["last_inbound_at", "id"])
    op.create_table(
        "quick_answer",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("shortcut", sa.String(), nullable=False),
        sa.Column("text_th", sa.String(), nullable=False),
        sa.Column("text_en", sa.String(), nullable=False),
        sa.UniqueConstraint("shortcut", name=op.f("uq_quick_answer_shortcut")),
    )


def downgrade() -> None:
    op.drop_table("quick_answer")
    op.drop_index("ix_customer_last_inbound_at", "customer")
    op.drop_index("ix_customer_unread", "customer")
    op.add_column("customer", sa.Column("last_words", sa.String()))
    op.drop_column("customer", "unread")
