"""What a typed address says of its place. The places are geothai's; the streets and numbers are made up."""

from __future__ import annotations

import pytest

from shop import addresses, orders
from shop.db import Database
from tests.factories import make_channel, make_customer, make_order, make_shop, make_variant


@pytest.mark.parametrize(
    ("typed", "province", "postal_code"),
    [
        ("99/1 หมู่ 5 ต.บางพูด อ.ปากเกร็ด จ.นนทบุรี 11120", "นนทบุรี", "11120"),
        ("123 ถนนสุขุมวิท แขวงคลองตัน เขตคลองเตย กรุงเทพ 10110", "กรุงเทพมหานคร", "10110"),
        ("45/67 ซอยรามคำแหง 24 แขวงหัวหมาก เขตบางกะปิ กทม. 10240", "กรุงเทพมหานคร", "10240"),
        ("254 ถ.พญาไท แขวงวังใหม่ เขตปทุมวัน กรุงเทพมหานคร ๑๐๓๓๐", "กรุงเทพมหานคร", "10330"),
        ("15/3 Patak Rd, Karon, Phuket 83100", "ภูเก็ต", "83100"),
        ("88 Nimman Soi 9, Suthep, Muang, Chiang Mai 50200", "เชียงใหม่", "50200"),
    ],
)
def test_a_whole_address_is_understood_and_stays_as_it_was_typed(
    typed: str, province: str, postal_code: str
) -> None:
    assert addresses.read(typed) == addresses.Address(typed, province, postal_code)


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("8 ม.3 ต.สุเทพ อ.เมือง เชียงใหม่", "8 ม.3 ต.สุเทพ อ.เมือง เชียงใหม่ 50200"),
        ("123/4 ต.หนองหาร อ.สันทราย", "123/4 ต.หนองหาร อ.สันทราย จ.เชียงใหม่ 50290"),
        ("99/1 Moo 5, Bang Phut, Pak Kret, Nonthaburi", "99/1 Moo 5, Bang Phut, Pak Kret, Nonthaburi 11120"),
    ],
)
def test_what_the_names_already_say_is_filled_in(typed: str, completed: str) -> None:
    assert addresses.read(typed).text == completed


def test_a_postal_code_alone_gives_the_province_and_proposes_the_sub_districts() -> None:
    address = addresses.read("8 Soi Ari, Bangkok 10400")
    assert (address.text, address.province) == ("8 Soi Ari, Bangkok 10400", "กรุงเทพมหานคร")
    assert "Sam Sen Nai" in {place.subdistrict for place in address.candidates}


def test_the_chosen_sub_district_completes_the_address() -> None:
    address = addresses.read("56/2 ซ.อารีย์ กทม 10400")
    chosen = next(place for place in address.candidates if place.subdistrict == "สามเสนใน")
    completed = addresses.at(address.text, chosen.code)
    assert completed.text == "56/2 ซ.อารีย์ แขวงสามเสนใน เขตพญาไท กรุงเทพมหานคร 10400"
    assert addresses.read(completed.text).candidates == ()


@pytest.mark.parametrize(
    "typed", ["บ้านแม่", "99999 somewhere 00000", "Hauptstraße 5, 10115 Berlin", "", "%s{}"]
)
def test_a_place_that_is_not_known_stays_as_it_was_typed(typed: str) -> None:
    address = addresses.read(typed)
    assert (address.text, address.province, address.candidates) == (typed, None, ())


def test_earlier_addresses_are_offered_once_and_newest_first(database: Database) -> None:
    with database.transaction() as session:
        make_shop(session)
        nok = make_customer(session, make_channel(session))
        shirt = make_variant(session, stock=9)
        for number, house in enumerate(("1", "2", "1")):
            order = make_order(session, nok, shirt, cause=f"tap {number}")
            address = f"{house} ต.สุเทพ อ.เมือง จ.เชียงใหม่ 50200"
            orders.set_delivery(session, order.id, recipient="Nok", phone="0812345678", address=address)
        make_order(session, nok, shirt, cause="tap 3")
        assert [where.address[0] for where in addresses.earlier(session, nok.id)] == ["1", "2"]
        assert addresses.earlier(session, nok.id + 1) == []
