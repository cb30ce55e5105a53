"""What people call the carriers, and where their parcels are followed."""

from __future__ import annotations

import pytest

from shop import carriers, naming
from shop.errors import BadInput

CALLED = {
    "thailand_post": (
        "EMS",
        "ems",
        "ไปรษณีย์ไทย EMS",
        "ปณท.",
        "Thailand Post",
        "ThailandPost",
        "ไปรษณีย์ (ลงทะเบียน)",
    ),
    "flash": ("Flash", "FLASH EXPRESS", "แฟลช", "แฟลช เอ็กเพรส", "flash-express", "FlashExpress"),
    "jt": ("J&T", "J&T Express", "JT Express", "J & T", "เจแอนด์ที", "เจ แอนด์ ที", "jnt"),
    "kex": ("Kerry", "Kerry Express", "KERRY", "KEX", "เคอรี่", "เคอรี่ เอ็กซ์เพรส", "Kerry Express (KEX)"),
    "spx": ("SPX", "Shopee Express", "Shopee Xpress", "ShopeeExpress", "ช้อปปี้ เอ็กซ์เพรส", "spx express"),
    "ninja_van": ("Ninja Van", "NinjaVan", "ninja", "นินจาแวน"),
    "dhl": ("DHL", "DHL eCommerce", "ดีเอชแอล"),
}


@pytest.mark.parametrize(("key", "said"), [(key, said) for key, names in CALLED.items() for said in names])
def test_a_carrier_is_known_by_what_people_call_it(key: str, said: str) -> None:
    assert carriers.checked_carrier(f" {said} ") == key
    assert carriers.tracking_page(carriers.checked_carrier(said), "TH0112345678")


@pytest.mark.parametrize("key", carriers.CARRIERS)
def test_a_carrier_is_known_by_its_key_and_by_its_own_names(key: str) -> None:
    known = carriers.CARRIERS[key]
    assert {carriers.checked_carrier(said) for said in (key, known.th, known.en)} == {key}


@pytest.mark.parametrize(
    "said", ["Best Express", "ลุงสมหมาย", "Lalamove", "Systems Logistics", "J", "Shopee (Flash)", "ขนส่งเอกชน"]
)
def test_a_carrier_that_is_not_known_or_not_clear_stays_as_it_was_said(said: str) -> None:
    assert carriers.checked_carrier(said) == said
    assert carriers.tracking_page(said, "TH0112345678") is None


@pytest.mark.parametrize(("said", "reason"), [(" ", "missing"), ("x" * 41, "long")])
def test_what_cannot_be_a_carriers_name_is_refused(said: str, reason: str) -> None:
    with pytest.raises(BadInput) as refused:
        carriers.checked_carrier(said)
    assert (refused.value.field, refused.value.reason) == ("carrier", reason)


@pytest.mark.parametrize(
    ("text", "phrase", "named"),
    [
        ("ReceiverPhone", "phone", True),
        ("*(Phone_number)เบอร์โทรศัพท์", "phone number", True),
        ("เบอร์โทรศัพท์ ผู้รับ", "โทรศัพท์ผู้รับ", True),
        ("จํานวน", "จำนวน", True),  # one letter or two
        ("Telephone", "tel", False),
        ("Items", "EMS", False),
    ],
)
def test_english_is_found_by_whole_words_and_thai_anywhere(text: str, phrase: str, *, named: bool) -> None:
    assert naming.names(text, phrase) is named
