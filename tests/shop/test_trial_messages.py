"""A test message goes to somebody who wrote lately, once, and into the outbox as any other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import privacy, trial_messages
from shop.errors import BadInput
from shop.models import Channel, Customer, OutboxMessage
from tests.factories import NOW, make_channel, make_customer

BY: Any = {"by": "ploy@example.com", "now": NOW}


def test_it_is_sent_once_for_a_form_in_the_customer_s_language(
    session: Session, channel: Channel, nok: Customer
) -> None:
    assert trial_messages.send(session, channel.id, nok.id, form="a", **BY)
    assert not trial_messages.send(session, channel.id, nok.id, form="a", **BY)
    [message] = session.scalars(select(OutboxMessage)).all()
    assert "ข้อความทดสอบจากร้านบ้านฝ้าย" in message.body["text"]
    assert (message.written_by, message.state) == ("ploy@example.com", "open")
    for found in (trial_messages.last(session, channel.id), trial_messages.last(session)):
        assert found is not None and found.id == message.id
    assert trial_messages.last(session, channel.id + 1) is None


def test_only_those_who_wrote_within_24_hours_can_be_chosen(
    session: Session, channel: Channel, nok: Customer
) -> None:
    late = make_customer(session, channel, "lek", "Lek")
    late.last_inbound_at = NOW - timedelta(hours=25)
    other = make_customer(session, make_channel(session, "200", "Other"), "som", "Som")
    gone = make_customer(session, channel, "gone", "Gone")
    session.flush()
    privacy.erase(session, gone.id, now=NOW, force=True)
    session.flush()
    assert [one.id for one in trial_messages.reachable(session, channel.id, NOW)] == [nok.id]
    for one in (late.id, other.id, gone.id, 999, None):
        with pytest.raises(BadInput):
            trial_messages.send(session, channel.id, one, form="b", **BY)
    assert trial_messages.last(session, channel.id) is None
