"""Pictures of products found by their key, as the cards in chats name them.

Revision ID: 0029
Revises: 0028
"""

from __future__ import annotations

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_product_picture_key", "product_picture", ["key"])


def downgrade() -> None:
    op.drop_index("ix_product_picture_key", "product_picture")
