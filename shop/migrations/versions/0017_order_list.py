"""The list of orders: by what it is filtered, by what an order is found.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop import order_index
from shop.models import base

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_MAY_NEED_ATTENTION = sa.text(
    "(state = 'confirmed' OR (state = 'shipped' AND untold) OR (state = 'packed' AND untold)"
    " OR (state = 'placed' AND (untold OR payment_state = 'pending' OR received > 0))"
    " OR received > total OR (received > 0 AND state IN ('cancelled', 'expired')))"
)
_UNTOLD = sa.text("untold")
_INDEXES = {
    "ix_orders_placed": (("placed_at", "id"), None),
    "ix_orders_channel_placed": (("channel_id", "placed_at", "id"), None),
    "ix_orders_payment_placed": (("payment_state", "placed_at", "id"), None),
    "ix_orders_channel_payment_placed": (("channel_id", "payment_state", "placed_at", "id"), None),
    "ix_orders_state_placed": (("state", "placed_at", "id"), None),
    "ix_orders_channel_state_placed": (("channel_id", "state", "placed_at", "id"), None),
    "ix_orders_total_placed": (("total", "placed_at", "id"), None),
    "ix_orders_attention": (("placed_at", "id", "channel_id"), _MAY_NEED_ATTENTION),
    "ix_orders_untold": (("placed_at", "id", "channel_id"), _UNTOLD),
}
# The newest notice about the order of which it is known whether it arrived. Who was erased is not told on purpose.
_NOT_TOLD = """
    UPDATE orders SET untold = coalesce((
        SELECT notice.state <> 'told' FROM notice
        WHERE notice.order_id = orders.id AND notice.state IN ('told', 'not_told', 'uncertain')
        ORDER BY notice.id DESC LIMIT 1
    ), false)
    WHERE id IN (SELECT order_id FROM notice WHERE state IN ('not_told', 'uncertain'))
    AND customer_id IN (SELECT id FROM customer WHERE erased_at IS NULL)
"""
_CONFIRMED = """
    UPDATE orders SET confirmed_at = (
        SELECT max(at) FROM transition WHERE transition.order_id = orders.id AND after = 'confirmed'
    )
    WHERE state NOT IN ('placed', 'expired')
"""
_AT_ONCE = 500


def upgrade() -> None:
    op.add_column("orders", sa.Column("confirmed_at", base.UtcDateTime(timezone=True)))
    op.add_column("orders", sa.Column("untold", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(_NOT_TOLD)
    op.execute(_CONFIRMED)
    op.drop_index("ix_orders_channel_id_id", "orders")
    op.drop_index("ix_orders_placed_at", "orders")  # the first below is as good
    for name, (columns, where) in _INDEXES.items():
        op.create_index(name, "orders", list(columns), sqlite_where=where, postgresql_where=where)
    term = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "order_term",
        sa.Column("term", term, primary_key=True),
        sa.Column("order_id", sa.Integer(), sa.ForeignKey("orders.id"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_order_term_order_id_term", "order_term", ["order_id", "term"])
    connection = op.get_bind()
    orders = sa.table("orders", sa.column("id", sa.Integer))
    last = 0
    while ids := connection.scalars(
        sa.select(orders.c.id).where(orders.c.id > last).order_by(orders.c.id).limit(_AT_ONCE)
    ).all():
        order_index.write(connection, ids)
        last = ids[-1]


def downgrade() -> None:
    op.drop_table("order_term")
    for name in _INDEXES:
        op.drop_index(name, "orders")
    op.create_index("ix_orders_placed_at", "orders", ["placed_at"])
    op.create_index("ix_orders_channel_id_id", "orders", ["channel_id", "id"])
    op.drop_column("orders", "untold")
    op.drop_column("orders", "confirmed_at")
