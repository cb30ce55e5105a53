"""The seller changes the shop; what cannot be used is said at its field and nothing is lost."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete

from shop import audit, catalogue, errands, people, shipping
from shop.db import utc_now
from shop.models import PaymentAccount, ShippingMethod, ShippingRate, Shop

SHOP = {
    "name_th": "บ้านฝ้าย", "name_en": "Cotton House", "greeting_th": "สวัสดีค่ะ", "greeting_en": "Hello",
    "menu": "own", "menu_products_th": "ของในร้าน", "menu_products_en": "Things",
}  # fmt: skip
TIMES = {"payment_hours": "48", "reminder_hours": "6", "handoff_hours": "2"}


def the_shop(database):
    with database.reading() as session:
        return catalogue.the_shop(session)


async def test_each_section_saves_by_itself(database, ploy):
    for section, fields in {
        "shop": SHOP,
        "selling": {"buy_now_opens": "store", "cash_on_delivery": "on"},
        "times": TIMES,
        "privacy": {"keep_slips_days": "30", "keep_addresses_days": "400", "keep_chats_days": "60"},
        "languages": {"offer_th": "on", "language": "th"},
    }.items():
        answer, _ = await ploy.post(f"/settings/{section}", **fields)
        assert answer.status == 303, section
        _, body = await ploy.get(answer.headers["Location"])
        assert "Saved." in body, section
    shop = the_shop(database)
    assert (shop.menu_products_en, shop.payment_hours, shop.buy_now_opens) == ("Things", 48, "store")
    assert (shop.cash_on_delivery, shop.auto_billing, shop.languages) == (True, False, ["th"])
    _, body = await ploy.get("/settings")
    assert "Cotton House · Things" in body and "48 hours to pay, reminder 6 hours before" in body
    with database.reading() as session:
        found, _ = audit.find(session, audit.Question(actions=["settings"]))
    assert [entry.subject for entry in found] == ["languages", "privacy", "times", "selling", "shop"]
    assert found[2].detail["payment_hours"] == [24, 48]


@pytest.mark.parametrize(
    ("section", "fields", "value", "words"),
    [
        ("shop", "name_th name_en", " ", "Please fill this in"),
        ("shop", "greeting_th", "ก" * 161, "too long"),
        ("times", "payment_hours", "many", "not a number"),
        ("times", "payment_hours", "0", "too small"),
        ("times", "reminder_hours", "48", "too small or too large"),
        ("selling", "buy_now_opens", "nowhere", "Please choose one"),
    ],
)
async def test_what_cannot_be_used_is_said_at_its_field_and_what_was_typed_stays(
    database, ploy, section, fields, value, words
):
    typed = {"shop": SHOP, "times": TIMES, "selling": {"cash_on_delivery": "on"}}[section]
    answer, body = await ploy.post(f"/settings/{section}", **typed | dict.fromkeys(fields.split(), value))
    assert answer.status == 409
    for one in fields.split():
        assert re.search(rf'id="{one}-wrong">[^<]*{words}', body)
    kept = {"shop": "ของในร้าน", "times": 'name="handoff_hours" value="2"', "selling": "checked"}[section]
    assert kept in body
    assert the_shop(database).name_en == "Baan Fai"


async def test_a_new_greeting_is_on_its_way_to_every_page(database, ploy):
    await ploy.post("/settings/shop", **SHOP)
    _, body = await ploy.get("/settings/shop")
    assert body.count("Is being sent to Messenger") == 2
    with database.transaction() as session:
        claim = errands.claim_one(session, utc_now())
        errands.postpone(session, claim, [errands.Line({}, False, {"en": "Too fast."})], utc_now())
    _, body = await ploy.get("/settings/shop")
    assert "it is tried again by itself. Too fast." in body


async def test_a_console_without_a_shop_begins_with_its_name(database, ploy):
    with database.transaction() as session:
        for table in (ShippingRate, ShippingMethod, PaymentAccount, Shop):
            session.execute(delete(table))
    _, body = await ploy.get("/settings")
    assert "Begin with the shop" in body and "/settings/times" not in body
    answer, _ = await ploy.post("/settings/shop", **{**SHOP, "menu": "products"})
    assert answer.status == 303
    assert the_shop(database).menu_products_en == "Products"


async def test_a_section_that_is_none_is_not_found(ploy):
    for answer, _ in (await ploy.get("/settings/nothing"), await ploy.post("/settings/nothing")):
        assert answer.status == 404


async def test_payment_accounts_are_added_changed_and_removed(database, ploy):
    await ploy.post("/settings/payment/new", bank="KBank", number="012-3-45678-9", holder="Ploy")
    _, body = await ploy.get("/settings/payment")
    assert "KBank 012-3-45678-9" in body
    with database.reading() as session:
        first, second = catalogue.payment_accounts(session)
    await ploy.post(f"/settings/payment/{second.id}", bank="SCB", number="111-1-11111-1", holder="Ploy")
    await ploy.post(f"/settings/payment/{first.id}", remove="1")
    with database.reading() as session:
        assert [account.bank for account in catalogue.payment_accounts(session)] == ["SCB"]
    answer, body = await ploy.post("/settings/payment/new", bank="X", number="<script>", holder="Y")
    assert answer.status == 409 and "&lt;script&gt;" in body


async def test_a_promptpay_number_that_no_qr_can_name_is_refused_with_the_reason(ploy):
    answer, body = await ploy.post(
        "/settings/payment/new", bank="PromptPay", number="012-3-45678-9", holder="Ploy"
    )
    assert answer.status == 409
    assert "PromptPay takes a mobile number (10 digits)" in body and "012-3-45678-9" in body


EXPRESS = {"name_th": "ด่วน", "name_en": "Express"}


async def test_a_way_to_send_is_added_changed_and_removed(database, ploy):
    rates = {"fee-0": "40", "weight-1": "2000", "provinces-1": "ภูเก็ต, Krabi", "fee-1": "80.50"}
    for _ in range(2):  # pressed twice, or sent again
        await ploy.post("/settings/shipping/new", free_from="1,000", **EXPRESS, **rates)
    with database.reading() as session:
        _, express = shipping.methods(session)
        assert [(rate.from_weight, rate.fee) for rate in express.rates] == [(0, 4000), (2000, 8050)]
    _, body = await ploy.get("/settings/shipping")
    assert "ภูเก็ต, กระบี่" in body and 'value="80.5"' in body
    await ploy.post(f"/settings/shipping/{express.id}", **EXPRESS, **{"fee-1": "60"})
    with database.reading() as session:
        assert [rate.fee for rate in shipping.methods(session)[1].rates] == [6000]
    await ploy.post(f"/settings/shipping/{express.id}", remove="1")
    with database.reading() as session:
        assert [method.name_en for method in shipping.methods(session)] == ["Parcel"]


async def test_a_price_that_cannot_be_used_is_said_at_its_field(database, ploy):
    rates = {"fee-0": "40", "provinces-3": "Atlantis", "fee-3": "90"}
    answer, body = await ploy.post("/settings/shipping/new", **EXPRESS, **rates)
    assert answer.status == 409
    assert re.search(
        r'name="provinces-3" value="Atlantis"[^>]*aria-invalid="true">\s*<p[^>]*>There is no such', body
    )
    assert 'name="fee-3" value="90"' in body
    with database.reading() as session:
        assert len(shipping.methods(session)) == 1


async def test_the_settings_are_for_owners(database, visitor):
    with database.transaction() as session:
        people.add_user(
            session, email="lek@example.com", name="Lek", password="a long password", role="seller"
        )
    lek = visitor()
    await lek.sign_in("lek@example.com", "a long password")
    _, orders = await lek.get("/orders")
    assert "/settings" not in orders
    for answer, _ in (await lek.get("/settings"), await lek.post("/settings/shop", **SHOP)):
        assert answer.status == 403
    assert the_shop(database).name_en == "Baan Fai"


async def test_without_the_form_s_token_nothing_is_changed(database, ploy):
    answer, _ = await ploy.send("/settings/shop", SHOP)
    assert answer.status == 403
    assert the_shop(database).name_en == "Baan Fai"


async def test_an_address_that_is_none_is_not_found(ploy):
    for path in ("/settings/payment/x", "/settings/shipping/99999"):
        answer, _ = await ploy.post(path, bank="B", number="012-3-45678-9", holder="H", name_th="ก", name_en="a",
                                    **{"fee-0": "1"})  # fmt: skip
        assert answer.status in (400, 404)
