"""Something that the shop tells a customer unasked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from shop import customers, payments
from shop.db import Database, utc_now
from shop.models import Channel, Notice
from tests.factories import make_order, make_shop, make_variant


def paid_order(database: Database, channel_id: int, psid: str, last_heard: datetime | None = None) -> int:
    """A seller confirms the payment of a customer who was heard from just now, or then; the id of the notice."""
    with database.transaction() as session:
        make_shop(session)
        channel = session.get_one(Channel, channel_id)
        customer = customers.meet(session, channel, psid, "en", utc_now())
        customers.heard_from(customer, last_heard or utc_now())
        order = make_order(session, customer, make_variant(session))
        payments.confirm(session, order.id, by="Ploy", now=utc_now())
        return session.scalars(select(Notice.id).where(Notice.order_id == order.id)).one()


def notice(database: Database, notice_id: int) -> Notice:
    """What became of it."""
    with database.reading() as session:
        return session.get_one(Notice, notice_id)
