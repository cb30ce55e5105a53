"""A shop of any size, and how long its customers wait for the goods, the cart and their orders."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from sqlalchemy import func, insert, literal_column, select, text
from sqlalchemy.orm import Session

from shop import carts, catalogue, orders, search
from shop.db import Database
from shop.models import Customer, Order, OrderLine, Product, Variant
from tests.factories import NOW, make_channel, make_customer, make_shop

#: Orders of each customer: the shop has more customers when it has more orders, not more patient ones.
_ORDERS_EACH = 10
_TRIES = 50

#: What is measured, by name: a question of the customer's with this id.
QUESTIONS: dict[str, Callable[[Session, int], Any]] = {
    "catalogue": lambda session, _: catalogue.products_page(session),
    "search": lambda session, _: search.find(session, "thing 00077"),
    "cart": carts.lines,
    "View orders": orders.latest,
}


def prepare(database: Database, products: int, placed: int) -> None:
    """Fill an empty database with so many products and placed orders."""
    with database.transaction() as session:
        make_shop(session)
        channel = make_channel(session)
        first = make_customer(session, channel)
        _products(session, products)
        for variant in session.scalars(select(Variant).limit(5)):
            carts.put(session, first.id, variant.id, 1)
        session.commit()
    with database.transaction() as session:
        _customers(session, max(1, placed // _ORDERS_EACH))
        _orders(session, placed)
        session.execute(text("ANALYZE"))


def milliseconds(database: Database) -> dict[str, float]:
    """The median time of each question, asked by the middle customer in a session of its own each time."""
    with database.transaction() as session:
        number = session.scalar(select(func.count(Customer.id))) or 1
        asking = session.scalar(select(Customer.id).order_by(Customer.id).offset(number // 2).limit(1)) or 1
        for variant in session.scalars(select(Variant).limit(5)):
            carts.put(session, asking, variant.id, 1)
    return {name: _median(database, question, asking) for name, question in QUESTIONS.items()}


def _median(database: Database, question: Callable[[Session, int], Any], customer: int) -> float:
    times = []
    for _ in range(_TRIES):
        with database.reading() as session:
            began = time.perf_counter()
            question(session, customer)
            times.append(time.perf_counter() - began)
    return 1000 * median(times)


def _products(session: Session, number: int) -> None:
    session.add_all(
        Product(
            name_th=f"ของชิ้นที่ {n:05}",
            name_en=f"Thing {n:05}",
            position=n,
            variants=[Variant(sku=f"THING-{n}", price=1000 + n, stock=100)],
        )
        for n in range(number)
    )
    session.flush()


def _customers(session: Session, number: int) -> None:
    _double(session, Customer, number, {"external_id": "psid"})


def _orders(session: Session, number: int) -> None:
    """One order with one line, copied: filling in a million by the shop's own functions would take an hour."""
    product = session.scalars(select(Variant).limit(1)).one()
    customers = session.scalar(select(func.count(Customer.id))) or 1
    first = Order(
        number="TL-0",
        cause="order",
        channel_id=1,
        customer_id=1,
        state="placed",
        payment_state="awaiting_slip",
        currency="THB",
        subtotal=product.price,
        shipping_fee=0,
        total=product.price,
        placed_at=NOW,
        pay_before=NOW,
        lines=[
            OrderLine(
                variant_id=product.id, name_th="ของ", name_en="Thing", unit_price=product.price, quantity=1
            )
        ],
    )
    session.add(first)
    session.flush()
    _double(session, Order, number, {"number": "TL-", "cause": "order "})
    _double(session, OrderLine, number, {})
    session.execute(text("UPDATE order_line SET order_id = id"))
    session.execute(text(f"UPDATE orders SET customer_id = 1 + id % {customers}"))


def _double(session: Session, model: type[Any], number: int, unique: dict[str, str]) -> None:
    """Copy the table's rows until there are `number`; `unique` columns get their text and the new id."""
    columns = [column for column in model.__table__.columns if column.name != "id"]
    while (there := session.scalar(select(func.count(model.id))) or 0) < number:
        id_ = model.id + there
        copies = [
            literal_column(f"'{unique[column.name]}' || (id + {there})") if column.name in unique else column
            for column in columns
        ]
        rows = select(id_, *copies).order_by(model.id).limit(number - there)
        session.execute(insert(model).from_select(["id", *(column.name for column in columns)], rows))
