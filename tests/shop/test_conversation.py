"""A conversation reads in one order, whoever said what, and is forgotten as it has to be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import conversation, people, privacy, retention
from shop.conversation import By, Kind, Said
from shop.db import Database
from shop.models import ChatEntry, Customer, OutboxMessage, ProductPicture
from shop.replies import Bill, BillLine, Button, Card, Cards, Choices, Image, Reply, Text
from tests.factories import (
    NOW,
    make_channel,
    make_customer,
    make_reply,
    make_said,
    make_shop,
    make_slip,
    make_variant,
)

SECOND = timedelta(seconds=1)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """With the shop and one customer, whose id is 1."""
    with database.transaction() as session:
        make_shop(session)
        make_customer(session, make_channel(session))
        yield session


def did(session: Session, text: str, seconds: float = 0, kind: Kind = Kind.WORDS, **more: Any) -> int:
    """Nok did something; the id of its event."""
    return make_said(session, more.pop("customer_id", 1), text, NOW + seconds * SECOND, kind, **more)


def say(session: Session, reply: Reply, seconds: float = 0, **more: Any) -> None:
    """The shop said something to Nok."""
    make_reply(session, 1, reply, NOW + seconds * SECOND, **{"state": "open", **more})


def texts(page: conversation.Page) -> list[str]:
    return [entry.text for entry in page.entries]


def test_all_is_in_one_order_with_whose_it_is(session: Session) -> None:
    people.add_user(session, email="ploy@example.com", name="Ploy", password="a long password")
    say(session, Text("hello back"), 2)
    did(session, "hello", 1)
    did(session, "👍", 3, Kind.REACTION)
    say(session, Text("it is on its way"), 5, written_by="ploy@example.com")
    did(session, "from my phone", 4, Kind.INBOX)
    page = conversation.page(session, 1)
    assert [(entry.by, entry.text) for entry in page.entries] == [
        (By.CUSTOMER, "hello"),
        (By.BOT, "hello back"),
        (By.CUSTOMER, "👍"),
        (By.INBOX, "from my phone"),
        (By.SELLER, "it is on its way"),
    ]
    assert page.names == {"ploy@example.com": "Ploy"}
    assert {entry.state for entry in page.entries if entry.by in (By.BOT, By.SELLER)} == {"open"}


def test_every_reply_has_a_short_form(session: Session) -> None:
    say(session, Choices("Which size?", (Button("M", payload="/m"), Button("L", payload="/l"))), 1)
    say(session, Cards((Card("Shirt", "฿250"),)), 2)
    say(session, Image("https://shop.example/qr.png", "PromptPay"), 3)
    line = BillLine("Shirt", 1, 25000)
    say(session, Bill("TL-1", "Nok", "THB", "PromptPay", (line,), 25000, 0, 25000, 1), 4)
    say(session, Text("unreadable"), 5, body={"kind": "of another time"})
    choices, cards, image, bill, unknown = conversation.page(session, 1).entries
    assert (choices.text, choices.offers) == ("Which size?", ["M", "L"])
    assert cards.cards[0].title == "Shirt"
    assert (image.text, image.shows_picture, image.is_qr) == ("PromptPay", True, False)
    assert bill.bill is not None and (bill.bill.order_number, bill.bill.total) == ("TL-1", 25000)
    assert (unknown.text, unknown.state) == ("", "open")


def test_the_pictures_on_cards_are_those_that_products_still_have(session: Session) -> None:
    shirt = make_variant(session).product
    shirt.pictures = [ProductPicture(key="public/products/shirt.jpg", small_key="public/products/small.jpg")]
    session.flush()
    there, gone = (f"https://shop.example/media/public/products/{name}.jpg" for name in ("shirt", "gone"))
    say(session, Cards((Card("Shirt", "", there), Card("Hat", "", gone), Card("Mug"))), 1)
    say(session, Image("https://shop.example/bills/t/promptpay.png", "Scan"), 2)
    page = conversation.page(session, 1)
    assert dict(page.pictures) == {there: shirt.pictures[0]}
    assert page.entries[1].is_qr


def test_one_goes_back_page_by_page_and_misses_nothing(session: Session) -> None:
    # Many things of one moment, in and out, so that the pages' ends fall among them.
    for number in range(12):
        did(session, f"in {number}", number // 6)
        say(session, Text(f"out {number}"), number // 6, cause=f"c{number}")
    whole = texts(conversation.page(session, 1, limit=100))
    assert len(whole) == 24 and whole[:6] == [f"in {number}" for number in range(6)]
    for size in (1, 5, 7, 24):
        found: list[str] = []
        before = ""
        while True:
            page = conversation.page(session, 1, before=before, limit=size)
            found = texts(page) + found
            before = page.older
            if not before:
                break
        assert found == whole


@pytest.mark.parametrize(
    "before", ["", "nonsense", "1-in", "1-in-x", "9" * 30 + "-in-1", "-1-in-1", "1-up-1"]
)
def test_a_place_that_is_none_is_the_newest(session: Session, before: str) -> None:
    did(session, "hello")
    assert texts(conversation.page(session, 1, before=before)) == ["hello"]


def test_photos_are_shown_as_long_as_they_are_kept(session: Session) -> None:
    photo = {"type": "image", "part": 0}
    event_id = did(session, "here", attachments=(photo, {"type": "location", "place": [13.75, 100.5]}))
    unreadable = did(session, "and here", 1, attachments=(photo,))
    slip = make_slip(session, session.get_one(Customer, 1), str(event_id))
    first, second = conversation.page(session, 1).entries
    assert [one.slip for one in first.attachments] == [slip, None]
    assert first.attachments[1].place == (13.75, 100.5)
    assert unreadable and [one.slip for one in second.attachments] == [None]


def test_an_event_done_twice_stands_once(session: Session) -> None:
    event_id = did(session, "hello")
    conversation.keep(session, 1, event_id, Said(Kind.WORDS, "hello"), NOW)
    assert texts(conversation.page(session, 1)) == ["hello"]


def test_only_ones_own_words_are_edited(session: Session) -> None:
    chai = make_customer(session, session.get_one(Customer, 1).channel, "chai", "Chai")
    did(session, "helo", mid="m_1")
    did(session, "of Chai", mid="m_1", customer_id=chai.id)
    conversation.edit(session, 1, "m_1", "hello")
    conversation.edit(session, 1, "m_of_nothing", "hello")
    [mine] = conversation.page(session, 1).entries
    assert (mine.text, mine.edited) == ("hello", True)
    assert texts(conversation.page(session, chai.id)) == ["of Chai"]


def test_the_last_words_of_each(session: Session) -> None:
    chai = make_customer(session, session.get_one(Customer, 1).channel, "chai", "Chai")
    silent = make_customer(session, chai.channel, "silent", "Silent")
    did(session, "first", 1)
    did(session, "last", 2)
    did(session, "a person's", 3, Kind.INBOX)
    did(session, "of Chai", 1, customer_id=chai.id)
    found = conversation.last_words(session, [1, chai.id, silent.id])
    assert {customer_id: entry.text for customer_id, entry in found.items()} == {
        1: "last",
        chai.id: "of Chai",
    }


def test_what_was_said_is_deleted_after_the_time_the_seller_sets(database: Database) -> None:
    with database.transaction() as session:
        make_shop(session, keep_chats_days=10)
        make_customer(session, make_channel(session))
        for number in range(150):
            did(session, f"old {number}", number)
        for number, state in enumerate(("sent", "failed", "uncertain", "dropped", "open")):
            say(session, Text(state), number, cause=state, state=state)
        did(session, "new", 3600)
        say(session, Text("new"), 3600, cause="new", state="sent")
    with database.transaction() as session:
        assert retention.forget_chats(session, NOW + timedelta(days=10)) == 0
        later = NOW + timedelta(days=10, minutes=30)
        assert [retention.forget_chats(session, later) for _ in range(3)] == [104, 50, 0]
        assert [row.text for row in session.scalars(select(ChatEntry))] == ["new"]
        assert sorted(row.cause for row in session.scalars(select(OutboxMessage))) == ["new", "open"]


def test_an_erased_customers_conversation_is_gone(session: Session) -> None:
    did(session, "my words")
    say(session, Text("hello Nok"))
    privacy.erase(session, 1, now=NOW)
    assert conversation.page(session, 1).entries == []
    assert session.scalars(select(ChatEntry)).all() == []
