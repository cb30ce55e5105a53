"""A carrier's file of parcels: where its header is, what its columns mean, what each row says. Which orders that
concerns is asked in `shop.parcels`.

No two carriers' files are alike, and none asks us: titles stand above the header, a meaning has several columns
("Order No" and "Reference"), headings are in one language or both ("Tracking No. (เลขพัสดุ)"). So a heading is known by
the words in it, and of several columns each row takes the first that holds what is wanted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from shop import carriers, delivery, spreadsheets
from shop.errors import BadInput, BadSheet
from shop.naming import names

MOST_ROWS = 1000
#: Above its header a file may have so many rows: a title, the sender, the day.
_HEADER_WITHIN = 15
_SHOWN_HEADINGS = 30
_LONGEST_HEADING = 200


class Meaning(StrEnum):
    """What a column holds."""

    TRACKING = "tracking"
    PHONE = "phone"
    ORDER = "order"
    REMARK = "remark"
    CARRIER = "carrier"


#: What a heading says of each. One that could be two is the earlier; of two columns the one with the earlier word goes
#: first.
_SAID_BY: Mapping[Meaning, Sequence[str]] = {
    Meaning.TRACKING: (
        *("เลขพัสดุ", "เลขที่พัสดุ", "tracking", "ติดตามพัสดุ", "เลขติดตาม", "แทร็ก", "แทรค", "แทรก"),
        *("trackingno", "trackingnumber", "trackingid", "trackingcode"),
        *("awb", "waybill", "consignment", "con no", "connote", "pno", "tn", "เลข ems"),
        *("parcel no", "parcel number", "parcel id", "shipment no", "shipment number", "shipment id"),
        *("เลขที่ใบส่งสินค้า", "ใบนำส่ง", "เลขขนส่ง", "เลขสิ่งของ", "เลขที่สิ่งของ", "barcode", "บาร์โค้ด"),
    ),
    Meaning.PHONE: ("phone", "mobile", "tel", "telephone", "โทร", "เบอร์", "มือถือ", "contact"),
    Meaning.ORDER: (
        *("คำสั่งซื้อ", "ใบสั่งซื้อ", "ออเดอร์", "order", "อ้างอิง", "reference", "ref", "invoice"),
        *("orderno", "orderid", "ordernumber", "refno"),
    ),
    Meaning.REMARK: (
        *("remark", "remarks", "note", "notes", "description", "memo"),
        *("หมายเหตุ", "โน้ต", "รายละเอียด"),
    ),
    Meaning.CARRIER: ("carrier", "courier", "shipping company", "ขนส่ง", "ผู้ให้บริการ"),
}
#: A heading with one of these speaks about the thing, and does not hold it.
_ABOUT = (
    *("date", "time", "status", "amount", "fee", "price", "total", "type", "url", "link", "return", "sku"),
    *("product", "branch", "hub", "method", "บาร์โค้ดสินค้า", "สาขา", "ศูนย์", "วิธี", "ลิงก์"),
    *("วันที่", "เวลา", "สถานะ", "ยอด", "ราคา", "ค่าบริการ", "ค่าขนส่ง", "จำนวน", "ประเภท", "ตีกลับ", "ส่งคืน"),
)
#: Whose phone it is: that of the parcel's receiver, or of somebody who sends or brings it.
_RECEIVER = ("receiver", "recipient", "consignee", "customer", "buyer", "ผู้รับ", "ลูกค้า", "ปลายทาง")
_OTHERS = (
    *("sender", "shipper", "seller", "merchant", "shop", "from", "origin"),
    *("driver", "rider", "courier", "pickup"),
    *("ผู้ส่ง", "ต้นทาง", "ร้าน", "ผู้ขาย", "พนักงาน", "คนขับ", "ไรเดอร์"),
)
_LEADS_TO_AN_ORDER = {Meaning.ORDER, Meaning.PHONE, Meaning.REMARK}
_NUMBER = re.compile(r"(?<![A-Z0-9])TL-?\s?(\d{8})(?!\d)", re.IGNORECASE)
_BETWEEN_PHONES = re.compile(r"[,;/|\n]|หรือ|และ")


@dataclass(frozen=True)
class Line:
    """What a row says of a parcel: its number in the file, the parcel's number as it is written there, the number of
    our order that it names, the phones (E.164) of whom it goes to, the carrier as it is called there. Empty is unsaid.
    """

    row: int
    tracking: str
    order: str = ""
    phones: Sequence[str] = ()
    carrier: str = ""


@dataclass(frozen=True)
class CarrierFile:
    """The parcels of a file, and the headings that they were read from, by what they mean."""

    lines: Sequence[Line]
    headings: Mapping[Meaning, Sequence[str]]


def read(data: bytes) -> CarrierFile:
    """What a carrier's XLSX or CSV file says. Takes seconds of a large one: call it in a thread.

    Raises BadSheet with what `spreadsheets.read` says, or "empty", "rows" (more than MOST_ROWS), or with the headings
    that were found: "tracking" (none is of tracking numbers), "order" (nothing leads to orders).
    """
    rows = spreadsheets.read(data, most_rows=MOST_ROWS + _HEADER_WITHIN)
    start, columns = _header(rows)
    lines = [
        line
        for number, row in enumerate(rows[start + 1 :], start + 2)
        if (line := _line(number, row, columns))
    ]
    if len(lines) > MOST_ROWS:
        raise BadSheet("rows")
    return CarrierFile(
        lines, {meaning: [rows[start][place] for place in of] for meaning, of in columns.items()}
    )


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, Mapping[Meaning, Sequence[int]]]:
    """The first row whose cells say enough, and for each meaning its columns, the best first."""
    above = [number for number, row in enumerate(rows) if any(row)][:_HEADER_WITHIN]
    if not above:
        raise BadSheet("empty")
    meant = {number: _columns(rows[number]) for number in above}
    for number in above:
        if Meaning.TRACKING in meant[number] and _LEADS_TO_AN_ORDER & meant[number].keys():
            return number, meant[number]
    likely = max(above, key=lambda number: (len(meant[number]), sum(map(bool, rows[number])), -number))
    headings = [" ".join(heading.split()) for heading in rows[likely] if heading]
    missing = "order" if Meaning.TRACKING in meant[likely] else "tracking"
    raise BadSheet(missing, headings=headings[:_SHOWN_HEADINGS])


def _columns(headings: Sequence[str]) -> Mapping[Meaning, Sequence[int]]:
    found: dict[Meaning, list[tuple[int, int]]] = {}
    for place, heading in enumerate(headings):
        meaning, rank = _meaning(heading)
        if meaning:
            found.setdefault(meaning, []).append((rank, place))
    columns = {meaning: [place for _rank, place in sorted(of)] for meaning, of in found.items()}
    receivers = [place for place in columns.get(Meaning.PHONE, ()) if _says(headings[place], _RECEIVER)]
    return {**columns, Meaning.PHONE: receivers} if receivers else columns


def _meaning(heading: str) -> tuple[Meaning | None, int]:
    """What the heading says, and by which of the words for it."""
    if not heading or len(heading) > _LONGEST_HEADING or _says(heading, _ABOUT):
        return None, 0
    for meaning, words in _SAID_BY.items():
        rank = next((rank for rank, word in enumerate(words) if names(heading, word)), None)
        if rank is not None and not (meaning is Meaning.PHONE and _says(heading, _OTHERS)):
            return meaning, rank
    return None, 0


def _says(heading: str, words: Sequence[str]) -> bool:
    return any(names(heading, word) for word in words)


def _line(number: int, row: Sequence[str], columns: Mapping[Meaning, Sequence[int]]) -> Line | None:
    """What the row says; None if that is nothing: an empty one, or a sum below the parcels."""

    def cells(meaning: Meaning) -> list[str]:
        return [
            bare for place in columns.get(meaning, ()) if place < len(row) and (bare := _bare(row[place]))
        ]

    tracking = cells(Meaning.TRACKING)
    line = Line(
        number,
        next(filter(_could_be_tracking, tracking), tracking[0] if tracking else ""),
        _order(cells(Meaning.ORDER), cells(Meaning.REMARK)),
        list(dict.fromkeys(phone for cell in cells(Meaning.PHONE) for phone in _phones(cell))),
        next(iter(cells(Meaning.CARRIER)), ""),
    )
    return line if line.tracking or line.order or line.phones else None


def _bare(cell: str) -> str:
    """Without what is there only for Excel, or cannot be seen."""
    seen = "".join(character for character in cell if unicodedata.category(character) != "Cf")
    return seen.strip().lstrip("'`").strip()


def _could_be_tracking(cell: str) -> bool:
    try:
        return bool(carriers.checked_tracking(cell))
    except BadInput:
        return False


def _order(numbers: Sequence[str], remarks: Sequence[str]) -> str:
    """Our number, wherever it stands; what else is there are other people's numbers."""
    for cell in (*numbers, *remarks):
        if found := _NUMBER.search(cell):
            return f"TL-{found[1]}"
    return next(
        (f"TL-{cell}" for cell in numbers if len(cell) == 8 and cell.isascii() and cell.isdecimal()), ""
    )


def _phones(cell: str) -> Iterator[str]:
    for said in _BETWEEN_PHONES.split(cell):
        try:
            yield delivery.checked_phone(said)
        except BadInput:
            continue
