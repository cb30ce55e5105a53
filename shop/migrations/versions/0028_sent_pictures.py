"""Pictures that sellers send in a chat.

Revision ID: 0028
Revises: 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # not in a batch, which would copy a table that may be large; either database adds such a column at once
    op.add_column("outbox_message", sa.Column("picture", sa.String()))
    op.add_column("outbox_message", sa.Column("picture_width", sa.Integer()))
    op.add_column("outbox_message", sa.Column("picture_height", sa.Integer()))


def downgrade() -> None:
    for column in ("picture_height", "picture_width", "picture"):
        op.drop_column("outbox_message", column)
