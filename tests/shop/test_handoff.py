"""Who has the chat, and until when."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import carts, chats, handoff, in_hands, orders
from shop.db import Database
from shop.errors import SellerBills
from shop.models import Customer, InboxEvent, Shop
from tests.factories import NOW, make_channel, make_customer, make_shop, make_variant

HOUR = timedelta(hours=1)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        make_shop(session, handoff_hours=4)
        yield session


def told(session: Session) -> int:
    return len(session.scalars(select(InboxEvent).where(InboxEvent.kind == handoff.BACK_EVENT)).all())


def test_asking_silences_the_bot_for_some_hours_and_keeps_the_first_time(
    session: Session, nok: Customer
) -> None:
    handoff.ask_for_person(session, nok.id, NOW)
    handoff.ask_for_person(session, nok.id, NOW + HOUR)
    assert nok.wants_person_since == NOW
    assert handoff.is_with_person(nok, NOW + 4 * HOUR)
    assert not handoff.is_with_person(nok, NOW + 5 * HOUR)


def test_a_person_who_writes_has_answered_and_keeps_the_chat_from_their_last_word(
    session: Session, nok: Customer
) -> None:
    handoff.ask_for_person(session, nok.id, NOW)
    handoff.person_wrote(session, nok.channel_id, "nok", NOW + 2 * HOUR)
    assert nok.wants_person_since is None
    handoff.person_wrote(session, nok.channel_id, "nok", NOW + HOUR)  # it came late
    assert nok.person_until == NOW + 6 * HOUR
    handoff.person_wrote(session, nok.channel_id, "a stranger", NOW)


def test_the_time_runs_out_once_and_the_customer_is_told(session: Session, nok: Customer) -> None:
    handoff.person_wrote(session, nok.channel_id, "nok", NOW)
    assert not handoff.hand_back_one(session, NOW + 3 * HOUR)
    assert handoff.hand_back_one(session, NOW + 4 * HOUR)
    assert not handoff.hand_back_one(session, NOW + 4 * HOUR)
    assert told(session) == 1


def test_who_was_never_answered_still_waits_when_the_bot_is_back(session: Session, nok: Customer) -> None:
    handoff.ask_for_person(session, nok.id, NOW)
    assert handoff.hand_back_one(session, NOW + 4 * HOUR)
    assert in_hands.part(session, NOW + 4 * HOUR).customers == [nok]


@pytest.mark.parametrize(
    "ends", [handoff.hand_back_one, lambda session, now: handoff.bot_goes_on(session, 1, now)]
)
def test_what_nobody_has_read_waits_for_an_answer_when_the_bot_is_back(
    session: Session, nok: Customer, ends: Callable[[Session, datetime], Any]
) -> None:
    handoff.ask_for_person(session, nok.id, NOW)
    handoff.answered(session, nok.id, NOW)
    nok.last_inbound_at, nok.unread = NOW + HOUR, 2
    session.flush()
    ends(session, NOW + 5 * HOUR)
    assert (nok.wants_person_since, nok.person_until, nok.unread) == (NOW + HOUR, None, 2)
    assert in_hands.part(session, NOW + 5 * HOUR).customers == [nok] and chats.count_waiting(session) == 1


def test_what_was_read_or_given_to_the_bot_waits_for_nobody(session: Session, nok: Customer) -> None:
    handoff.answered(session, nok.id, NOW)
    nok.unread = 2
    session.flush()
    handoff.have_read(session, nok.id, 2)
    session.refresh(nok)
    handoff.hand_back_one(session, NOW + 5 * HOUR)
    assert nok.wants_person_since is None
    handoff.answered(session, nok.id, NOW)
    nok.unread = 2
    handoff.hand_back(session, nok.id)
    assert (nok.wants_person_since, nok.unread) == (None, 0)


def test_outside_the_window_the_bot_comes_back_in_silence(session: Session, nok: Customer) -> None:
    handoff.person_wrote(session, nok.channel_id, "nok", NOW)
    handoff.hand_back_one(session, NOW + 24 * HOUR)
    assert (nok.person_until, told(session)) == (None, 0)


def test_giving_back_twice_tells_once(session: Session, nok: Customer) -> None:
    handoff.ask_for_person(session, nok.id, NOW)
    assert handoff.hand_back_and_tell(session, nok.id, NOW)
    assert not handoff.hand_back_and_tell(session, nok.id, NOW)
    assert told(session) == 1
    assert not handoff.is_with_person(nok, NOW)


def test_two_who_give_back_at_once_tell_once(database: Database) -> None:
    with database.transaction() as session:
        make_shop(session)
        nok = make_customer(session, make_channel(session))
        handoff.ask_for_person(session, nok.id, NOW)

    def gives_back(late: timedelta) -> bool:
        with database.transaction() as session:
            return handoff.hand_back_and_tell(session, nok.id, NOW + late)

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            assert handoff.hand_back_and_tell(session, nok.id, NOW)
            late = pool.submit(gives_back, timedelta(seconds=1))
            time.sleep(0.5)  # it has read the customer by now, where it can
        assert not late.result(timeout=20)
    with database.reading() as session:
        assert told(session) == 1


def test_what_came_while_somebody_looked_stays_unread(session: Session, nok: Customer) -> None:
    handoff.answered(session, nok.id, NOW)
    nok.unread = 3
    session.flush()
    for seen, left in ((2, 3), (3, 0)):
        handoff.have_read(session, nok.id, seen)
        session.refresh(nok)
        assert nok.unread == left


def test_without_auto_billing_nothing_is_ordered_without_a_person(session: Session, nok: Customer) -> None:
    session.get_one(Shop, 1).auto_billing = False
    shirt = make_variant(session)
    carts.put(session, nok.id, shirt.id, 1)
    with pytest.raises(SellerBills):
        orders.place(session, nok.id, cause="tap", now=NOW)
    assert len(carts.lines(session, nok.id)) == 1
