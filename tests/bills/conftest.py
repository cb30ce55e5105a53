"""One order that waits for payment, with everything that can go wrong in its words."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from shop import orders
from shop.db import Database
from shop.models import Order
from tests.factories import make_channel, make_customer, make_order, make_shop, make_variant

NAME = "<script>alert(1)</script> ผู้รับ"
ADDRESS = "99/1 ที่อยู่ข้างปั๊มน้ำ กี่ครั้งก็หาเจอ กรุงเทพมหานคร 10110"


def place(session: Session) -> Order:
    make_shop(session)
    nok = make_customer(session, make_channel(session))
    order = make_order(session, nok, make_variant(session, name_th="น้ำผึ้งป่า", name_en="Wild honey"), 2)
    orders.set_delivery(session, order.id, recipient="Nok", phone="0812345678", address=ADDRESS)
    order.recipient = NAME  # no form lets it through; a bill must not depend on that
    session.flush()
    return order


@pytest.fixture
def order(database: Database) -> Order:
    with database.transaction() as session:
        return place(session)
