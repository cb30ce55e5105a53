"""What the console asks the gateway to do: claimed by one, answered once, asked once while it waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from shop import errands
from shop.db import Database
from shop.errands import Kind, Line
from shop.errors import NotFound
from tests.factories import NOW, make_channel

FINE = Line({"th": "เพจ", "en": "Page"}, True, {"th": "ดี", "en": "good"})
BAD = Line({"th": "เพจ", "en": "Page"}, False, {"th": "เสีย", "en": "bad"})
ASK = {"by": "ploy@example.com", "now": NOW}


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        make_channel(session)
        yield session


def test_an_errand_is_claimed_by_one_and_answered_with_its_lines(session: Session) -> None:
    errand = errands.ask(session, Kind.SET_UP, channel_id=1, **ASK)
    claim = errands.claim_one(session, NOW)
    assert claim is not None and (claim.id, claim.kind, claim.channel_id) == (errand.id, Kind.SET_UP, 1)
    assert errands.claim_one(session, NOW) is None and not errands.is_due(session, NOW)
    assert errands.report(session, claim, [FINE])
    session.refresh(errand)
    assert (errands.lines(errand), errand.ok, errand.done_at) == ([FINE], None, None)
    assert errands.finish(session, claim, [FINE, BAD], NOW)
    session.refresh(errand)
    assert (errands.lines(errand), errand.ok, errand.done_at) == ([FINE, BAD], False, NOW)
    assert errands.claim_one(session, NOW + timedelta(hours=1)) is None


def test_one_whose_gateway_died_is_done_by_the_next_and_the_first_has_nothing_to_say(
    session: Session,
) -> None:
    errand = errands.ask(session, Kind.EXAMINE, **ASK)
    first = errands.claim_one(session, NOW)
    second = errands.claim_one(session, NOW + timedelta(minutes=4))
    assert first is not None and second is not None and second.attempts == 2
    assert not errands.finish(session, first, [BAD], NOW)
    assert errands.finish(session, second, [FINE], NOW)
    assert not errands.report(session, second, [BAD])
    session.refresh(errand)
    assert errand.ok is True


def test_the_same_is_asked_once_while_nobody_has_begun_it(session: Session) -> None:
    first = errands.ask(session, Kind.SHOW, channel_id=1, **ASK)
    assert errands.ask(session, Kind.SHOW, channel_id=1, **ASK).id == first.id
    assert errands.ask(session, Kind.SET_UP, channel_id=1, **ASK).id != first.id
    claim = errands.claim_one(session, NOW)
    assert claim is not None and claim.id == first.id
    # What is being done may have read the settings already.
    later = errands.ask(session, Kind.SHOW, channel_id=1, **ASK)
    assert later.id != first.id
    latest = errands.latest(session, (Kind.SHOW,), 1)
    assert latest is not None and latest.id == later.id


def test_what_is_put_off_waits_for_its_time_unless_somebody_asks_again(session: Session) -> None:
    errands.ask(session, Kind.SHOW, channel_id=1, **ASK)
    claim = errands.claim_one(session, NOW)
    assert claim is not None
    errands.postpone(session, claim, [BAD], NOW + timedelta(minutes=5))
    assert not errands.is_due(session, NOW)
    assert errands.is_due(session, NOW + timedelta(minutes=5))
    asked = errands.ask(session, Kind.SHOW, channel_id=1, **ASK)
    session.flush()
    assert errands.is_due(session, NOW) and asked.attempts == 0


def test_errands_of_a_page_are_done_one_at_a_time_and_in_order_and_do_not_hold_up_others(
    session: Session,
) -> None:
    make_channel(session, "200")
    first = errands.ask(session, Kind.SET_UP, channel_id=1, **ASK)
    second = errands.ask(session, Kind.TAKE_DOWN, channel_id=1, **ASK)
    other = errands.ask(session, Kind.SET_UP, channel_id=2, **ASK)
    claims = [errands.claim_one(session, NOW) for _ in range(3)]
    assert [claim and claim.id for claim in claims] == [first.id, other.id, None]
    assert claims[0] is not None
    errands.finish(session, claims[0], [FINE], NOW)
    following = errands.claim_one(session, NOW)
    assert following is not None and following.id == second.id


def test_one_that_was_put_off_lets_later_ones_go_first_and_then_waits_for_them(session: Session) -> None:
    down = errands.ask(session, Kind.TAKE_DOWN, channel_id=1, **ASK)
    claim = errands.claim_one(session, NOW)
    assert claim is not None
    errands.postpone(session, claim, [BAD], NOW + timedelta(seconds=10))
    up = errands.ask(session, Kind.SET_UP, channel_id=1, **ASK)
    later = errands.claim_one(session, NOW)
    assert later is not None and later.id == up.id
    assert not errands.is_due(session, NOW + timedelta(seconds=11))  # the other one is still being done
    errands.finish(session, later, [FINE], NOW)
    again = errands.claim_one(session, NOW + timedelta(seconds=11))
    assert again is not None and (again.id, again.attempts) == (down.id, 2)


def test_two_gateways_at_once_do_not_take_two_errands_of_a_page(database: Database) -> None:
    with database.transaction() as session:
        make_channel(session)
        first = errands.ask(session, Kind.SET_UP, channel_id=1, **ASK).id
        errands.ask(session, Kind.TAKE_DOWN, channel_id=1, **ASK)
    with database.transaction() as session:
        claim = errands.claim_one(session, NOW)
        assert claim is not None and claim.id == first
        if session.connection().dialect.name == "postgresql":  # SQLite has one writer
            with database.transaction() as other:
                assert errands.claim_one(other, NOW) is None


def test_what_it_took_is_gone_when_it_is_done_and_all_of_it_in_time(session: Session) -> None:
    errand = errands.ask(session, Kind.CONNECT, detail={"token": "locked"}, **ASK)
    claim = errands.claim_one(session, NOW)
    assert claim is not None and claim.detail == {"token": "locked"}
    errands.finish(session, claim, [FINE], NOW, channel_id=1)
    session.refresh(errand)
    assert (errand.detail, errand.channel_id) == ({}, 1)
    errands.forget_old(session, NOW + timedelta(days=29))
    assert errands.get(session, errand.id)
    errands.forget_old(session, NOW + timedelta(days=31))
    session.expire_all()
    with pytest.raises(NotFound):
        errands.get(session, errand.id)
