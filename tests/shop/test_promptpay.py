"""PromptPay's QR: its text against what other people's programs make, its picture as phones and forwarding leave it."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy.orm import Session

from shop import catalogue, payments, promptpay, settings, ways_to_pay
from shop.db import Database
from shop.errors import BadInput
from shop.models import Order, PaymentAccount
from shop.slips import intake, tlv
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_slip, make_variant

#: (number, satang or None, payload) from the tests and pages of public libraries, each named with its commit.
PUBLIC = [
    # github dtinth/promptpay-qr@a9e4f2d index.test.js
    ("0801234567", None, "00020101021129370016A000000677010111011300668012345675802TH530376463046197"),
    ("1-1111-11111-11-1", None, "00020101021129370016A000000677010111021311111111111115802TH530376463047B5A"),
    ("012345678901234", None, "00020101021129390016A00000067701011103150123456789012345802TH530376463049781"),
    # github maythiwat/promptparse@388d035 src/index.test.ts
    ("0812223333", None, "00020101021129370016A0000006770101110113006681222333353037645802TH63041DCF"),
    (
        "0801111111",
        2015,
        "00020101021229370016A0000006770101110113006680111111153037645802TH540520.15630442BE",
    ),
    # the same; its tag 81 (a message) is not ours
    (
        "14000 0801111111",
        1005,
        "00020101021229390016A000000677010111031514000080111111153037645802TH540510.05"
        "814800480065006C006C006F00200057006F0072006C006400216304F5A2",
    ),
    # github awcode/ThaiPromptpay@aea5f3a tests/BuilderTest.php
    (
        "0899999999",
        42000,
        "00020101021229370016A000000677010111011300668999999995802TH53037645406420.006304CF9E",
    ),
    # github farzai/promptpay-qr-php@05e19ac tests/GeneratorTest.php
    ("1234567890123", None, "00020101021129370016A000000677010111021312345678901235802TH53037646304EC40"),
    ("123456789012345", None, "00020101021129390016A00000067701011103151234567890123455802TH5303764630473AF"),
    # github jojoee/promptpay@c60cc4f tests/test_qrcode_generate_payload.py
    (
        "0801234567",
        45625,
        "00020101021229370016A000000677010111011300668012345675802TH53037645406456.256304483D",
    ),
    (
        "012345678901234",
        987488700,
        "00020101021229390016A00000067701011103150123456789012345802TH530376454109874887.0063047158",
    ),
    # github Frontware/promptpay@0c839c6 promptpay_test.go; it says "reusable" although there is an amount
    (
        "0811111111",
        10025,
        "00020101021129370016A000000677010111011300668111111115802TH53037645406100.25630415A6",
    ),
    # github saladpuk/PromptPay@ed95b67 README.md
    (
        "0914185401",
        5000,
        "00020101021229370016A000000677010111011300669141854015303764540550.005802TH630401F8",
    ),
]
OUR_ORDER = ["00", "01", "29", "53", "54", "58", "63"]


def crc_is_right(payload: str) -> bool:
    return f"{tlv.crc16(payload[:-4]):04X}" == payload[-4:]


@pytest.mark.parametrize(("number", "satang", "public"), PUBLIC)
def test_it_says_what_public_generators_say(number: str, satang: int | None, public: str) -> None:
    ours = promptpay.payload(number, satang)
    assert crc_is_right(public) and crc_is_right(ours)
    theirs, mine = tlv.parse(public), tlv.parse(ours)
    assert mine.pop("01") == ("11" if satang is None else "12")
    for apart in (theirs, mine):
        apart.pop("63")
    assert mine == {tag: value for tag, value in theirs.items() if tag not in ("01", "81")}
    assert list(mine)[:1] == ["00"] and ours[-8:-4] == "6304"


def test_with_the_same_order_of_fields_it_is_the_same_text() -> None:
    same = [
        (number, satang, public)
        for number, satang, public in PUBLIC
        if list(tlv.parse(public)) in (OUR_ORDER, [tag for tag in OUR_ORDER if tag != "54"])
    ]
    assert len(same) == 2
    for number, satang, public in same:
        assert promptpay.payload(number, satang) == public


@pytest.mark.parametrize(
    "damaged",
    [
        # github maythiwat/promptparse@388d035 src/index.test.ts
        "00020101021229370016A0000006770101110113006680111111153037645802TH540520.156304FFFF",
        # github ttwrpz/promptparse-rs@e850b02 tests/integration_tests.rs
        "00020101021229370016A0000006770101110113006680111111153037645802TH63041DCF",
        # github uunw/thai-qr-payment@b9f5665 examples/node/09-tlv-low-level.mjs
        "00020101021129370016A000000677010111011300668123456785303764540550.005802TH63042042",
    ],
)
def test_a_wrong_checksum_shows(damaged: str) -> None:
    assert not crc_is_right(damaged)


def test_the_checksum_is_ccitt_false() -> None:
    assert tlv.crc16("123456789") == 0x29B1


@pytest.mark.parametrize(
    "number",
    [
        "081-234-5678",
        "081 234 5678",
        "+66 81 234 5678",
        "66812345678",
        "0066812345678",
        "๐๘๑-๒๓๔-๕๖๗๘",
        "081–234–5678",
    ],
)
def test_a_phone_number_is_understood_as_sellers_type_it(number: str) -> None:
    assert promptpay.target(number) == promptpay.Target("01", "0066812345678")


def test_a_tax_id_that_begins_with_zero_stays_as_it_is() -> None:
    assert promptpay.target("0-1055-61000-01-7") == promptpay.Target("02", "0105561000017")


@pytest.mark.parametrize(
    "number",
    [
        *(
            "",
            "0812345",
            "02-123-4567",
            "123-4-56789-0",
            "08123456789",
            "0812345678 ext 2",
            "๐๘๑",
            "²812345678",
        ),
        "0000000000",  # github jojoee/promptpay@c60cc4f makes a QR of it; no phone has this number
        "12345678901234",
        "014-1-23456-7890-12-3",
    ],
)
def test_a_number_that_cannot_be_promptpay_is_refused(number: str) -> None:
    with pytest.raises(BadInput) as refused:
        promptpay.payload(number, 100)
    assert (refused.value.field, refused.value.reason) == ("number", "promptpay")


@pytest.mark.parametrize("satang", [0, -1, 10**12])
def test_no_qr_for_no_money(satang: int) -> None:
    with pytest.raises(BadInput) as refused:
        promptpay.payload("0812345678", satang)
    assert (refused.value.field, refused.value.reason) == ("amount", "range")


@pytest.mark.parametrize(("number", "satang"), [(number, satang) for number, satang, _ in PUBLIC])
def test_the_picture_is_read_again_at_half_size_and_badly_compressed(number: str, satang: int | None) -> None:
    text = promptpay.payload(number, satang)
    picture = Image.open(io.BytesIO(promptpay.picture(text)))
    assert picture.format == "PNG" and picture.width == picture.height >= 410
    forwarded = io.BytesIO()
    half = picture.convert("L").resize((picture.width // 2, picture.height // 2), Image.Resampling.BILINEAR)
    half.save(forwarded, "JPEG", quality=50)
    found = zxingcpp.read_barcodes(Image.open(forwarded), formats=zxingcpp.BarcodeFormat.QRCode)
    assert [code.text for code in found] == [text]


@pytest.mark.parametrize(
    ("bank", "is_one"),
    [
        *(("PromptPay", True), ("prompt pay", True), ("Prompt-Pay (KBank)", True), ("พร้อมเพย์", True)),
        *(("KBank", False), ("ธนาคารกสิกรไทย", False), ("", False)),
    ],
)
def test_promptpay_is_known_by_its_name(bank: str, is_one: bool) -> None:
    assert promptpay.is_promptpay(bank) is is_one


def test_the_first_usable_promptpay_account_is_taken() -> None:
    accounts = [
        PaymentAccount(bank=bank, number=number, holder="Ploy")
        for bank, number in (("KBank", "0812345678"), ("PromptPay", "12345"), ("พร้อมเพย์", "0812345678"))
    ]
    assert promptpay.account(accounts) is accounts[2]
    assert promptpay.account(accounts[:2]) is None


def test_a_promptpay_number_is_checked_when_it_is_typed(database: Database) -> None:
    with database.transaction() as session:
        make_shop(session)
        typed = {"bank": "พร้อมเพย์", "holder": "Ploy", "number": "012-3-45678-9"}
        with pytest.raises(BadInput) as refused:
            settings.save_account(session, None, typed)
        assert (refused.value.field, refused.value.reason) == ("number", "promptpay")
        kept = settings.save_account(session, None, typed | {"number": "+66 81 234 5678"})
        assert kept.number == "+66 81 234 5678" and promptpay.digits(kept.number) == "66812345678"


def order_of(session: Session) -> Order:
    make_shop(session)
    return make_order(session, make_customer(session, make_channel(session)), make_variant(session), 2)


def test_an_order_asks_for_its_exact_sum_while_it_waits_for_payment(database: Database) -> None:
    with database.transaction() as session:
        order = order_of(session)
        asked = promptpay.request(session, order)
        assert asked is not None and asked.amount == order.total == 54000
        assert tlv.parse(asked.payload)["54"] == "540.00"
        slip = make_slip(session, order.customer)
        intake.take(session, order.customer_id, [slip.id], now=NOW)
        assert promptpay.request(session, order) is None
        payments.confirm(session, order.id, by="ploy@example.com", now=NOW + timedelta(hours=1))
        assert promptpay.request(session, order) is None


def test_nothing_is_asked_for_on_delivery_in_another_currency_or_without_an_account(
    database: Database,
) -> None:
    with database.transaction() as session:
        order = order_of(session)
        order.currency = "USD"
        assert promptpay.request(session, order) is None
        order.currency = "THB"
        catalogue.the_shop(session).cash_on_delivery = True
        ways_to_pay.choose(session, order.id, "cod", by="customer", now=NOW)
        assert promptpay.request(session, order) is None
        ways_to_pay.choose(session, order.id, "transfer", by="customer", now=NOW)
        assert promptpay.request(session, order) is not None
        catalogue.payment_accounts(session)[0].bank = "KBank"
        assert promptpay.request(session, order) is None
