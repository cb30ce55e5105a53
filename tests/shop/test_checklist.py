"""The first day's steps: each is done by what it says, and by nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from shop import checklist, message_templates, people, sections, settings, trial_messages
from shop.checklist import Step
from shop.db import Database
from shop.errors import NotFound
from shop.models import Channel, OutboxMessage, PaymentAccount, ShippingMethod, ShippingRate
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_variant
from tests.shop.test_sections import TYPED

BY: Any = {"by": "ploy@example.com", "now": NOW}
HTTP, HTTPS = "http://localhost:8001", "https://chat.example.com"


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        make_shop(session)
        for table in (PaymentAccount, ShippingRate, ShippingMethod):
            session.execute(delete(table))
        people.add_user(session, email="ploy@example.com", name="Ploy", password="a long password")
        yield session


def done(session: Session, address: str = HTTP) -> set[Step]:
    session.flush()
    return {item.step for item in checklist.items(session, address) if item.done}


def test_each_step_is_done_by_what_it_says(session: Session) -> None:
    assert done(session) == set()
    expected: set[Step] = set()

    def then(step: Step, *also: Step) -> None:
        expected.update({step, *also})
        assert done(session) == expected, step

    sections.change(session, "shop", TYPED["shop"], **BY)
    then(Step.SHOP)
    shirt = make_variant(session)
    then(Step.PRODUCTS)
    settings.save_account(session, None, {"bank": "KBank", "number": "012-3-45678-9", "holder": "Ploy"})
    then(Step.PAYMENT)
    settings.save_method(session, None, {"name_th": "ด่วน", "name_en": "Express", "fee-0": "40"})
    then(Step.SHIPPING)
    channel = make_channel(session)
    then(Step.PAGE)
    channel.seen_at = NOW
    then(Step.WEBHOOK)
    channel.shown_at = NOW
    then(Step.MENU)
    for status in ("PENDING", "APPROVED"):
        assert Step.TEMPLATES not in done(session)
        message_templates.note(session, channel.id, "paid", "th", status=status, reason=None, now=NOW)
    then(Step.TEMPLATES)
    nok = make_customer(session, channel)
    trial_messages.send(session, channel.id, nok.id, form="a", **BY)
    assert Step.TEST not in done(session)  # it is only on its way
    session.query(OutboxMessage).update({"state": "sent"})
    then(Step.TEST)
    session.query(OutboxMessage).delete()
    assert Step.TEST not in done(session)
    make_order(session, nok, shirt)
    then(Step.TEST)
    people.add_user(session, email="lek@example.com", name="Lek", password="a long password")
    then(Step.PEOPLE)
    checklist.tick(session, Step.BACKUPS)
    then(Step.BACKUPS)
    assert checklist.left(session, HTTP) == 1
    assert done(session, HTTPS) == set(Step)
    assert checklist.left(session, HTTPS) == 0


def test_every_connected_page_counts_and_one_that_is_not_does_not(session: Session) -> None:
    ready, new = make_channel(session, "1"), make_channel(session, "2")
    ready.shown_at = NOW
    assert Step.MENU not in done(session)
    session.get_one(Channel, new.id).active = False
    assert Step.MENU in done(session)


def test_what_nobody_can_see_is_ticked_and_the_list_can_be_closed(session: Session) -> None:
    checklist.tick(session, Step.PEOPLE)
    assert done(session) == {Step.PEOPLE}
    for word in (Step.PRODUCTS, "nothing", ""):
        with pytest.raises(NotFound):
            checklist.tick(session, word)
    checklist.tick(session, checklist.CLOSED)
    assert checklist.left(session, HTTP) == 0


def test_before_there_is_a_shop_everything_is_left(database: Database) -> None:
    with database.reading() as session:
        assert checklist.left(session, HTTP) == len(Step)
