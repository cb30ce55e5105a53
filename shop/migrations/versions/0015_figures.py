"""What the figures need: who was in the chat on which day, and payments and orders by time.

Of days before, this is known: when customers were met, were last heard of, and ordered.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chat_day",
        sa.Column("customer_id", sa.Integer(), sa.ForeignKey("customer.id"), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
    )
    op.create_index("ix_chat_day_day_customer_id", "chat_day", ["day", "customer_id"])
    op.create_index("ix_payment_at", "payment", ["at"])
    op.create_index("ix_orders_placed_at", "orders", ["placed_at"])
    day = (
        "date({}, '+7 hours')"
        if op.get_bind().dialect.name == "sqlite"
        else "CAST({} AT TIME ZONE 'UTC' + INTERVAL '7 hours' AS date)"
    )
    known = " UNION ".join(
        f"SELECT {customer}, {day.format(moment)} FROM {table} WHERE {moment} IS NOT NULL"  # noqa: S608 (our own names)
        for table, customer, moment in (
            ("customer", "id", "created_at"),
            ("customer", "id", "last_inbound_at"),
            ("orders", "customer_id", "placed_at"),
        )
    )
    op.execute(f"INSERT INTO chat_day (customer_id, day) {known}")


def downgrade() -> None:
    op.drop_index("ix_orders_placed_at", "orders")
    op.drop_index("ix_payment_at", "payment")
    op.drop_table("chat_day")
