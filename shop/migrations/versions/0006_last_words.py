"""What a customer wrote last while they wait for a person or a person has their chat.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customer", sa.Column("last_words", sa.String()))


def downgrade() -> None:
    op.drop_column("customer", "last_words")
