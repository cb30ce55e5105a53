"""The order in which chats need a person, and that none is left out however many there are."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from shop import chats, handoff, in_hands
from shop.db import Database
from shop.models import Channel, Customer
from tests.factories import NOW, make_channel, make_customer
from tests.support.plans import plans

MINUTE = timedelta(minutes=1)


def held(session: Session, channel: Channel, name: str, *, wrote: int, unread: int = 0) -> Customer:
    """A customer whose chat a person has, and who wrote so many minutes ago."""
    customer = make_customer(session, channel, name, name)
    customer.last_inbound_at = NOW - wrote * MINUTE
    handoff.answered(session, customer.id, NOW)
    customer.unread = unread
    session.flush()
    return customer


def waits(session: Session, channel: Channel, name: str, *, since: int) -> Customer:
    customer = make_customer(session, channel, name, name)
    handoff.ask_for_person(session, customer.id, NOW - since * MINUTE)
    session.flush()
    return customer


def walk(session: Session, limit: int) -> list[str | None]:
    """The names in all parts."""
    names, after = [], None
    while after != "":
        part = in_hands.part(session, NOW, after=after or "", limit=limit)
        names += [customer.name for customer in part.customers]
        assert len(part.customers) <= limit
        after = part.after
    return names


def test_who_waits_comes_first_then_what_nobody_has_read_then_who_wrote_last(
    session: Session, channel: Channel
) -> None:
    held(session, channel, "read long ago", wrote=30)
    held(session, channel, "unread since 5", wrote=5, unread=1)
    waits(session, channel, "waits for 1", since=1)
    held(session, channel, "read just now", wrote=1)
    held(session, channel, "unread since 20", wrote=20, unread=2)
    waits(session, channel, "waits for 9", since=9).unread = 4
    make_customer(session, channel, "bot", "with the bot")
    expected = [
        "waits for 9",
        "waits for 1",
        "unread since 20",
        "unread since 5",
        "read just now",
        "read long ago",
    ]
    for limit in (1, 2, 3, 5, 6, 40):
        assert walk(session, limit) == expected, limit


def test_of_very_many_none_is_left_out_nor_named_twice(session: Session, channel: Channel) -> None:
    made = [waits(session, channel, f"w{number}", since=number // 3).name for number in range(90)]
    made += [held(session, channel, f"u{number}", wrote=number // 3, unread=1).name for number in range(90)]
    made += [held(session, channel, f"h{number}", wrote=number // 3).name for number in range(90)]
    found = walk(session, 40)
    assert len(found) == len(made) and set(found) == set(made)
    everybody, at = {*found}, ""
    while True:
        listed = chats.listed(session, NOW, before=at)
        everybody |= {customer.name for customer in listed.others}
        if not (at := listed.older):
            break
    assert len(everybody) == 270


def test_a_place_that_is_none_is_the_beginning(session: Session, channel: Channel) -> None:
    nok = waits(session, channel, "nok", since=1)
    for after in ("", "x", "w", "w1", "z1-1", "w1-x", "1-1"):
        assert in_hands.part(session, NOW, after=after).customers == [nok], after


def test_whose_time_with_a_person_is_over_is_the_bots(session: Session, channel: Channel) -> None:
    nok = held(session, channel, "nok", wrote=1)
    nok.person_until = NOW
    session.flush()
    assert in_hands.part(session, NOW).customers == []
    assert list(chats.listed(session, NOW).others) == [nok]


def test_each_part_is_read_along_an_index_however_many_customers_there_are(database: Database) -> None:
    with database.transaction() as session:
        channel_id = make_channel(session).id
        session.execute(
            insert(Customer),
            [
                {
                    "channel_id": channel_id,
                    "external_id": f"c{number}",
                    "language": "th",
                    "created_at": NOW,
                    "last_inbound_at": NOW - number * MINUTE,
                    "wants_person_since": NOW if number % 100 == 1 else None,
                    "person_until": NOW + MINUTE if number % 50 == 2 else None,
                    "unread": int(number % 100 == 2),
                }
                for number in range(20_000)
            ],
        )
        session.execute(text("ANALYZE customer"))
    with database.reading() as session:
        found = plans(session, lambda session: in_hands.part(session, NOW, limit=1_000))
    walks = [plan for plan in found if "customer" in plan]
    assert len(walks) == 3 and not any("Seq Scan on customer" in plan for plan in walks), walks
    if database.is_sqlite:  # PostgreSQL may find that sorting the few whose chat a person has is less work
        used = [re.findall(r"ix_customer_\w+", plan) for plan in walks]
        assert used == [["ix_customer_wants_person_since"], ["ix_customer_unread"], ["ix_customer_held"]]
        assert not any("TEMP B-TREE" in plan for plan in walks), walks
