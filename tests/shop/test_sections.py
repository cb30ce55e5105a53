"""The general settings, section by section: what a seller may set, what is refused, what reaches Messenger."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import accounts, audit, catalogue, customers, sections
from shop.db import Database
from shop.errors import BadFields, NotFound
from shop.models import Customer, Errand, Shop
from tests.factories import NOW, make_channel, make_customer

BY: Any = {"by": "ploy@example.com", "now": NOW}
TYPED = {
    "shop": {
        "name_th": "บ้านฝ้าย",
        "name_en": "Cotton House",
        "greeting_th": "สวัสดีค่ะ",
        "greeting_en": "Hello",
        "menu": "own",
        "menu_products_th": "ของในร้าน",
        "menu_products_en": "Things",
    },
    "selling": {"buy_now_opens": "store", "cash_on_delivery": "on"},
    "times": {"payment_hours": "48", "reminder_hours": "6", "handoff_hours": "2"},
    "privacy": {"keep_slips_days": "30", "keep_addresses_days": "400", "keep_chats_days": "60"},
}


def asked(session: Session) -> list[int | None]:
    return list(session.scalars(select(Errand.channel_id).order_by(Errand.id)))


def test_each_section_is_written_by_itself_and_a_switch_that_is_missing_is_off(session: Session) -> None:
    for name, typed in TYPED.items():
        sections.change(session, name, typed, **BY)
    shop = catalogue.the_shop(session)
    assert (shop.name_en, shop.menu_products_en) == ("Cotton House", "Things")
    assert (shop.buy_now_opens, shop.cash_on_delivery, shop.auto_billing) == ("store", True, False)
    assert (shop.payment_hours, shop.reminder_hours, shop.handoff_hours) == (48, 6, 2)
    assert (shop.keep_slips_days, shop.keep_addresses_days, shop.keep_chats_days) == (30, 400, 60)


def test_one_language_stands_for_both_and_none_is_missing(session: Session) -> None:
    shop = sections.change(session, "shop", {**TYPED["shop"], "name_en": " ", "greeting_th": ""}, **BY)
    assert (shop.name_th, shop.name_en) == ("บ้านฝ้าย", "บ้านฝ้าย")
    assert (shop.greeting_th, shop.greeting_en) == ("Hello", "Hello")
    with pytest.raises(BadFields) as refused:
        sections.change(session, "shop", {**TYPED["shop"], "name_th": "", "name_en": " "}, **BY)
    assert refused.value.reasons == {"name_th": "missing", "name_en": "missing"}


@pytest.mark.parametrize(
    ("section", "field", "value", "reason"),
    [
        ("shop", "menu_products_en", "x" * 31, "long"),
        ("shop", "greeting_en", "x" * 161, "long"),
        ("times", "payment_hours", "1.5", "number"),
        ("times", "payment_hours", "9" * 5000, "number"),
        ("times", "handoff_hours", "169", "range"),
        ("times", "reminder_hours", "48", "range"),
        ("privacy", "keep_slips_days", "0", "range"),
        ("privacy", "keep_addresses_days", "6", "range"),
        ("privacy", "keep_chats_days", "3651", "range"),
        ("selling", "buy_now_opens", "", "unknown"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_changed(
    session: Session, section: str, field: str, value: str, reason: str
) -> None:
    before = {name: getattr(catalogue.the_shop(session), name) for name in sections.SECTIONS[section].names}
    with pytest.raises(BadFields) as refused:
        sections.change(session, section, {**TYPED[section], field: value}, **BY)
    assert refused.value.reasons == {field: reason}
    assert before == {name: getattr(catalogue.the_shop(session), name) for name in before}


def test_the_menu_s_word_may_be_one_of_ours(session: Session) -> None:
    shop = sections.change(session, "shop", {**TYPED["shop"], "menu": "items"}, **BY)
    assert (shop.menu_products_th, shop.menu_products_en) == ("รายการสินค้า", "Items")


def test_a_new_greeting_is_shown_on_every_connected_page_once_and_other_settings_on_none(
    session: Session,
) -> None:
    first, gone, third = (make_channel(session, str(number)) for number in (1, 2, 3))
    accounts.switch_off(gone)
    for _ in range(2):
        sections.change(session, "shop", TYPED["shop"], **BY)
        sections.change(session, "times", TYPED["times"], **BY)
    assert asked(session) == [first.id, third.id]
    sections.change(session, "shop", {**TYPED["shop"], "name_en": "Other"}, **BY)
    assert len(asked(session)) == 2


def test_the_log_says_what_became_different(session: Session) -> None:
    sections.change(session, "times", TYPED["times"], **BY)
    entry = audit.record(session, "settings.save", "times", **BY)
    assert entry.detail == {"payment_hours": [24, 48], "reminder_hours": [3, 6], "handoff_hours": [12, 2]}


def test_the_first_name_opens_the_shop(database: Database) -> None:
    with database.transaction() as session:
        with pytest.raises(NotFound):
            sections.change(session, "times", TYPED["times"], **BY)
        sections.change(session, "shop", TYPED["shop"], **BY)
    with database.reading() as session:
        shop = session.get_one(Shop, 1)
        assert (shop.name_en, shop.currency, shop.languages) == ("Cotton House", "THB", ["th", "en"])
        assert "shop" in shop.ticked


def test_customers_are_answered_only_in_languages_that_are_offered(session: Session) -> None:
    channel = make_channel(session)
    nok = make_customer(session, channel)
    customers.speak(session, nok.id, "en")
    session.flush()
    sections.offer_languages(session, {"offer_th": "on", "language": "th"}, **BY)
    session.expire_all()
    assert session.get_one(Customer, nok.id).language == "th"
    assert not customers.speak(session, nok.id, "en")
    assert session.get_one(Customer, nok.id).language == "th"
    assert asked(session) == [channel.id]  # the menu offers no other language any more
    sections.offer_languages(session, {"offer_th": "on", "offer_en": "on", "language": "en"}, **BY)
    assert customers.speak(session, nok.id, "en")
    assert catalogue.the_shop(session).language == "en"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"language": "th"}, "offered"),
        ({"offer_th": "on", "language": "en"}, "language"),
        ({"offer_en": "on"}, "language"),
    ],
)
def test_at_least_one_language_is_offered_and_strangers_are_answered_in_one_of_them(
    session: Session, typed: dict[str, str], field: str
) -> None:
    with pytest.raises(BadFields) as refused:
        sections.offer_languages(session, typed, **BY)
    assert refused.value.reasons == {field: "unknown"}
