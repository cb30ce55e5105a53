"""Addresses in Thailand: what a typed one says of its place, what it lacks, and where earlier parcels went.

The places and postal codes are geothai's (the Department of Provincial Administration's list, with Thailand Post's
codes).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import geothai
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models import Order

_BANGKOK = "10"
_SEPARATORS = re.compile(r"[\s,'()-]+")
_POSTAL_CODE = re.compile(r"(?<![\d/-])[1-9]\d{4}(?![\d/-])")
#: What people write before a district's or a province's name; a sub-district of the same name is not meant then.
_LARGER = r"(?<!เขต)(?<!อำเภอ)(?<!อ\.)(?<!จ\.)(?<!จังหวัด)(?<!amphoe)(?<!khet)"
_BANGKOK_NAMES = ("กรุงเทพ", "กทม", "bangkok", "bkk")
#: Names this short are parts of other words too often to be believed without their mark ("ต.", "แขวง").
_SHORT = 4


@dataclass(frozen=True)
class Place:
    """A sub-district with the district and province it is in, and its postal code. `code` is the official number."""

    code: str
    subdistrict: str
    district: str
    province: str
    province_th: str
    postal_code: str

    @property
    def line(self) -> str:
        """As it is written on a parcel: "ต.สุเทพ อ.เมืองเชียงใหม่ จ.เชียงใหม่ 50200"."""
        if not _is_thai(self.subdistrict):
            return f"{self.subdistrict}, {self.district}, {self.province} {self.postal_code}"
        if self.code.startswith(_BANGKOK):
            return f"แขวง{self.subdistrict} {self.district} {self.province} {self.postal_code}"
        return f"ต.{self.subdistrict} อ.{self.district} จ.{self.province} {self.postal_code}"


@dataclass(frozen=True)
class Address:
    """What a typed address says: `text` as it was typed, completed as far as that is certain.

    `province` (its Thai name) and `postal_code` as far as they are known; `candidates`: the places it may be in, when
    the sub-district is not certain.
    """

    text: str
    province: str | None
    postal_code: str | None
    candidates: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Delivery:
    """Where an earlier order went; `phone` in E.164, `province` in Thai."""

    order_number: str
    recipient: str
    phone: str
    address: str
    province: str | None
    postal_code: str | None


def read(text: str) -> Address:
    """What the address says of its place. Nothing is refused: a place geothai does not know stays as it was typed."""
    plain = _plain(text)
    codes = [code for code in _POSTAL_CODE.findall(_ascii_digits(text)) if geothai.by_postal_code(code)]
    best = _best(_in_reach(plain, codes[-1] if codes else None), plain)
    language = "th" if _is_thai(text) else "en"
    places = [_place(address, codes[-1] if codes else None, language) for address in best]
    if len(places) == 1 and _names(plain, best[0].subdistrict, alone=True):
        return Address(_completed(text, plain, places[0]), places[0].province_th, places[0].postal_code)
    provinces = {place.province_th for place in places}
    codes = codes or sorted({place.postal_code for place in places})
    return Address(
        text,
        provinces.pop() if len(provinces) == 1 else None,
        codes[-1] if len(set(codes)) == 1 else None,
        tuple(places),
    )


def at(text: str, code: str) -> Address:
    """The address, in the place with this number that the customer has chosen; an unknown number changes nothing."""
    found = geothai.address(code)
    if found is None:
        return read(text)
    codes = [part for part in _POSTAL_CODE.findall(text) if part in found.subdistrict.postal_codes]
    place = _place(found, codes[-1] if codes else None, "th" if _is_thai(text) else "en")
    without_code = _POSTAL_CODE.sub("", text).strip(" ,")
    for name in (place.province, *(("กรุงเทพ", "กทม.", "กทม") if code.startswith(_BANGKOK) else ())):
        without_code = without_code.removesuffix(name).strip(" ,").removesuffix(" จ.")
    return Address(f"{without_code} {place.line}", place.province_th, place.postal_code)


def is_postal_code(digits: str) -> bool:
    """Whether five digits, Thai ones too, are the postal code of a place."""
    return bool(geothai.by_postal_code(_ascii_digits(digits)))


def earlier(session: Session, customer_id: int, limit: int = 3) -> list[Delivery]:
    """Where the customer's latest orders went, each place once, newest first."""
    mine = select(Order).where(Order.customer_id == customer_id, Order.address.is_not(None))
    found: dict[tuple[str | None, ...], Delivery] = {}
    for order in session.scalars(mine.order_by(Order.id.desc()).limit(20)):
        if order.recipient and order.phone and order.address:
            where = Delivery(
                order.number, order.recipient, order.phone, order.address, order.province, order.postal_code
            )
            found.setdefault((where.recipient, where.phone, where.address), where)
    return list(found.values())[:limit]


def _in_reach(plain: str, postal_code: str | None) -> Sequence[geothai.types.Address]:
    """The places that the postal code, else the province, else the district leaves."""
    if postal_code is not None:
        return _addresses(geothai.by_postal_code(postal_code))
    provinces = [province for province in geothai.provinces() if _names_province(plain, province)]
    districts = [
        district
        for province in provinces or geothai.provinces()
        for district in geothai.districts(province.code)
        if _names_district(plain, district)
    ]
    return _addresses([part for district in districts for part in geothai.subdistricts(district.code)])


def _best(places: Sequence[geothai.types.Address], plain: str) -> list[geothai.types.Address]:
    """Those that most of the typed names fit."""
    points = [
        (
            4 * _names(plain, place.subdistrict, alone=True)
            + 2 * _names_district(plain, place.district)
            + _names_province(plain, place.province),
            place,
        )
        for place in places
    ]
    most = max((number for number, _ in points), default=0)
    best = [place for number, place in points if number == most]
    # "Bang Phut, Pak Kret": once named, Pak Kret is the district, although a sub-district is called so too.
    others = [place for place in best if not _named_as_its_district(plain, place)]
    return others or best


def _named_as_its_district(plain: str, place: geothai.types.Address) -> bool:
    names = [
        (place.subdistrict.name_th, place.district.name_th),
        (place.subdistrict.name_en, place.district.name_en),
    ]
    return any(own == larger and plain.count(_plain(own)) == 1 for own, larger in names)


def _names(plain: str, area: geothai.types.Subdistrict | geothai.types.District, *, alone: bool) -> bool:
    """Whether the text names the area; `alone`: as itself, not as the district or province of the same name."""
    thai, english = _plain(area.name_th), _plain(area.name_en)
    if thai not in plain:
        return len(english) > _SHORT and english in plain
    before = _LARGER if alone else ""
    marked = re.search(rf"(?:ตำบล|ต\.|แขวง|tambon|khwaeng){re.escape(thai)}", plain)
    if len(thai) < _SHORT:
        return bool(marked)
    return bool(marked or re.search(before + re.escape(thai), plain) or english in plain)


def _names_district(plain: str, district: geothai.types.District) -> bool:
    capital = district.code.endswith("01") and not district.code.startswith(_BANGKOK)
    if capital and re.search(r"(?:อำเภอ|อ\.|^|[^ก-๙])เมือง|mueang|muang", plain):
        return True
    return _names(plain, district, alone=False) or bool(
        re.search(rf"(?:อำเภอ|อ\.|เขต){re.escape(_plain(district.name_th))}", plain)
    )


def _names_province(plain: str, province: geothai.types.Province) -> bool:
    if province.code == _BANGKOK:
        return any(name in plain for name in _BANGKOK_NAMES)
    return _plain(province.name_th) in plain or _plain(province.name_en) in plain


def _completed(text: str, plain: str, place: Place) -> str:
    """The text with the province and the postal code that it lacks."""
    province = geothai.province(place.code[:2])
    parts = [text]
    if province is not None and not _names_province(plain, province):
        parts.append(place.province if place.code.startswith(_BANGKOK) else _marked(place.province))
    if place.postal_code not in _ascii_digits(text):
        parts.append(place.postal_code)
    return " ".join(parts)


def _marked(province: str) -> str:
    return f"จ.{province}" if _is_thai(province) else province


def _addresses(areas: Sequence[geothai.types.Subdistrict]) -> list[geothai.types.Address]:
    return [found for area in areas if (found := geothai.address(area.code)) is not None]


def _place(address: geothai.types.Address, postal_code: str | None, language: str) -> Place:
    thai = language == "th"
    subdistrict, district, province = address.subdistrict, address.district, address.province
    return Place(
        subdistrict.code,
        subdistrict.name_th if thai else subdistrict.name_en,
        district.name_th if thai else district.name_en,
        province.name_th if thai else province.name_en,
        province.name_th,
        postal_code or subdistrict.postal_codes[0],
    )


def squeezed(text: str) -> str:
    """The text as names of places are compared: small letters, without spaces and the like."""
    return _SEPARATORS.sub("", text).casefold()


_plain = lru_cache(maxsize=20_000)(squeezed)  # every place's name is asked for again and again


def _ascii_digits(text: str) -> str:
    return "".join(str(int(character)) if character.isdecimal() else character for character in text)


def _is_thai(text: str) -> bool:
    return any("ก" <= character <= "๙" for character in text)
