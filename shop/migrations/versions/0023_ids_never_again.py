"""Ids of products and variants are never given again, and the lines that hold a variant are found by it.

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_LINES = ("order_line", "cart_line")


def upgrade() -> None:
    _copy(sqlite_autoincrement=True)
    for table in _LINES:
        op.create_index(f"ix_{table}_variant_id", table, ["variant_id"])


def downgrade() -> None:
    for table in _LINES:
        op.drop_index(f"ix_{table}_variant_id", table)
    _copy(sqlite_autoincrement=False)


def _copy(*, sqlite_autoincrement: bool) -> None:
    """SQLite can say so of a new table only. PostgreSQL's sequences never go back."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in ("product", "variant"):
        kwargs = {"sqlite_autoincrement": sqlite_autoincrement}
        with op.batch_alter_table(table, recreate="always", table_kwargs=kwargs):
            pass
