"""The seller changes the shop; what cannot be used is said at its field and nothing is lost."""

from __future__ import annotations

import pytest

from shop import catalogue, settings, shipping

GENERAL = {
    "name_th": "บ้านฝ้าย", "name_en": "Cotton House", "greeting_th": "สวัสดีค่ะ", "greeting_en": "Hello",
    "menu_products_th": "ของในร้าน", "menu_products_en": "Items", "payment_hours": "48", "reminder_hours": "6",
    "handoff_hours": "2", "buy_now_opens": "store", "cash_on_delivery": "on",
}  # fmt: skip


def the_shop(database):
    with database.reading() as session:
        return catalogue.the_shop(session)


async def test_the_shop_is_changed_as_a_whole(database, ploy):
    answer, _ = await ploy.post("/settings", **GENERAL)
    _, body = await ploy.get(answer.headers["Location"])
    assert "Saved." in body and "Cotton House" in body
    shop = the_shop(database)
    assert (shop.menu_products_en, shop.payment_hours, shop.buy_now_opens) == ("Items", 48, "store")
    assert (shop.cash_on_delivery, shop.auto_billing) == (True, False)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name_en", " ", "Please fill this in"),
        ("greeting_th", "ก" * 161, "too long"),
        ("payment_hours", "many", "not a number"),
        ("payment_hours", "0", "too small"),
        ("buy_now_opens", "nowhere", "Please choose one"),
    ],
)
async def test_what_cannot_be_used_is_said_and_what_was_typed_stays(database, ploy, field, value, words):
    answer, body = await ploy.post("/settings", **{**GENERAL, field: value})
    assert answer.status == 409
    assert words in body and "ของในร้าน" in body
    assert the_shop(database).name_en == "Baan Fai"


async def test_payment_accounts_are_added_changed_and_removed(database, ploy):
    await ploy.post("/settings/accounts/new", bank="KBank", number="012-3-45678-9", holder="Ploy")
    _, body = await ploy.get("/settings")
    assert "KBank 012-3-45678-9" in body
    with database.reading() as session:
        first, second = catalogue.payment_accounts(session)
    await ploy.post(f"/settings/accounts/{second.id}", bank="SCB", number="111-1-11111-1", holder="Ploy")
    await ploy.post(f"/settings/accounts/{first.id}", remove="1")
    with database.reading() as session:
        assert [account.bank for account in catalogue.payment_accounts(session)] == ["SCB"]
    answer, body = await ploy.post("/settings/accounts/new", bank="X", number="<script>", holder="Y")
    assert answer.status == 409 and "&lt;script&gt;" in body


async def test_ways_to_send_have_prices_by_weight_and_province(database, ploy):
    rates = "0; ; 40\n2000;;80.50\n0; ภูเก็ต, Krabi; 100"
    await ploy.post(
        "/settings/shipping/new", name_th="ด่วน", name_en="Express", free_from="1,000", rates=rates
    )
    with database.reading() as session:
        _, express = shipping.methods(session)
        kept = [(rate.from_weight, rate.provinces, rate.fee) for rate in express.rates]
        assert kept == [(0, [], 4000), (2000, [], 8050), (0, ["ภูเก็ต", "กระบี่"], 10000)]
        assert express.free_from == 100000
        assert settings.shown(express, "THB").rates == "0; ; 40\n2000; ; 80.5\n0; ภูเก็ต, กระบี่; 100"
    await ploy.post(f"/settings/shipping/{express.id}", remove="1")
    with database.reading() as session:
        assert [method.name_en for method in shipping.methods(session)] == ["Parcel"]


@pytest.mark.parametrize(
    "line", ["40", "0; Atlantis; 40", "x; ; 40", "0; ; -1", "0; ; 1e9", "0; ; 40.001", "0; ; NaN"]
)
async def test_a_line_that_cannot_be_read_is_shown(database, ploy, line):
    answer, body = await ploy.post(
        "/settings/shipping/new", name_th="ด่วน", name_en="Express", free_from="", rates=f"0; ; 40\n{line}"
    )
    assert answer.status == 409 and f"cannot be read: {line}" in body
    with database.reading() as session:
        assert len(shipping.methods(session)) == 1


async def test_an_address_that_is_none_is_not_found(ploy):
    for path in ("/settings/accounts/x", "/settings/shipping/99999"):
        answer, _ = await ploy.post(path, bank="B", number="012-3-45678-9", holder="H", name_th="ก", name_en="a",
                                    rates="0;;1")  # fmt: skip
        assert answer.status in (400, 404)
