"""Orders confirmed per second by several buyers at once, of goods that do not run out."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from shop import carts, orders
from shop.db import Database, utc_now
from shop.models import Channel, Variant
from tests.factories import make_channel, make_customer, make_shop, make_variant

#: Different things in each cart, so that every order takes several rows of stock.
_THINGS = 3


def prepare(database: Database) -> None:
    """A shop with a channel and goods enough for every order."""
    with database.transaction() as session:
        make_shop(session)
        make_channel(session)
        for number in range(_THINGS):
            make_variant(session, f"THING-{number}", stock=10**9)


def confirmed_per_second(database: Database, buyers: int, number: int) -> float:
    """Fill the carts of `number` customers, then have `buyers` at a time of them confirm their orders."""
    with database.transaction() as session:
        channel = session.query(Channel).one()
        things = [variant.id for variant in session.query(Variant)]
        people = [make_customer(session, channel, f"{buyers} buyers, number {n}").id for n in range(number)]
        for customer in people:
            for thing in things:
                carts.put(session, customer, thing, 1)

    def buy(customer: int) -> None:
        with database.transaction() as session:
            orders.place(session, customer, cause=f"tap of {customer}", now=utc_now())

    with ThreadPoolExecutor(buyers) as threads:
        began = time.monotonic()
        for _ in threads.map(buy, people):
            pass
        return number / (time.monotonic() - began)
