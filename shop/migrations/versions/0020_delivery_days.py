"""In how many days each way to send arrives.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("days_from", "days_to"):
        op.add_column("shipping_method", sa.Column(name, sa.Integer()))


def downgrade() -> None:
    for name in ("days_to", "days_from"):
        op.drop_column("shipping_method", name)
