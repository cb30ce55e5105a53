"""The list of chats and the number beside it, however many customers there are."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from shop import chats, handoff, in_hands, places
from shop.db import Database
from shop.models import Customer
from tests.factories import NOW, make_channel, make_customer
from tests.support.plans import plans

HOUR = timedelta(hours=1)


@pytest.fixture
def people(session: Session) -> dict[str, Customer]:
    """One of each kind; who was with a person an hour ago is the bot's again."""
    channel = make_channel(session)
    found = {name: make_customer(session, channel, name) for name in ("bot", "was", "has", "asks", "silent")}
    for hours, name in enumerate(("bot", "was", "has", "asks")):
        found[name].last_inbound_at = NOW - hours * HOUR
    found["silent"].last_inbound_at = None
    found["was"].person_until = NOW - HOUR
    found["has"].person_until, found["has"].unread = NOW + HOUR, 2
    handoff.ask_for_person(session, found["asks"].id, NOW)
    found["asks"].unread = 1
    session.flush()
    return found


def test_the_list_has_who_waits_then_who_is_with_a_person_then_who_wrote_last(session, people):
    listed = chats.listed(session, NOW)
    assert list(listed.in_hands) == [people["asks"], people["has"]]
    assert list(listed.others) == [people["bot"], people["was"]]
    first = chats.listed(session, NOW, limit=1)
    assert list(chats.listed(session, NOW, before=first.older).others) == [people["was"]]


def test_who_waits_and_is_not_read_either_is_counted_once(session, people):
    assert chats.count_waiting(session) == 2


def test_who_has_a_chat_is_seen_at_each_look(session, people):
    assert chats.in_hands_now(session).keys() == {people[name].id for name in ("was", "has", "asks")}
    handoff.hand_back(session, people["has"].id)
    session.flush()
    assert chats.in_hands_now(session).keys() == {people[name].id for name in ("was", "asks")}


def test_who_begins_to_wait_or_writes_to_a_person_is_news_and_nobody_else(session, people):
    def news(change):
        before = chats.in_hands_now(session)
        change()
        session.flush()
        return chats.began_to_wait(before, chats.in_hands_now(session))

    bot, has, asks = people["bot"], people["has"], people["asks"]
    assert news(lambda: handoff.answered(session, bot.id, NOW)) == {}
    assert news(lambda: handoff.answered(session, asks.id, NOW)) == {}
    has.unread = 3
    assert news(lambda: setattr(has, "unread", 4)) == {has.id: has.name}
    assert news(lambda: setattr(has, "unread", 0)) == {}
    assert news(lambda: handoff.ask_for_person(session, bot.id, NOW + HOUR)) == {bot.id: bot.name}
    assert news(lambda: handoff.ask_for_person(session, bot.id, NOW + 2 * HOUR)) == {}
    assert news(lambda: handoff.hand_back(session, bot.id)) == {}


def test_who_has_waited_for_long_is_no_news_when_another_one_is_answered(session, people):
    before = {people["asks"].id: chats.in_hands_now(session)[people["asks"].id]}
    handoff.ask_for_person(session, people["bot"].id, NOW - HOUR)
    session.flush()
    assert chats.began_to_wait(before, chats.in_hands_now(session)) == {}


def test_a_name_is_looked_for_in_so_many_chats_and_then_further_back(session, people, monkeypatch):
    for customer in people.values():
        customer.name = "Nok"
    people["was"].name = "Somchai"
    session.flush()
    assert list(chats.named(session, "chai").others) == [people["was"]]
    monkeypatch.setattr(chats, "_LOOKED_AT", 2)
    newest = chats.named(session, "CHAI")
    older = chats.named(session, "CHAI", before=newest.older)
    found = [list(part.others) for part in (newest, older)]
    assert found == [[people["was"]], []] and newest.older and older.older
    assert chats.named(session, "chai", before=older.older).older == ""
    first = chats.named(session, "nok", limit=1)
    assert list(first.others) == [people["bot"]] and first.older


@pytest.mark.parametrize(
    "ask",
    [
        chats.count_waiting,
        chats.in_hands_now,
        lambda session: in_hands.part(session, NOW),
        lambda session: in_hands.part(session, NOW, after=f"w{places.named(NOW, 1)}"),
        lambda session: in_hands.part(session, NOW, after=f"u{places.named(NOW, 1)}"),
        lambda session: in_hands.part(session, NOW, after=f"h{places.named(NOW, 1)}"),
        lambda session: chats.listed(session, NOW),
        lambda session: chats.named(session, "nok"),
    ],
    ids=["count", "marks", "in hands", "waiting", "unread", "held", "list", "by name"],
)
def test_no_look_goes_through_all_customers(sqlite_url, ask):
    """Live asks twice a second."""
    database = Database(sqlite_url)
    with database.reading() as session:
        found = plans(session, ask)
    database.close()
    assert found
    for plan in found:
        through = re.findall(r"SCAN customer.*", plan)
        assert all(one.endswith((" ix_customer_unread", " ix_customer_held")) for one in through), plan  # few
        walk, _, _ = plan.partition("SCAN anon_1")  # what was found on it is few
        assert "customer" not in walk or "FOR ORDER BY" not in walk
