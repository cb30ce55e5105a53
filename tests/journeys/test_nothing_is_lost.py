"""Gateway and Rasa are killed again and again while 20 customers order: nothing is lost, nothing happens twice."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from gateway.payloads import sign
from shop.db import Database
from shop.models import Channel, InboxEvent, Order, OutboxMessage, Variant
from tests.journeys.simulated import Simulator
from tests.support.stack import Stack

CUSTOMERS = 20
_SOAP = "SOAP-LAVENDER"
_SECONDS = 240


def script_of(number: int, variant: int) -> list[tuple[str, str]]:
    """What one customer does, without waiting for answers: ten events, in this order."""
    return [
        ("text", "hello, what do you sell?"),
        ("tap", "/products"),
        ("tap", f'/choose_quantity{{"variant": "{variant}", "quantity": "1"}}'),
        ("tap", "/confirm_order"),
        ("text", f"Nok Number {'abcdefghijklmnopqrstuvwxyz'[number]}"),
        ("text", f"08123456{number:02d}"),
        ("text", f"{number}/9 Sukhumvit Road, Khlong Toei, Bangkok 10110"),
        ("tap", "/affirm"),
        ("tap", "/view_orders"),
        ("text", "thank you"),
    ]


@pytest.fixture
def killed_stack(tmp_path: Path):
    with Stack(tmp_path) as stack:
        yield stack


def test_every_event_has_one_effect_and_every_answer_arrives(killed_stack: Stack) -> None:
    stack, simulator = killed_stack, Simulator(killed_stack.addresses["simulator"])
    database = Database(stack.settings.database_url)
    with database.reading() as session:
        soap = session.scalars(select(Variant).where(Variant.sku == _SOAP)).one()
        channel = session.scalars(select(Channel.id)).one()
    people = [f"80000000000000{number:02d}" for number in range(CUSTOMERS)]
    for psid in people:
        simulator.post("customers", psid=psid, name="Nok", locale="en_US")

    def act(number: int) -> None:
        for kind, what in script_of(number, soap.id):
            if kind == "text":
                simulator.post(f"customers/{people[number]}/text", text=what)
            else:
                payload = sign(stack.settings.secret_key, channel, what)
                simulator.post(
                    f"customers/{people[number]}/tap", forced=True, title=what[1:20], payload=payload
                )
            time.sleep(random.uniform(0, 0.5))

    with ThreadPoolExecutor(CUSTOMERS) as crowd:
        acting = [crowd.submit(act, number) for number in range(CUSTOMERS)]
        for victim in ("gateway", "rasa", "gateway", "gateway", "rasa", "gateway"):
            time.sleep(random.uniform(0.5, 4))
            stack.kill(victim)
        for done in acting:
            done.result()
    stack.wait_until_up("rasa")
    stack.wait_until_up("gateway")
    wait_until_quiet(database)

    with database.reading() as session:
        events = session.scalars(select(InboxEvent).where(InboxEvent.state != "done")).all()
        assert [(event.kind, event.state, event.error) for event in events] == []
        orders = session.scalars(select(Order)).all()
        assert len(orders) == len({order.customer_id for order in orders}) == CUSTOMERS
        assert all(order.deliverable for order in orders)
        assert session.scalar(select(Variant.stock).where(Variant.id == soap.id)) == soap.stock - CUSTOMERS
        said = select(OutboxMessage.cause).where(OutboxMessage.state == "sent")
        answered = {cause.partition(".")[0] for cause in session.scalars(said)}
        turns = select(InboxEvent.id).where(InboxEvent.kind.in_(("message", "tap")))
        asked = {str(event) for event in session.scalars(turns)}
        assert len(asked) == CUSTOMERS * 10
        assert asked <= {cause.rpartition(":")[2] for cause in answered}
        unsent = select(func.count(OutboxMessage.id)).where(OutboxMessage.state != "sent")
        assert session.scalar(unsent) == 0
        parts = select(OutboxMessage.customer_id, func.sum(OutboxMessage.sent_parts))
        sent_to = dict(session.execute(parts.group_by(OutboxMessage.customer_id)).all())
    for order in orders:
        arrived = simulator.said(order.customer.external_id)
        assert len(arrived) >= sent_to[order.customer_id]
        assert order.number in str(arrived)
    database.close()


def wait_until_quiet(database: Database) -> None:
    """Return when neither inbox nor outbox holds anything open."""
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        with database.reading() as session:
            open_rows = [
                session.scalar(select(func.count(table.id)).where(table.state == "open"))
                for table in (InboxEvent, OutboxMessage)
            ]
        if open_rows == [0, 0]:
            return
        time.sleep(0.5)
    raise AssertionError(f"still open after {_SECONDS} s: {open_rows}")
