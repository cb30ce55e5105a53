"""Erasing a customer: nothing of them is left in any table, and the books stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import (
    carts,
    conversation,
    customers,
    dossier,
    fulfilment,
    handoff,
    hearing,
    mailbox,
    orders,
    payments,
    privacy,
    store_visits,
)
from shop.conversation import Kind, Said
from shop.db import Database
from shop.errors import BadInput, BeingAnswered, NotFound, OrdersOpen
from shop.models import (
    Base,
    Channel,
    Customer,
    InboxEvent,
    Notice,
    Order,
    OutboxMessage,
    Payment,
    Slip,
    Transfer,
    Transition,
)
from shop.slips import intake
from shop.understood import Understood
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_slip, make_variant

PSID = "7234567890123456"
#: What may be found nowhere afterwards. A postal code alone is five digits, which other numbers may hold.
PERSONAL = (
    PSID,
    "Nok",
    "มะลิ",
    "812345678",
    "สุขุมวิท",
    "10110",
    "my words",
    "TH998877",
    "private/slips",
    "public/chats",
)
PRESENT = NOW + timedelta(days=1)


@pytest.fixture
def nok(database: Database) -> int:
    """Nok with a delivered order, a cancelled one, a full cart, two slips, messages in and out, and last words."""
    with database.transaction() as session:
        make_shop(session)
        channel = make_channel(session)
        customer = make_customer(session, channel, PSID, "Nok Jaidee")
        variant = make_variant(session, stock=50)
        delivered = make_order(session, customer, variant)
        orders.set_delivery(
            session,
            delivered.id,
            recipient="มะลิ หอมดี",
            phone="0812345678",
            address="99 ถนนสุขุมวิท กรุงเทพฯ 10110",
            province="กรุงเทพมหานคร",
            postal_code="10110",
        )
        slip = make_slip(session, customer)
        intake.take(session, customer.id, [slip.id], now=NOW)
        payments.confirm(session, delivered.id, by="ploy", now=NOW)
        fulfilment.pack(session, delivered.id, by="ploy", now=NOW)
        fulfilment.ship(session, delivered.id, carrier="flash", tracking="TH998877", by="ploy", now=NOW)
        fulfilment.deliver(session, delivered.id, by="ploy", now=NOW)
        cancelled = make_order(session, customer, variant, cause="e2")
        orders.cancel(session, cancelled.id, now=NOW)
        make_slip(session, customer, "s2")
        carts.put(session, customer.id, variant.id, 1)
        store_visits.cart_changed(session, customer.id, cause="c", now=NOW)
        handoff.ask_for_person(session, customer.id, NOW)
        receive(session, customer, "mid:1")
        send(session, customer)
        return customer.id


def receive(session: Session, customer: Customer, key: str) -> None:
    said = {"where": "messaging", "item": {"sender": {"id": customer.external_id}, "text": "my words"}}
    event = mailbox.open_event(
        account_id="100",
        key=key,
        channel_id=customer.channel_id,
        conversation=customer.conversation,
        kind="message",
        raw=said,
        now=NOW,
    )
    [event_id] = mailbox.keep_events(session, [event])
    if customer.id is not None:
        said = Said(Kind.WORDS, "my words", mid=f"m_{customer.external_id}")
        conversation.keep(session, customer.id, event_id, said, NOW)
        hearing.hear(session, customer.id, event_id, "my words", "en", Understood("greet", 0.5), NOW)


def send(session: Session, customer: Customer) -> None:
    row = {
        "cause": "e1",
        "part": 0,
        "channel_id": customer.channel_id,
        "customer_id": customer.id,
        "conversation": customer.conversation,
        "notice_id": None,
        "body": {"kind": "text", "text": "my words"},
        "page": 0,
        "created_at": NOW,
        "picture": "public/chats/sent.jpg",
    }
    mailbox.queue_messages(session, [row])


def everything(session: Session, *without: str) -> str:
    """Every value of every row."""
    tables = (table for table in Base.metadata.sorted_tables if table.name not in without)
    return "\n".join(str(tuple(row)) for table in tables for row in session.execute(select(table)))


def test_nothing_of_an_erased_customer_is_left_in_any_table(database: Database, nok: int) -> None:
    with database.reading() as session:
        before = everything(session)
    assert [word for word in PERSONAL if word not in before] == []
    with database.transaction() as session:
        privacy.erase(session, nok, now=PRESENT)
    with database.transaction() as session:
        assert sorted(one.key for one in privacy.leftovers(session, PRESENT)) == [
            f"1:{PSID}",
            "private/slips/s1.jpg",
            "private/slips/s2.jpg",
            "public/chats/sent.jpg",
        ]
        privacy.are_gone(session, [one.id for one in privacy.leftovers(session, PRESENT)])
    with database.reading() as session:
        after = everything(session)
    assert [word for word in PERSONAL if word in after] == []


def test_what_bookkeeping_needs_stays(database: Database, nok: int) -> None:
    kept = (
        select(Order.number, Order.total, Order.state, Order.payment_state, Order.placed_at),
        select(Payment.amount, Payment.at, Payment.by),
        select(Transition.move, Transition.at, Transition.by),
        select(Slip.received_at, Slip.sha256),
    )
    with database.reading() as session:
        before = [sorted(session.execute(query).all()) for query in kept]
    with database.transaction() as session:
        privacy.erase(session, nok, now=PRESENT)
    with database.reading() as session:
        assert [sorted(session.execute(query).all()) for query in kept] == before
        assert [len(order.lines) for order in session.scalars(select(Order))] == [1, 1]
        assert session.scalars(select(Order.province)).first() == "กรุงเทพมหานคร"
        # Their key stays: told again by the platform, the event is not done again.
        assert "mid:1" in session.scalars(select(InboxEvent.key)).all()


def test_erasing_again_changes_nothing(database: Database, nok: int) -> None:
    found = []
    for _ in range(2):
        with database.transaction() as session:
            privacy.erase(session, nok, now=PRESENT)
        with database.reading() as session:
            found.append(sorted(everything(session).splitlines()))
    assert found[0] == found[1]


def test_who_writes_again_is_a_new_customer(database: Database, nok: int) -> None:
    with database.transaction() as session:
        privacy.erase(session, nok, now=PRESENT)
        again = customers.meet(session, session.get_one(Channel, 1), PSID, "th", PRESENT)
        assert again.id != nok
        assert orders.latest(session, again.id) == []
        old = session.get_one(Customer, nok)
        assert not old.external_id.isdecimal() and old.last_inbound_at is None


def test_open_orders_keep_a_customer_unless_forced_and_then_nobody_is_told(database: Database) -> None:
    with database.transaction() as session:
        make_shop(session)
        order = make_order(session, make_customer(session, make_channel(session)), make_variant(session))
    with database.transaction() as session, pytest.raises(OrdersOpen) as refused:
        privacy.erase(session, order.customer_id, now=PRESENT)
    assert refused.value.numbers == [order.number]
    with database.transaction() as session:
        privacy.erase(session, order.customer_id, now=PRESENT, force=True)
    with database.transaction() as session:
        payments.confirm(session, order.id, by="ploy", now=PRESENT)
        assert session.scalars(select(Notice.state)).all() == ["not_told"]
        assert session.scalars(select(InboxEvent)).all() == []


def test_a_message_in_hand_is_waited_for(database: Database, nok: int) -> None:
    with database.transaction() as session:
        session.scalars(select(InboxEvent).where(InboxEvent.key == "mid:1")).one().leased_until = (
            PRESENT + timedelta(seconds=5)
        )
    with database.transaction() as session, pytest.raises(BeingAnswered):
        privacy.erase(session, nok, now=PRESENT)
    with database.transaction() as session:
        privacy.erase(session, nok, now=PRESENT + timedelta(seconds=6))
        event = session.scalars(select(InboxEvent).where(InboxEvent.key == "mid:1")).one()
        assert (event.state, event.fence, event.raw) == ("ignored", 1, None)
        assert session.scalars(select(OutboxMessage)).all() == []


def test_events_that_come_after_the_erasing_can_be_emptied_too(database: Database, nok: int) -> None:
    with database.transaction() as session:
        privacy.erase(session, nok, now=PRESENT)
        late = Customer(channel_id=1, external_id=PSID)
        receive(session, late, "echo:2")
        session.expunge_all()
    with database.transaction() as session:
        assert privacy.forget_stranger(session, "100", PSID, now=PRESENT) == 1
        assert PSID not in everything(session, "leftover")


def test_a_customer_is_found_by_either_id_and_never_on_another_page(database: Database) -> None:
    with database.transaction() as session:
        here, there = make_channel(session), make_channel(session, "200")
        first, second = make_customer(session, here, PSID), make_customer(session, there, PSID)
        third = make_customer(session, there, "7000000000000001")
        assert privacy.find(session, PSID, "100") is first
        assert privacy.find(session, PSID, "200") is second
        assert privacy.find(session, str(second.id)) is second
        assert privacy.find(session, "7000000000000001") is third
        with pytest.raises(BadInput):
            privacy.find(session, PSID)
        for given, page in (("nobody", None), (str(first.id), "200"), ("7000000000000001", "100")):
            with pytest.raises(NotFound):
                privacy.find(session, given, page)


def test_the_dossier_holds_every_table_that_leads_to_the_customer(database: Database, nok: int) -> None:
    with database.transaction() as session:
        chai = make_customer(session, session.get_one(Channel, 1), "chai", "Chai")
        make_order(session, chai, make_variant(session, "OTHER"), cause="e9")
        transfer = Transfer(bank="004", reference="r1", payload="p", customer_id=nok, seen_at=NOW)
        session.add(transfer)
        session.flush()
        make_slip(session, chai, "again").transfer_id = transfer.id
        session.get_one(Slip, 1).transfer_id = transfer.id
    with database.reading() as session:
        held = dossier.of_customer(session, session.get_one(Customer, nok))
        written = str(held)
    assert [word for word in PERSONAL if word not in written] == []
    assert set(held["tables"]) == {
        "customer", "chat_entry", "cart_line", "orders", "order_line", "transition", "payment", "shipment", "slip",
        "notice", "inbox_event", "outbox_message", "store_visit", "stock_change", "transfer", "order_term",
        "heard",
    }  # fmt: skip
    assert all(order["customer_id"] == nok for order in held["tables"]["orders"])
    assert "Chai" not in written and held["tables"]["cart_line"][0]["name"] == "เสื้อยืด"
    assert dict(dossier.pictures(held)) == {
        "slips/1": "private/slips/s1.jpg",
        "slips/2": "private/slips/s2.jpg",
        "sent/1": "public/chats/sent.jpg",
    }
