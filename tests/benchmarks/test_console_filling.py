"""The shop that the console is measured in is one that could be."""

from __future__ import annotations

from sqlalchemy import select

from benchmarks.console import filling
from shop import order_counts, order_index, order_search
from shop.db import utc_now
from shop.models import Order, OrderTerm
from shop.order_wanted import Only, Wanted


def test_what_is_written_straight_into_the_tables_is_what_the_shop_would_have_written(database):
    filling.fill(database, 700)
    every = select(OrderTerm.order_id, OrderTerm.term).order_by(OrderTerm.order_id, OrderTerm.term)
    with database.transaction() as session:
        before = session.execute(every).all()
        order_index.write(session.connection(), session.scalars(select(Order.id)).all())
        assert session.execute(every).all() == before
        order = filling.made(350, 700, utc_now())
        assert order.id in order_search.find(session, order.number).ids
        each = {one: Wanted(only=one) for one in (None, *Only)}
        counts = order_counts.counts(session, each, None, now=utc_now())
        assert counts[None] == 700 and min(counts.values()) > 0
