"""What the bot is taught with: what customers typed, what trainers made of it, and the models that came of it.

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.models import base

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_utterance()
    _create_heard()
    _create_bot_model()


def _create_utterance() -> None:
    op.create_table(
        "utterance",
        sa.Column("id", base.BigId, primary_key=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("intent", sa.String(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("certainty", sa.Float(), nullable=False),
        sa.Column("entities", sa.JSON(), nullable=False),
        sa.Column("guesses", sa.JSON(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_heard_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("taught_text", sa.String(), nullable=False),
        sa.Column("taught_intent", sa.String(), nullable=False),
        sa.Column("taught_entities", sa.JSON(), nullable=False),
        sa.Column("decided_by", sa.String()),
        sa.Column("decided_at", base.UtcDateTime(timezone=True)),
        sa.UniqueConstraint("key", name=op.f("uq_utterance_key")),
    )
    op.create_index("ix_utterance_verdict_certainty", "utterance", ["verdict", "certainty", "id"])
    op.create_index(
        "ix_utterance_verdict_intent_certainty", "utterance", ["verdict", "intent", "certainty", "id"]
    )
    op.create_index("ix_utterance_verdict_decided_at", "utterance", ["verdict", "decided_at", "id"])


def _create_heard() -> None:
    op.create_table(
        "heard",
        sa.Column("id", base.BigId, primary_key=True),
        sa.Column("utterance_id", base.BigId, sa.ForeignKey("utterance.id"), nullable=False),
        sa.Column("customer_id", sa.Integer(), sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("event_id", base.BigId, sa.ForeignKey("inbox_event.id"), nullable=False),
        sa.Column("at", base.UtcDateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("event_id", name=op.f("uq_heard_event_id")),
    )
    op.create_index("ix_heard_utterance_id_at", "heard", ["utterance_id", "at", "id"])
    op.create_index("ix_heard_customer_id", "heard", ["customer_id"])


def _create_bot_model() -> None:
    op.create_table(
        "bot_model",
        sa.Column("id", base.BigId, primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("files", sa.String(), nullable=False),
        sa.Column("taught", sa.Text(), nullable=False),
        sa.Column("taught_count", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("compared_with", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("worse", sa.JSON(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("archive", sa.String(), nullable=False),
        sa.Column("picture", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("under_way", sa.Boolean()),
        sa.Column("leased_until", base.UtcDateTime(timezone=True)),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("deaths", sa.Integer(), nullable=False),
        sa.Column("done_at", base.UtcDateTime(timezone=True)),
        sa.Column("published_at", base.UtcDateTime(timezone=True)),
        sa.Column("published_by", sa.String()),
        sa.Column("refused", sa.String(), nullable=False),
        sa.UniqueConstraint("under_way", name=op.f("uq_bot_model_under_way")),
    )
    op.create_index("ix_bot_model_published_at", "bot_model", ["published_at"])


def downgrade() -> None:
    for table in ("bot_model", "heard", "utterance"):
        op.drop_table(table)
