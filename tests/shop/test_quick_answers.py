"""Quick answers are filled in for the customer they are sent to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from shop import fulfilment, orders, payments, quick_answers
from shop.db import Database
from shop.errors import BadInput
from shop.models import Customer
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_variant


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        make_shop(session)
        make_customer(session, make_channel(session))
        yield session


@pytest.fixture
def nok(session: Session) -> Customer:
    return session.get_one(Customer, 1)


def save(session: Session, shortcut: str, text_th: str = "", text_en: str = "") -> int:
    fields = {"shortcut": shortcut, "text_th": text_th, "text_en": text_en}
    return quick_answers.save(session, None, fields).id


def test_the_customers_language_comes_first_and_the_other_is_better_than_none(
    session: Session, nok: Customer
) -> None:
    save(session, "both", "สวัสดีค่ะ", "Hello")
    save(session, "thai", "สวัสดีค่ะ")
    assert quick_answers.for_chat(session, nok) == {"both": "สวัสดีค่ะ", "thai": "สวัสดีค่ะ"}
    nok.language = "en"
    assert quick_answers.for_chat(session, nok) == {"both": "Hello", "thai": "สวัสดีค่ะ"}


def test_words_in_braces_are_filled_in_and_others_stay(session: Session, nok: Customer) -> None:
    save(session, "a", "{ชื่อ}/{name}/{ออเดอร์}/{ยอด}/{พัสดุ}/{ร้าน} {else} {0.__class__}")
    assert quick_answers.for_chat(session, nok)["a"] == (
        "Nok/Nok/{ออเดอร์}/{ยอด}/{พัสดุ}/บ้านฝ้าย {else} {0.__class__}"
    )
    order = make_order(session, nok, make_variant(session))
    payments.confirm(session, order.id, by="ploy", now=NOW)
    fulfilment.pack(session, order.id, by="ploy", now=NOW)
    fulfilment.ship(session, order.id, carrier="flash", tracking="TH998877", by="ploy", now=NOW)
    filled = quick_answers.for_chat(session, nok)["a"]
    assert filled.startswith(f"Nok/Nok/{order.number}/฿290/แฟลช เอ็กซ์เพรส TH998877/บ้านฝ้าย")


def test_an_open_order_is_meant_before_a_newer_one_that_is_over(session: Session, nok: Customer) -> None:
    variant = make_variant(session)
    still_open = make_order(session, nok, variant)
    orders.cancel(session, make_order(session, nok, variant, cause="e2").id, now=NOW)
    save(session, "a", "{order}")
    assert quick_answers.for_chat(session, nok)["a"] == still_open.number


def test_a_name_is_not_filled_in_twice(session: Session, nok: Customer) -> None:
    nok.name = "{order}"
    save(session, "a", "{name}")
    assert quick_answers.for_chat(session, nok)["a"] == "{order}"
    assert quick_answers.unfilled("hello {order}") == "{order}"
    assert quick_answers.unfilled("hello {you} {ชื่อ}") == "{ชื่อ}"
    assert quick_answers.unfilled("hello {you}") is None


def test_there_are_not_endlessly_many(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick_answers, "MOST", 2)
    first = save(session, "one", "x")
    save(session, "two", "x")
    with pytest.raises(BadInput) as refused:
        save(session, "three", "x")
    assert refused.value.reason == "many"
    quick_answers.remove(session, first)
    quick_answers.remove(session, first)
    save(session, "three", "x")
    assert [one.shortcut for one in quick_answers.every(session)] == ["three", "two"]
