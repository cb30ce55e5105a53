"""How customers pay and how parcels are sent: what a seller may set, and what is refused."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from shop import catalogue, settings, shipping, words
from shop.errors import BadInput, NotFound

ACCOUNT = {"bank": "KBank", "number": "012-3-45678-9", "holder": "Ploy"}
EXPRESS = {"name_th": "ด่วน", "name_en": "Express"}


def test_an_account_that_is_added_again_is_the_same_one(session: Session) -> None:
    first = settings.save_account(session, None, ACCOUNT)
    again = settings.save_account(session, None, {**ACCOUNT, "number": "0123456789", "holder": "Ploy S."})
    assert again.id == first.id
    assert [account.holder for account in catalogue.payment_accounts(session)] == ["Baan Fai", "Ploy S."]


def test_an_account_is_changed_and_removed_once(session: Session) -> None:
    account = settings.save_account(session, None, ACCOUNT)
    settings.save_account(session, account.id, {**ACCOUNT, "bank": "SCB"})
    assert [one.bank for one in catalogue.payment_accounts(session)] == ["PromptPay", "SCB"]
    for _ in range(2):
        settings.remove_account(session, account.id)
    with pytest.raises(NotFound):
        settings.save_account(session, account.id, ACCOUNT)


def test_a_way_to_send_has_prices_by_weight_sum_and_province(session: Session) -> None:
    rates = {
        "fee-0": "40",
        "weight-2": "2000", "fee-2": "80.50",
        "subtotal-3": "1,000", "provinces-3": "Krabi, ภูเก็ต", "fee-3": "0",
    }  # fmt: skip
    express = settings.save_method(session, None, {**EXPRESS, **rates})
    kept = [(rate.from_weight, rate.from_subtotal, rate.provinces, rate.fee) for rate in express.rates]
    assert kept == [(0, 0, [], 4000), (2000, 0, [], 8050), (0, 100000, ["กระบี่", "ภูเก็ต"], 0)]


def test_provinces_sums_and_numbers_are_written_as_thais_write_them(session: Session) -> None:
    rates = {
        "provinces-0": "กทม., กรุงเทพ, จ.ภูเก็ต, Bangkok",
        "fee-0": "฿๔๐",
        "weight-1": "1,000",
        "fee-1": "60 บาท",
    }
    express = settings.save_method(session, None, {"name_th": "ด่วน", "name_en": "", **rates})
    assert (express.name_th, express.name_en) == ("ด่วน", "ด่วน")
    kept = [(rate.from_weight, rate.provinces, rate.fee) for rate in express.rates]
    assert kept == [(0, ["กรุงเทพมหานคร", "ภูเก็ต"], 4000), (1000, [], 6000)]
    account = settings.save_account(
        session, None, {"bank": "SCB", "number": "๑๒๓-๔-๕๖๗๘๙-๐", "holder": "ร้าน"}
    )
    assert account.number == "123-4-56789-0"


def test_what_is_shown_and_sent_back_unchanged_changes_nothing(session: Session) -> None:
    rates = {
        "weight-0": "500",
        "subtotal-0": "1000",
        "provinces-0": "ภูเก็ต",
        "fee-0": "99.5",
        "fee-1": "1,200",
    }
    express = settings.save_method(session, None, {**EXPRESS, "free_from": "3000", "days_to": "3", **rates})
    before = settings.shown(express, "THB")
    fields = {name: value for name, value in vars(before).items() if name != "rates"}
    for row, rate in enumerate(before.rates):
        fields |= {f"{name}-{row}": value for name, value in vars(rate).items()}
    assert settings.typed(fields) == before
    assert settings.shown(settings.save_method(session, express.id, fields), "THB") == before


def test_days_are_put_in_order_and_one_alone_is_both(session: Session) -> None:
    days = {"days_from": "5", "days_to": "2"}
    method = settings.save_method(session, None, {**EXPRESS, "fee-0": "60", **days})
    assert (method.days_from, method.days_to) == (2, 5)
    assert [words.delivery_days(method, language) for language in ("th", "en")] == ["2–5 วัน", "2–5 days"]
    settings.save_method(session, method.id, {**EXPRESS, "fee-0": "60", "days_from": "1"})
    assert [words.delivery_days(method, language) for language in ("th", "en")] == ["1 วัน", "1 day"]
    settings.save_method(session, method.id, {**EXPRESS, "fee-0": "60"})
    assert method.days_from is None and words.delivery_days(method, "en") == ""


def test_a_way_that_is_added_again_is_changed_and_one_that_was_removed_is_not_offered(
    session: Session,
) -> None:
    first = settings.save_method(session, None, {**EXPRESS, "fee-0": "60"})
    again = settings.save_method(session, None, {**EXPRESS, "fee-0": "70"})
    assert again.id == first.id
    for _ in range(2):
        settings.remove_method(session, first.id)
    assert [method.name_en for method in shipping.methods(session)] == ["Parcel"]


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({}, "fee-0", "missing"),
        ({"fee-0": "40", "weight-1": "500"}, "fee-1", "missing"),
        ({"fee-0": "-1"}, "fee-0", "number"),
        ({"fee-0": "40.001"}, "fee-0", "number"),
        ({"fee-0": "1e9"}, "fee-0", "number"),
        ({"fee-0": "NaN"}, "fee-0", "number"),
        ({"fee-0": "40", "weight-0": "x"}, "weight-0", "number"),
        ({"fee-0": "40", "weight-0": "1,5"}, "weight-0", "number"),
        ({"fee-0": "40", "weight-0": "9999999"}, "weight-0", "range"),
        ({"fee-0": "40", "weight-0": "9" * 5000}, "weight-0", "range"),
        ({"fee-0": "40", "subtotal-0": "much"}, "subtotal-0", "number"),
        ({"fee-0": "40", "provinces-0": "ภูเก็ต, Atlantis"}, "provinces-0", "province"),
        ({"fee-0": "40", "free_from": "x"}, "free_from", "number"),
        ({"fee-0": "40", "days_from": "soon"}, "days_from", "number"),
        ({"fee-0": "40", "days_to": "91"}, "days_to", "range"),
    ],
)
def test_a_price_that_cannot_be_used_is_named(
    session: Session, typed: dict[str, str], field: str, reason: str
) -> None:
    with pytest.raises(BadInput) as refused:
        settings.save_method(session, None, {**EXPRESS, **typed})
    assert (refused.value.field, refused.value.reason) == (field, reason)
    assert len(shipping.methods(session)) == 1
