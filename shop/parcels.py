"""A carrier's list of parcels: which order each row is for, and why one cannot be used. Entering them is `fulfilment`.

Carriers' files differ: some carry the order's number, in a column of its own or in a remark, others only whom the
parcel went to. A row without a number is matched by its phone, if just one order to be sent goes there.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import carriers, delivery, fulfilment
from shop.errors import BadInput, BadSheet
from shop.models import Order
from shop.search_index import plain
from shop.spreadsheets import Row, Sheet
from shop.states import OrderState

MOST_ROWS = 1000
#: What the columns may be called in carriers' files, in Thai and English.
COLUMNS: Mapping[str, Sequence[str]] = {
    "order": (
        *(
            "Order",
            "Order number",
            "Order no",
            "Order ID",
            "Reference",
            "Ref",
            "Ref no",
            "Customer order number",
        ),
        *("เลขที่คำสั่งซื้อ", "หมายเลขคำสั่งซื้อ", "เลขคำสั่งซื้อ", "คำสั่งซื้อ", "เลขออเดอร์", "เลขที่ออเดอร์", "ออเดอร์"),
        *("เลขอ้างอิง", "หมายเลขอ้างอิง"),
    ),
    "tracking": (
        *(
            "Tracking",
            "Tracking number",
            "Tracking no",
            "Tracking code",
            "Tracking ID",
            "AWB",
            "AWB no",
            "Waybill",
        ),
        *("Waybill no", "Waybill number", "Consignment no", "Parcel number", "Barcode", "PNO"),
        *(
            "เลขพัสดุ",
            "หมายเลขพัสดุ",
            "เลขติดตาม",
            "เลขติดตามพัสดุ",
            "หมายเลขติดตามพัสดุ",
            "เลขแทรค",
            "เลขแทร็ก",
            "บาร์โค้ด",
        ),
        *("เลขที่ใบส่งสินค้า", "หมายเลขสิ่งของ"),
    ),
    "carrier": ("Carrier", "Courier", "Shipping company", "ขนส่ง", "บริษัทขนส่ง", "ผู้ให้บริการขนส่ง"),
    "phone": (
        *(
            "Phone",
            "Phone number",
            "Tel",
            "Telephone",
            "Mobile",
            "Recipient phone",
            "Receiver phone",
            "Consignee phone",
        ),
        *("เบอร์", "เบอร์โทร", "เบอร์โทรศัพท์", "โทรศัพท์", "เบอร์ผู้รับ", "เบอร์โทรผู้รับ", "เบอร์โทรศัพท์ผู้รับ"),
    ),
    "remark": ("Remark", "Remarks", "Note", "Notes", "Description", "หมายเหตุ", "โน้ต", "รายละเอียด"),
}
_NUMBER = re.compile(r"TL-?\s?(\d{8})", re.IGNORECASE)
_TO_BE_SENT = (OrderState.CONFIRMED, OrderState.PACKED)


class Problem(StrEnum):
    """Why a row cannot be used."""

    NO_TRACKING = "no_tracking"
    BAD_TRACKING = "bad_tracking"
    BAD_CARRIER = "bad_carrier"
    NO_ORDER = "no_order"  # it names none, and none can be told from the phone
    UNKNOWN_ORDER = "unknown_order"
    SEVERAL = "several"  # more than one order goes to this phone
    NOT_NOW = "not_now"  # the order cannot be sent as it stands
    TWICE = "twice"  # another row is for the same order


class Change(StrEnum):
    """What a row would do to its order."""

    SHIPS = "ships"
    CORRECTS = "corrects"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Parcel:
    """A row of a file: its number in the sheet, and either what it would do to which order, or its problem.

    `by_phone`: the order was told from the phone alone.
    """

    row: int
    tracking: str
    carrier: str = ""
    order: Order | None = None
    by_phone: bool = False
    change: Change | None = None
    problem: Problem | None = None


def check_columns(sheet: Sheet) -> None:
    """Raises BadSheet("parcels") for a sheet without tracking numbers, or with nothing that leads to an order."""
    if "tracking" not in sheet.columns or not {"order", "phone", "remark"} & set(sheet.columns):
        raise BadSheet("parcels")


def match(session: Session, sheet: Sheet, carrier: str) -> Sequence[Parcel]:
    """What each row of the sheet is for. `carrier` stands for rows that name none."""
    check_columns(sheet)
    numbers = {row.number: _number(row) for row in sheet.rows}
    by_number = _by_number(session, [number for number in numbers.values() if number])
    by_phone = _by_phone(session, [phone for row in sheet.rows if (phone := _phone(row))])
    found = [_parcel(row, numbers[row.number], carrier, by_number, by_phone) for row in sheet.rows]
    times = Counter(parcel.order.id for parcel in found if parcel.order and not parcel.problem)
    return [
        replace(parcel, problem=Problem.TWICE) if parcel.order and times[parcel.order.id] > 1 else parcel
        for parcel in found
    ]


def known_carrier(said: str) -> str:
    """The key of the carrier that a file or a seller calls so; as it was said, when it is no carrier we know."""
    wanted = plain(said)
    for key, known in carriers.CARRIERS.items():
        names = [plain(name) for name in (key, known.th, known.en)]
        if wanted and any(name.startswith(wanted) or wanted.startswith(name) for name in names):
            return key
    return said


def _parcel(
    row: Row,
    number: str,
    carrier: str,
    by_number: Mapping[str, Order],
    by_phone: Mapping[str, Sequence[Order]],
) -> Parcel:
    said = row.cells.get("tracking", "")
    parcel = Parcel(row.number, said)
    try:
        tracking = carriers.checked_tracking(said)
        parcel = replace(parcel, tracking=tracking)
        used = carriers.checked_carrier(known_carrier(row.cells.get("carrier", "") or carrier))
    except BadInput as error:
        wrong = Problem.BAD_TRACKING if error.field == "tracking" else Problem.BAD_CARRIER
        return replace(parcel, problem=wrong)
    parcel = replace(parcel, carrier=used)
    if not tracking:
        return replace(parcel, problem=Problem.NO_TRACKING)
    if number:
        order = by_number.get(number)
        return _with(parcel, order) if order else replace(parcel, problem=Problem.UNKNOWN_ORDER)
    going_there = by_phone.get(_phone(row), ())
    if len(going_there) > 1:
        return replace(parcel, problem=Problem.SEVERAL)
    if not going_there:
        return replace(parcel, problem=Problem.NO_ORDER)
    return replace(_with(parcel, going_there[0]), by_phone=True)


def _with(parcel: Parcel, order: Order) -> Parcel:
    sent = order.shipment
    if sent is not None and (sent.carrier, sent.tracking) == (parcel.carrier, parcel.tracking):
        return replace(parcel, order=order, change=Change.NOTHING)
    if "ship" not in fulfilment.steps(order):
        return replace(parcel, order=order, problem=Problem.NOT_NOW)
    return replace(parcel, order=order, change=Change.CORRECTS if sent else Change.SHIPS)


def _number(row: Row) -> str:
    """The order's number that the row names, in whichever of its columns; what else stands there is no number."""
    for column in ("order", "remark"):
        found = _NUMBER.search(row.cells.get(column, ""))
        if found:
            return f"TL-{found[1]}"
    named = row.cells.get("order", "").strip()
    return f"TL-{named}" if named.isdecimal() and len(named) == 8 else ""


def _phone(row: Row) -> str:
    said = row.cells.get("phone", "")
    try:
        return delivery.checked_phone(said) if said else ""
    except BadInput:
        return ""


def _by_number(session: Session, numbers: Sequence[str]) -> dict[str, Order]:
    found = session.scalars(select(Order).where(Order.number.in_(numbers)))
    return {order.number: order for order in found}


def _by_phone(session: Session, phones: Sequence[str]) -> Mapping[str, Sequence[Order]]:
    """The orders to be sent to each phone. Those that wait to be sent are few, whatever else there is."""
    waiting = select(Order).where(Order.state.in_(_TO_BE_SENT), Order.phone.in_(phones))
    found: defaultdict[str, list[Order]] = defaultdict(list)
    for order in session.scalars(waiting.order_by(Order.id)) if phones else ():
        found[order.phone or ""].append(order)
    return found
