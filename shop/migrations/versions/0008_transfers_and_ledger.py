"""The transfers that slips name, what was seen on a slip, what a seller made of it, and a whole ledger.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.models import base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_LOOSE = sa.text("order_id IS NULL AND verdict = ''")


def upgrade() -> None:
    op.create_table(
        "transfer",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Integer(), sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("order_id", sa.Integer(), sa.ForeignKey("orders.id")),
        sa.Column("seen_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("bank", "reference"),
    )
    op.create_index("ix_transfer_order_id", "transfer", ["order_id"])
    with op.batch_alter_table("slip") as slip:
        slip.add_column(sa.Column("transfer_id", sa.Integer()))
        slip.add_column(sa.Column("seen", sa.String(), nullable=False, server_default="none"))
        slip.add_column(sa.Column("turned", sa.Integer(), nullable=False, server_default="0"))
        slip.add_column(sa.Column("amounts", sa.JSON()))
        slip.add_column(sa.Column("is_paper", sa.Boolean(), nullable=False, server_default=sa.true()))
        slip.add_column(sa.Column("vouched", sa.Boolean(), nullable=False, server_default=sa.false()))
        slip.add_column(sa.Column("repeats_id", sa.Integer()))
        slip.add_column(sa.Column("verdict", sa.String(), nullable=False, server_default=""))
        slip.add_column(sa.Column("verdict_reason", sa.String(), nullable=False, server_default=""))
        slip.create_foreign_key("fk_slip_transfer_id", "transfer", ["transfer_id"], ["id"])
        slip.create_foreign_key("fk_slip_repeats_id", "slip", ["repeats_id"], ["id"])
    op.create_index("ix_slip_transfer_id", "slip", ["transfer_id"])
    op.create_index("ix_slip_loose", "slip", ["received_at"], sqlite_where=_LOOSE, postgresql_where=_LOOSE)
    with op.batch_alter_table("payment") as payment:
        payment.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="accepted"))
        payment.add_column(sa.Column("slip_id", sa.Integer()))
        payment.add_column(sa.Column("undoes_id", sa.Integer()))
        payment.add_column(sa.Column("reason", sa.String(), nullable=False, server_default=""))
        payment.create_foreign_key("fk_payment_slip_id", "slip", ["slip_id"], ["id"])
        payment.create_foreign_key("fk_payment_undoes_id", "payment", ["undoes_id"], ["id"])
        payment.create_unique_constraint("uq_payment_undoes_id", ["undoes_id"])
    op.add_column("orders", sa.Column("discount", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("orders", sa.Column("received", sa.Integer(), nullable=False, server_default="0"))
    # What came in so far: one accepted entry an order, of its whole total.
    summed = "SELECT coalesce(sum(amount), 0) FROM payment WHERE payment.order_id = orders.id"
    op.execute(f"UPDATE orders SET received = ({summed})")  # noqa: S608 (no foreign text)
    op.add_column("notice", sa.Column("detail", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("notice", "detail")
    op.drop_column("orders", "received")
    op.drop_column("orders", "discount")
    with op.batch_alter_table("payment") as payment:
        for column in ("kind", "slip_id", "undoes_id", "reason"):
            payment.drop_column(column)
    op.drop_index("ix_slip_loose", "slip")
    op.drop_index("ix_slip_transfer_id", "slip")
    with op.batch_alter_table("slip") as slip:
        for column in (
            "transfer_id", "seen", "turned", "amounts", "is_paper", "vouched", "repeats_id",
            "verdict", "verdict_reason",
        ):  # fmt: skip
            slip.drop_column(column)
    op.drop_table("transfer")
