"""The queue of slips that wait, taking a rejection back, notes, and what stands around an order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from shop import dossier, fulfilment, neighbours, notices, order_notes, payments, privacy, review, telling
from shop.db import Database
from shop.errors import BadInput, NotAllowed
from shop.models import Channel, Customer, Notice, Order, OrderNote, Slip
from shop.order_wanted import Wanted
from shop.slips import intake
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_slip, make_variant

PLOY = {"by": "ploy@example.com", "now": NOW}


@pytest.fixture
def database(database_url):
    """Orders 1 to 4 of four customers; slips came for 3, then 1, then 2, then a second one for 3. 4 has none."""
    database = Database(database_url)
    with database.transaction() as session:
        make_shop(session)
        channel = make_channel(session)
        variant = make_variant(session, stock=50)
        for name in ("a", "b", "c", "d"):
            make_order(session, make_customer(session, channel, name, name), variant, cause=name)
        for customer, cause in ((3, "c1"), (1, "a1"), (2, "b1"), (3, "c2")):
            slip = make_slip(session, session.get_one(Customer, customer), cause)
            intake.take(session, customer, [slip.id], now=NOW)
    yield database
    database.close()


def queued(database, **kwargs):
    with database.reading() as session:
        found = review.queue(session, **kwargs)
        assert [one.place for one in found] == [
            review.place(session, session.get_one(Order, one.order_id)) for one in found
        ]
        return [one.order_id for one in found]


def test_whose_slip_came_first_is_first_and_each_order_stands_there_once(database):
    assert queued(database) == [3, 1, 2]
    with database.reading() as session:
        assert review.count(session) == 3
        first = review.queue(session)[0].place
        assert review.place(session, session.get_one(Order, 4)) is None
    assert queued(database, after=first) == [1, 2]
    assert queued(database, limit=1) == [3]


def test_whoever_is_judged_or_ends_leaves_the_queue(database):
    with database.transaction() as session:
        payments.confirm(session, 3, **PLOY)
    with database.transaction() as session:
        payments.reject(session, 1, "unreadable", **PLOY)
    with database.transaction() as session:
        fulfilment.call_off(session, 2, **PLOY)
    assert queued(database) == []
    with database.reading() as session:
        assert review.count(session) == 0
        assert session.scalars(select(Slip.verdict).where(Slip.order_id == 2)).all() == ["dismissed"]


def test_an_undone_confirmation_stands_where_it_stood(database):
    with database.transaction() as session:
        payments.confirm(session, 3, **PLOY)
        payments.undo(session, 3, 1, "a mistake", **PLOY)
    assert queued(database) == [3, 1, 2]


def test_a_rejection_is_taken_back_the_slip_waits_and_what_was_not_yet_told_is_not_told(database):
    with database.transaction() as session:
        slips = [slip.id for slip in session.scalars(select(Slip).where(Slip.order_id == 1))]
        payments.reject(session, 1, "wrong_amount", **PLOY)
        order, did_it = payments.look_again(session, 1, slips, **PLOY)
        assert did_it and (order.state, order.payment_state) == ("placed", "pending")
        assert payments.look_again(session, 1, slips, **PLOY)[1] is False
    assert queued(database) == [3, 1, 2]
    with database.reading() as session:
        rejected, pending = session.scalars(select(Notice).order_by(Notice.id))
        order = session.get_one(Order, 1)
        assert (rejected.kind, rejected.state, pending.kind) == ("rejected", "over", "pending")
        assert telling.is_over(session, rejected, order) and not telling.is_over(session, pending, order)
        slip = session.get_one(Slip, slips[0])
        assert (slip.verdict, slip.verdict_reason) == ("", "")


def test_one_of_two_rejected_slips_is_looked_at_again_after_its_customer_was_told(database):
    with database.transaction() as session:
        slips = [slip.id for slip in session.scalars(select(Slip).where(Slip.order_id == 3))]
        payments.reject(session, 3, "unreadable", **PLOY)
        notices.told(session, 1, NOW)
        payments.look_again(session, 3, slips[1:], **PLOY)
    with database.reading() as session:
        assert [session.get_one(Slip, one).verdict for one in slips] == ["rejected", ""]
        assert [notice.state for notice in session.scalars(select(Notice))] == ["told", "waiting"]


def test_a_rejection_is_not_taken_back_once_the_order_is_paid_or_over(database):
    with database.transaction() as session:
        payments.reject(session, 1, "unreadable", **PLOY)
        payments.confirm(session, 1, **PLOY)
        mine = session.scalar(select(Slip.id).where(Slip.order_id == 1))
        with pytest.raises(NotAllowed):
            payments.look_again(session, 1, [mine], **PLOY)


def test_notes_are_kept_once_shown_in_order_and_removed(database):
    with database.transaction() as session:
        order = session.get_one(Order, 1)
        for form, text in (("f1", " ห่อของขวัญ \r\nด้วย "), ("f1", "again"), ("f2", "Call first")):
            order_notes.add(session, order, text, form=form, **PLOY)
        for text, why in (("  ", "missing"), ("x" * 1001, "long")):
            with pytest.raises(BadInput, match=why):
                order_notes.add(session, order, text, form="f3", **PLOY)
        notes = order_notes.of(session, order)
        assert [note.text for note in notes] == ["ห่อของขวัญ \nด้วย", "Call first"]
        order_notes.remove(session, session.get_one(Order, 2), notes[0].id)  # another order's
        assert len(order_notes.of(session, order)) == 2
        order_notes.remove(session, order, notes[0].id)
        order_notes.remove(session, order, notes[0].id)
        assert [note.text for note in order_notes.of(session, order)] == ["Call first"]


def test_notes_go_with_the_customer_and_with_the_address(database):
    with database.transaction() as session:
        for number in (1, 2):
            order_notes.add(session, session.get_one(Order, number), "lives alone", form="f", **PLOY)
        held = dossier.of_customer(session, session.get_one(Customer, 1))
        assert [row["text"] for row in held["tables"]["order_note"]] == ["lives alone"]
        privacy.erase(session, 1, now=NOW, force=True)
        privacy.forget_delivery(session, [2])
        assert session.scalars(select(OrderNote)).all() == []
        with pytest.raises(NotAllowed):
            order_notes.add(session, session.get_one(Order, 1), "still alone", form="g", **PLOY)


def test_an_orders_neighbours(database):
    with database.transaction() as session:
        channel = session.get_one(Channel, 1)
        variant = make_variant(session, "MUG")
        again = make_order(session, make_customer(session, channel, "a", "a"), variant, cause="a2")
        numbers = {order.id: order.number for order in session.scalars(select(Order))}
        around = neighbours.of(session, session.get_one(Order, 1), Wanted(), now=NOW)
        assert (around.newer, around.older, around.waiting) == (numbers[2], None, numbers[3])
        assert [order.id for order in around.of_customer] == [again.id]
        around = neighbours.of(session, session.get_one(Order, 3), Wanted(), now=NOW, passed_over={1})
        assert (around.newer, around.older, around.waiting) == (numbers[4], numbers[2], numbers[2])
        assert neighbours.of(session, again, Wanted(), now=NOW).newer is None


def test_the_queue_is_read_along_its_index(database):
    """However many slips and orders there are: only those that wait are looked at."""
    with database.transaction() as session:
        order = session.get_one(Order, 4)
        old = {
            "order_id": order.id,
            "customer_id": 4,
            "part": 0,
            "width": 1,
            "height": 1,
            "verdict": "accepted",
        }
        rows = [
            Slip(cause=f"old {n}", picture="", sha256=str(n), received_at=NOW - timedelta(days=n), **old)
            for n in range(3000)
        ]
        session.add_all(rows)
    with database.reading() as session:
        statements = []
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")
        for ask in (review.queue, review.count):
            statement, values = _said_by(session, ask)
            prefix = "EXPLAIN " if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
            plan = "\n".join(str(row) for row in connection.exec_driver_sql(prefix + statement, values))
            statements.append(plan)
    assert all("ix_slip_waiting" in plan for plan in statements), statements


def _said_by(session, ask):
    """The one statement that it sends."""
    sent = []
    engine = session.get_bind()

    def note(_connection, _cursor, statement, values, _context, _many):
        sent.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    ask(session)
    event.remove(engine, "before_cursor_execute", note)
    (one,) = sent
    return one
