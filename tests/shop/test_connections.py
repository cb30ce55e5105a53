"""A Page is taken out of use and used again: what is asked of the platform, and what becomes of what waits."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from shop import (
    accounts,
    connections,
    errands,
    expiry,
    fulfilment,
    mailbox,
    notices,
    payments,
    seller_words,
    telling,
    views,
)
from shop.db import Database
from shop.errands import Kind
from shop.errors import NotFound, NotReachable
from shop.models import Channel, InboxEvent, Notice, Order
from shop.replies import Text, to_json
from tests.factories import NOW, VAULT, make_channel, make_customer, make_order, make_shop, make_variant
from tests.support.plans import plans

BY = {"by": "ploy@example.com", "now": NOW}
NEW = {"token": "t2", "app_secret": "s", "verify_token": "v"}


@pytest.fixture
def page(session: Session) -> Channel:
    return make_channel(session)


@pytest.fixture
def order(session: Session, page: Channel) -> Order:
    return make_order(session, make_customer(session, page), make_variant(session))


def told(session: Session) -> Sequence[tuple[str, str | None, bool]]:
    found = session.scalars(select(Notice).order_by(Notice.id).execution_options(populate_existing=True))
    return [(one.state, one.reason, one.parked) for one in found]


def events(session: Session) -> list[str]:
    return list(session.scalars(select(InboxEvent.key).order_by(InboxEvent.id)))


def use_again(session: Session, page: Channel) -> None:
    """The gateway looks a moment later."""
    connections.use_again(session, page.id, **BY)
    telling.tell_of_channels_in_use(session, NOW)


def queue(session: Session, order: Order, cause: str) -> None:
    row = {
        "cause": cause,
        "part": 0,
        "channel_id": order.channel_id,
        "customer_id": order.customer_id,
        "conversation": order.customer.conversation,
        "notice_id": None,
        "body": to_json(Text("hello")),
        "page": 0,
        "created_at": NOW,
    }
    mailbox.queue_messages(session, [row])


def test_disconnecting_asks_for_the_page_to_be_taken_down_and_using_it_again_to_be_set_up(
    session: Session, page: Channel
) -> None:
    down = connections.disconnect(session, page.id, **BY)
    assert not page.active and (down.kind, down.channel_id, down.asked_by) == (
        Kind.TAKE_DOWN,
        page.id,
        BY["by"],
    )
    assert connections.disconnect(session, page.id, **BY).id == down.id
    up = connections.use_again(session, page.id, **BY)
    assert page.active and up is not None and (up.kind, up.channel_id) == (Kind.SET_UP, page.id)


def test_a_page_that_was_only_out_of_order_needs_nothing_put_back(session: Session, page: Channel) -> None:
    page.problem = "the token has ended"
    assert connections.use_again(session, page.id, **BY) is None
    assert page.problem is None and not errands.is_due(session, NOW)


def test_new_secrets_bring_a_disconnected_page_back_and_ask_for_nothing_on_one_in_use(
    session: Session, page: Channel
) -> None:
    typed = accounts.typed(VAULT, {**NEW, "name": "Fai"}, page)
    connections.keep(session, VAULT, typed, **BY)
    assert not errands.is_due(session, NOW)
    connections.disconnect(session, page.id, **BY)
    kept = connections.keep(session, VAULT, typed, **BY)
    assert kept.active and errands.latest(session, (Kind.SET_UP,), page.id) is not None


def test_news_of_an_order_stand_on_it_as_not_told_and_are_told_when_the_page_is_used_again(
    session: Session, page: Channel, order: Order
) -> None:
    connections.disconnect(session, page.id, **BY)
    payments.confirm(session, order.id, by="ploy", now=NOW)
    fulfilment.ship(session, order.id, carrier="flash", tracking="TH01123", by="ploy", now=NOW)
    assert told(session) == [("not_told", notices.DISCONNECTED, True)] * 2
    session.refresh(order)
    assert order.untold and events(session) == []
    use_again(session, page)
    assert told(session) == [("waiting", None, False)] * 2
    assert events(session) == ["notice:1:1", "notice:2:1"]


def test_what_waits_for_another_reason_goes_on_waiting(session: Session, page: Channel, order: Order) -> None:
    payments.confirm(session, order.id, by="ploy", now=NOW)
    telling.park(session, 1, "24 hours")
    connections.disconnect(session, page.id, **BY)
    use_again(session, page)
    assert told(session) == [("not_told", "24 hours", True)]


def test_what_is_no_longer_so_is_not_told_when_the_page_is_used_again(
    session: Session, page: Channel, order: Order
) -> None:
    connections.disconnect(session, page.id, **BY)
    order.pay_before = NOW + timedelta(hours=1)
    assert expiry.remind_one(session, NOW)
    payments.confirm(session, order.id, by="ploy", now=NOW)
    use_again(session, page)
    assert [state for state, _, _ in told(session)] == ["over", "waiting"]


def test_a_notice_that_was_already_with_the_bot_is_not_lost(
    session: Session, page: Channel, order: Order
) -> None:
    payments.confirm(session, order.id, by="ploy", now=NOW)
    connections.disconnect(session, page.id, **BY)
    telling.page_is_off(session, 1)
    assert told(session) == [("not_told", notices.DISCONNECTED, True)]
    use_again(session, page)
    assert told(session) == [("waiting", None, False)]


def test_one_that_was_called_off_meanwhile_is_over_and_no_problem(
    session: Session, page: Channel, order: Order
) -> None:
    payments.confirm(session, order.id, by="ploy", now=NOW)
    notices.call_off(session, order, notices.NoticeKind.PAID)
    session.expire_all()
    telling.page_is_off(session, 1)
    assert told(session) == [("over", None, False)]


def test_what_is_written_while_the_page_comes_back_is_told_too(database: Database) -> None:
    """On PostgreSQL it is committed after the Page is back and nothing was found; SQLite lets one write at a time."""
    with database.transaction() as session:
        make_shop(session)
        page = make_channel(session)
        order = make_order(session, make_customer(session, page), make_variant(session))
        connections.disconnect(session, page.id, **BY)

    def comes_back() -> None:
        with database.transaction() as session:
            connections.use_again(session, page.id, **BY)
        with database.transaction() as session:
            telling.tell_of_channels_in_use(session, NOW)

    other = threading.Thread(target=comes_back)
    with database.transaction() as session:
        payments.confirm(session, order.id, by="ploy", now=NOW)
        other.start()
        other.join(0.5)
    other.join()
    with database.transaction() as session:
        telling.tell_of_channels_in_use(session, NOW)
        assert told(session) == [("waiting", None, False)]
        assert events(session) == ["notice:1:1"]


def test_many_who_wait_are_told_a_few_at_a_time_and_those_of_other_pages_not_at_all(
    session: Session, page: Channel
) -> None:
    away = make_channel(session, "2000")
    variant = make_variant(session, stock=6)
    for here in (page, away):
        connections.disconnect(session, here.id, **BY)
        for psid in (f"{here.id}{number}" for number in range(3)):
            order = make_order(session, make_customer(session, here, psid), variant, cause=psid)
            payments.confirm(session, order.id, by="ploy", now=NOW)
    connections.use_again(session, page.id, **BY)
    assert [telling.tell_of_channels_in_use(session, NOW, most=2) for _ in range(3)] == [2, 1, 0]
    assert [state for state, _, _ in told(session)] == ["waiting"] * 3 + ["not_told"] * 3


def test_those_who_wait_are_found_by_their_page_among_any_number_of_notices(
    session: Session, page: Channel
) -> None:
    if session.connection().dialect.name == "postgresql":
        session.execute(text("SET LOCAL enable_seqscan = off"))  # as with many rows
    _, plan = plans(session, lambda session: telling.tell_of_channels_in_use(session, NOW))
    assert "ix_notice_waits_for" in plan


def test_messages_that_wait_for_a_disconnected_page_are_counted_and_are_one_problem(
    session: Session, page: Channel, order: Order
) -> None:
    queue(session, order, "a")
    queue(session, order, "b")
    assert list(connections.waiting(session)) == [] and views.count_problems(session) == 0
    connections.disconnect(session, page.id, **BY)
    [found] = connections.waiting(session)
    assert (found.channel.id, found.messages) == (page.id, 2)
    assert views.count_problems(session) == connections.count_waiting(session) == 1
    connections.use_again(session, page.id, **BY)
    assert list(connections.waiting(session)) == []


def test_nobody_can_write_to_the_customers_of_a_disconnected_page(
    session: Session, page: Channel, order: Order
) -> None:
    assert seller_words.can_write(order, NOW)
    connections.disconnect(session, page.id, **BY)
    assert not seller_words.can_write(order, NOW)
    with pytest.raises(NotReachable):
        seller_words.write(session, order.id, "Hello", form="f", **BY)


def test_a_page_that_is_none_is_not_found(session: Session) -> None:
    for use_case in (connections.disconnect, connections.use_again):
        with pytest.raises(NotFound):
            use_case(session, 99, **BY)


def test_counting_what_waits_looks_at_open_messages_only(
    session: Session, page: Channel, order: Order
) -> None:
    connections.disconnect(session, page.id, **BY)
    if session.connection().dialect.name == "postgresql":
        session.execute(text("SET LOCAL enable_seqscan = off"))  # as with many rows
    for count in (connections.waiting, connections.count_waiting):
        [plan] = plans(session, count)
        assert "ix_outbox_message_open" in plan or "ix_outbox_message_state_id (state=?)" in plan
