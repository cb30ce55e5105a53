"""The table of moves: every state, so that a new one cannot be forgotten."""

from __future__ import annotations

import pytest

from shop import states
from shop.db import Database
from shop.errors import NotAllowed
from shop.states import ORDER_MOVES, PAYMENT_MOVES, OrderState, PaymentState
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_variant

CASES = [
    *(
        (states.move_order, "state", ORDER_MOVES, move, state)
        for move in {m for m, _ in ORDER_MOVES}
        for state in OrderState
    ),
    *(
        (states.move_payment, "payment_state", PAYMENT_MOVES, move, state)
        for move in {m for m, _ in PAYMENT_MOVES}
        for state in PaymentState
    ),
]


def test_every_move_from_every_state_is_made_and_recorded_or_refused(database_url):
    database = Database(database_url)
    with database.transaction() as session:
        make_shop(session)
        order = make_order(session, make_customer(session, make_channel(session)), make_variant(session))
        for make, column, table, move, before in CASES:
            setattr(order, column, before)
            after = table.get((move, before))
            if after is None:
                with pytest.raises(NotAllowed):
                    make(session, order, move, by="Ploy", now=NOW)
                assert getattr(order, column) == before
            else:
                made = make(session, order, move, by="Ploy", now=NOW, reason="because")
                assert getattr(order, column) == after
                assert (made.move, made.before, made.after, made.by, made.at, made.reason) == (
                    move,
                    before,
                    after,
                    "Ploy",
                    NOW,
                    "because",
                )
    database.close()


def test_every_state_is_reached_by_some_move():
    assert {*ORDER_MOVES.values(), OrderState.PLACED} == set(OrderState)
    by_money = {PaymentState.PAID, PaymentState.REFUNDED}  # these follow from the ledger
    assert set(PAYMENT_MOVES.values()) | by_money == set(PaymentState)
