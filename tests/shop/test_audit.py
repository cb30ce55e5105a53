"""The log of who did what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from shop import audit
from shop.audit import Question
from tests.factories import NOW
from tests.support.plans import plans


@pytest.fixture
def session(database) -> Iterator[Session]:
    with database.transaction() as session:
        yield session


def record(session, action, subject="", by="ploy@example.com", minutes=0, **detail):
    return audit.record(session, action, subject, by=by, now=NOW + timedelta(minutes=minutes), **detail)


def found(session, **question):
    return [entry.id for entry in audit.find(session, Question(**question))[0]]


def test_an_entry_says_who_when_what_and_what_became_different(session):
    audit.note(session, price=[100, 120])
    entry = record(session, "products.save", "7", stock=3)
    session.flush()
    session.expire(entry)
    assert (entry.by, entry.at, entry.action, entry.subject) == (
        "ploy@example.com",
        NOW,
        "products.save",
        "7",
    )
    assert entry.detail == {"price": [100, 120], "stock": 3}
    assert record(session, "products.save", "8").detail == {}  # a note belongs to one entry


def test_entries_are_found_by_person_kind_subject_and_time(session):
    first = record(session, "order.confirm", "TL-1")
    second = record(session, "order.reject", "TL-2", by="chai@example.com", minutes=1)
    third = record(session, "orders.export", minutes=2)
    session.flush()
    assert found(session) == [third.id, second.id, first.id]
    assert found(session, by="chai@example.com") == [second.id]
    assert found(session, actions=("order",)) == [second.id, first.id]
    assert found(session, actions=("order.confirm",)) == [first.id]
    assert found(session, subject="TL-2") == [second.id]
    assert found(session, since=NOW + timedelta(minutes=1), until=NOW + timedelta(minutes=2)) == [second.id]


def test_pages_of_entries_leave_none_out(session):
    entries = [record(session, "order.confirm", f"TL-{number}") for number in range(5)]
    session.flush()
    page, before = audit.find(session, Question(), limit=3)
    rest, end = audit.find(session, Question(), before_id=before, limit=3)
    assert [entry.id for entry in [*page, *rest]] == [entry.id for entry in reversed(entries)]
    assert end is None


def test_a_rare_kind_and_long_ago_are_found_without_looking_through_all(session):
    for day in range(60):
        record(session, "order.confirm", f"TL-{day}", minutes=day * 24 * 60)
    session.flush()
    early = Question(until=NOW + timedelta(days=5))
    assert len(audit.find(session, early)[0]) == 5
    assert found(session, since=NOW + timedelta(days=57)) == [60, 59, 58]
    assert len(found(session, actions=("order",))) == 50 and found(session, actions=("orders",)) == []
    if session.connection().dialect.name == "sqlite":
        for question in (Question(actions=("order",)), early):
            for plan in plans(session, lambda session, question=question: audit.find(session, question)):
                assert plan.startswith("SEARCH") or "ix_audit_entry_action_id" in plan, plan
                assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("actions", [(), ("order",)])
def test_words_are_looked_for_so_far_and_then_further_back(session, monkeypatch, actions):
    monkeypatch.setattr(audit, "_LOOKED_AT", 6)
    for number in range(15):
        record(session, "order.confirm" if number % 2 else "order.reject", f"TL-{number}")
    session.flush()
    question, pages, before = Question(words="TL-0", actions=actions), [], None
    while not pages or before:
        entries, before = audit.find(session, question, before_id=before)
        pages.append([entry.subject for entry in entries])
    assert pages[:2] == [[], []] and [one for page in pages for one in page] == ["TL-0"]
    entries, before = audit.find(session, Question(words="TL-", actions=actions), limit=5)
    assert [entry.id for entry in entries] == [15, 14, 13, 12, 11] and before == 11
    assert audit.find(session, Question(words="TL-", actions=("sign_in",))) == ([], None)
