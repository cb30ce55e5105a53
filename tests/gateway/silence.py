"""Customers who were silent, and what Meta has approved for when they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import aiohttp

from channels.base import Credentials
from channels.messenger import utility
from channels.messenger.graph import Graph
from shop import message_templates, payments
from shop.db import Database, utc_now
from shop.models import Customer, Notice, Order, Shop
from tests.factories import make_order, make_shop, make_variant
from tests.gateway.messenger import Messenger
from tests.gateway.notices import notice
from tests.gateway.rows import all_done
from tests.gateway.waiting import until
from tests.gateway.world import PAGE

NOK = "7001"
LONG_AGO = utc_now() - timedelta(days=1)


class Silence:
    """A customer who wrote and then was silent, for the shop and for the simulated Messenger alike.

    Messenger's clock is moved forward. Ours cannot be, so what we know of the customer's last word is moved back.
    """

    def __init__(self, database: Database, page: int, messenger: Messenger) -> None:
        self.database, self.page, self.messenger = database, page, messenger

    async def begins(self) -> None:
        await self.messenger.meet(NOK)
        await self.messenger.says(NOK, "hello")
        await until(self.messenger.has_seen(NOK, 1))
        await until(lambda: all_done(self.database))

    async def lasts(self, **time: float) -> None:
        await self.messenger.control("clock", dict(time))
        with self.database.transaction() as session:
            customer = session.query(Customer).one()
            assert customer.last_inbound_at is not None
            customer.last_inbound_at -= timedelta(**time)

    def order(self, cause: str = "e1") -> Order:
        with self.database.transaction() as session:
            if session.query(Shop).first() is None:
                make_shop(session)
            customer = session.query(Customer).one()
            customer.language = "en"
            return make_order(session, customer, make_variant(session, sku=cause), cause=cause)

    def pays(self, order: Order) -> int:
        """The seller confirms the payment; the id of the notice."""
        with self.database.transaction() as session:
            payments.confirm(session, order.id, by="ploy", now=utc_now())
            return session.query(Notice.id).filter_by(order_id=order.id, kind="paid").scalar()

    async def seen(self) -> list[dict[str, Any]]:
        """What the customer has got since the first answer."""
        return (await self.messenger.seen(NOK))[1:]


async def reviewed(nok: Silence, review: str) -> None:
    """The Page's templates are handed in, and what Meta says of them comes by its webhook."""
    await nok.messenger.behaves(template_review=review, template_review_seconds=0.05)
    async with aiohttp.ClientSession() as http:
        graph = Graph(http, Credentials(PAGE, "demo-page-token", "demo-app-secret", nok.messenger.api))
        made = await utility.ensure(graph)
    assert not [error for _, error in made if error]
    with nok.database.transaction() as session:
        for status, _ in made:
            message_templates.note(
                session, nok.page, status.name, status.language, status="PENDING", reason=None, now=LONG_AGO
            )
    if review == "hold":
        return
    wanted = {"approve": "APPROVED", "reject": "REJECTED"}[review]
    await until(lambda: {one.status for one in templates(nok)} == {wanted})


def templates(nok: Silence) -> Any:
    with nok.database.reading() as session:
        return message_templates.of_channel(session, nok.page)


async def becomes(nok: Silence, notice_id: int, state: str) -> Notice:
    await until(lambda: notice(nok.database, notice_id).state == state)
    await until(lambda: all_done(nok.database))
    return notice(nok.database, notice_id)
