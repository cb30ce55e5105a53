"""Alembic's entry: runs the migrations on the URL that `shop.db.migrate` gives."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, pool

from shop.models import Base


def run() -> None:
    """Apply the migrations in one transaction."""
    engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            user_module_prefix="base.",
        )
        with context.begin_transaction():
            context.run_migrations()


run()
