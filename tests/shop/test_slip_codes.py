"""The texts of QR codes on slips. Vectors are public: the sources stand beside them."""

# ruff: noqa: E501 (other programs' codes, whole)

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.slips import codes, tlv
from shop.slips.codes import Seen
from shop.slips.references import bank_name, sent_at
from tests.factories import slip_text

SLIPS = {
    # github maythiwat/promptparse, src/index.test.ts
    "004000060000010103002021900021231231212000115102TH91049C30": ("002", "0002123123121200011"),
    "004100060000010103014022000111222233344ABCD125102TH910417DF": ("014", "00111222233344ABCD12"),
    # github Jdemon/thaiqr, verifypayslipqr_test.go
    "004600060000010103001022512345678901234567890123455102TH910408DC": ("001", "1234567890123456789012345"),
    # github uunw/thai-qr-payment, packages/payload/src/slip-verify.test.ts: the checksum with and without its zeros
    "0030000600000101030140209T000000865102TH91040539": ("014", "T00000086"),
    "0030000600000101030140209T000000865102TH9104539": ("014", "T00000086"),
    "0030000600000101030140209T000001785102TH910400C3": ("014", "T00000178"),
    "0030000600000101030140209T000001785102TH9104C3": ("014", "T00000178"),
    "0030000600000101030140209T000033425102TH91040004": ("014", "T00003342"),
    "0030000600000101030140209T000033425102TH91044": ("014", "T00003342"),
    # the same project: TrueMoney, whose checksum is in small letters
    "00480002010102010203P2P0313TXN00012345670408250120249104b425": ("TMN", "TXN0001234567"),
    "00480002010102010203P2P0313TXN000000000504082501202491040549": ("TMN", "TXN0000000005"),
    "00480002010102010203P2P0313TXN00000000050408250120249104549": ("TMN", "TXN0000000005"),
}
NO_SLIPS = {
    # github *node-rdcw-slipverify, README: tag 62 does not fit, nor does the checksum
    "0038000600000101030060217Bf870bf26685f55526203TH9104CF62": Seen.OTHER,
    # seen on web pages, with lengths that do not fit
    "004600060000010103006022500676838621007608515903651021H9104476C": Seen.DAMAGED,
    "0044000600000101030066540570.00": Seen.OTHER,
    # github Jdemon/thaiqr, README: the inner length is wrong
    "003700040000010103006021620231130773524225102TH9104EC49": Seen.DAMAGED,
    # github awcode/ThaiPromptpay, tests: a placeholder
    "00460006000001010301402051234X5102TH9104XXXX": Seen.DAMAGED,
    # github maythiwat/promptparse, src/index.test.ts: PromptPay asks for money
    "00020101021229370016A0000006770101110113006680111111153037645802TH540520.15630442BE": Seen.PAYMENT,
    # the same: bills of companies, without and with an amount, and a bill's bar code
    "00020101021130620016A000000677010112011301122334455660211CUSTOMER0010306INV00153037645802TH62070703SCB6304780E": Seen.PAYMENT,
    "00020101021130550016A0000006770101120115099999999999990021211122233344453037645802TH63043EE7": Seen.PAYMENT,
    "00020101021230650016A00000067701011201150994000165501000212123456789012030667042953037645802TH54073649.2263044534": Seen.PAYMENT,
    "|099400016550100\r123456789012\r670429\r364922": Seen.OTHER,
    # github Jdemon/thaiqr@0f17627, promptpayqr_test.go
    "00020101021230570016A00000067701011201153110400394751010206REF0010304REF253037645406555.555802TH62100706SCB001630437C6": Seen.PAYMENT,
    # github uunw/thai-qr-payment@b9f5665, packages/payload/src/builder.test.ts: an account number, and another kind of bill
    "00020101021229370016A0000006770101110413014123456789053037645406100.005802TH6304901D": Seen.PAYMENT,
    "00020101021230550016A0000006770120060115099400016550100021212345678901253037645406100.005802TH63049D1C": Seen.PAYMENT,
    # github jojoee/promptpay@c60cc4f, tests/test_qrcode_generate_payload.py
    "00020101021129370016A000000677010111011300660000000005802TH530376463048956": Seen.PAYMENT,
    "https://line.me/R/ti/p/shop": Seen.OTHER,
    "": Seen.OTHER,
    "๐๐๔๑๐๐๐๖๐๐๐๐๐๑": Seen.OTHER,
    "²".join("0041000600000101030040220"): Seen.OTHER,
}


def test_the_checksums_check_value() -> None:
    """CRC-16/CCITT-FALSE in the catalogue of parametrised CRC algorithms."""
    assert tlv.crc16("123456789") == 0x29B1


@pytest.mark.parametrize(("text", "named"), SLIPS.items())
def test_a_slip_names_bank_and_reference(text: str, named: tuple[str, str]) -> None:
    code = codes.slip_code(text)
    assert code is not None
    assert (code.bank, code.reference, code.payload) == (*named, text)


@pytest.mark.parametrize(("text", "seen"), NO_SLIPS.items())
def test_anything_else_is_no_slip(text: str, seen: Seen) -> None:
    found = codes.among([text])
    assert found.slip is None
    assert found.seen == seen


def test_one_changed_letter_breaks_it() -> None:
    text = slip_text("016328140501BPP00001")
    for place in range(len(text)):
        changed = text[:place] + ("7" if text[place] != "7" else "8") + text[place + 1 :]
        assert codes.slip_code(changed) is None, place


def test_references_that_differ_in_case_only_are_different_transfers() -> None:
    texts = [slip_text("20261124AbCdEfGhIjKlMnOpQ", "014"), slip_text("20261124abCdEfGhIjKlMnOpQ", "014")]
    assert codes.among(texts).seen == Seen.TWO_SLIPS


def test_a_slip_counts_among_other_codes() -> None:
    slip = slip_text("016328140501BPP00001")
    found = codes.among(["https://line.me/R/ti/p/shop", slip, slip])
    assert (found.seen, found.slip and found.slip.payload) == (Seen.SLIP, slip)
    assert codes.among([]).seen == Seen.NONE


@given(st.text(max_size=700) | st.from_regex(r"(00\d{2}){1,200}9104[0-9A-F]{1,4}"))
def test_no_text_does_harm(text: str) -> None:
    codes.among([text])


@pytest.mark.parametrize("text", ["0", "0005x", "00", "00-1", "000100", "0001a0001b"])
def test_what_does_not_fit_to_the_last_character_is_refused(text: str) -> None:
    with pytest.raises(tlv.NotTlv):
        tlv.parse(text)


SEEN_AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("bank", "reference", "when"),
    [
        ("004", "016328140501BPP00001", datetime(2026, 11, 24, 7, 5, 1, tzinfo=UTC)),
        ("002", "2026112414050112345678901", datetime(2026, 11, 24, 7, 5, 1, tzinfo=UTC)),
        ("014", "20261124AbCdEfGhIjKlMnOpQ", datetime(2026, 11, 23, 17, 0, tzinfo=UTC)),
        ("011", "261124140501123456", datetime(2026, 11, 24, 7, 5, 1, tzinfo=UTC)),
        ("025", "KMA2611241405011234567890", datetime(2026, 11, 24, 7, 5, 1, tzinfo=UTC)),
        ("004", "017001140501BPP00001", None),  # a year that is still to come, or long ago
        ("004", "016999140501BPP00001", None),
        ("002", "9999999999999999999999999", None),
        ("030", "123456789012I123456B1234", None),
        ("999", "whatever", None),
    ],
)
def test_the_time_in_a_reference_is_a_guess(bank: str, reference: str, when: datetime | None) -> None:
    assert sent_at(bank, reference, SEEN_AT) == when


def test_a_bank_nobody_knows_keeps_its_number() -> None:
    assert (bank_name("004", "th"), bank_name("004", "en"), bank_name("999", "th")) == (
        "กสิกรไทย",
        "Kasikornbank",
        "999",
    )
