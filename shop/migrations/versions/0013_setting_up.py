"""Setting up in the console: errands for the gateway, what is known of each channel, languages, the checklist.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.models import base

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TIME = base.UtcDateTime(timezone=True)
_TIMES_OF_CHANNEL = ("token_at", "app_secret_at", "seen_at", "shown_at")
_IS_WAITING = sa.text("done_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "errand",
        sa.Column("id", base.BigId, primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel_id", sa.Integer(), sa.ForeignKey("channel.id"), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        *(sa.Column(name, _TIME, nullable=True) for name in ("not_before", "leased_until")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("fence", "attempts")),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=True),
        sa.Column("done_at", _TIME, nullable=True),
    )
    op.create_index("ix_errand_kind_channel_id_id", "errand", ["kind", "channel_id", "id"])
    op.create_index(
        "ix_errand_waiting", "errand", ["id"], sqlite_where=_IS_WAITING, postgresql_where=_IS_WAITING
    )
    with op.batch_alter_table("channel") as table:
        for name in _TIMES_OF_CHANNEL:
            table.add_column(sa.Column(name, _TIME, nullable=True))
    with op.batch_alter_table("shop") as table:
        table.add_column(sa.Column("languages", sa.JSON(), nullable=False, server_default='["th", "en"]'))
        table.add_column(sa.Column("ticked", sa.JSON(), nullable=False, server_default="[]"))
    # A shop that has sold is past its first day.
    op.execute("""UPDATE shop SET ticked = '["shop", "closed"]' WHERE EXISTS (SELECT 1 FROM orders)""")


def downgrade() -> None:
    with op.batch_alter_table("shop") as table:
        table.drop_column("ticked")
        table.drop_column("languages")
    with op.batch_alter_table("channel") as table:
        for name in _TIMES_OF_CHANNEL:
            table.drop_column(name)
    op.drop_table("errand")
