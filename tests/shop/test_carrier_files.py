"""Files as the carriers of Thailand and the programs of their senders make them, and what is read from each."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from openpyxl import Workbook

from shop import carrier_files
from shop.carrier_files import Line
from shop.errors import BadSheet

PHONES = ["+66812345678"]


def xlsx(*rows: Sequence[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv(*rows: str, encoding: str = "utf-8-sig") -> bytes:
    return "\r\n".join(rows).encode(encoding)


FLASH = xlsx(
    [
        "Customer_order_number\n(เลขออเดอร์ของลูกค้า)",
        "*Consignee_name\n(ชื่อผู้รับ)",
        "*Phone_number\n(เบอร์โทรศัพท์)",
        "Phone_number2\n(เบอร์โทรศัพท์2)",
        "COD\n(ยอดเรียกเก็บ)",
        "Remark1\n(หมายเหตุ1)",
        "Remark2\n(หมายเหตุ2)",
        "PNO\n(เลขพัสดุ)",
        "สถานะพัสดุ",
    ],
    [None, "สมหญิง ใจดี", "0812345678", "", 290, "TL-11112222", "", "TH47014ABCD12A", "เซ็นรับแล้ว"],
)
KEX = csv(
    "Kerry Express - Shipment Report,,,,,,,",
    "Sender: Baan Fai,02-111-2222,,,,,,",
    "Print date,2026-11-26,,,,,,",
    ",,,,,,,",
    "No.,Consignment No.,Ref No.,Sender Mobile,Recipient Name,Recipient Mobile No.,COD Amount,Remark",
    '1,KEX20112345678,TL-11112222,0990001111,สมหญิง ใจดี,"=""0812345678""",290.00,',
    "Total,,,,,,290.00,",
)
JT = csv(
    "หมายเลขพัสดุ,หมายเลขออเดอร์ลูกค้า,เบอร์โทรผู้ส่ง,ชื่อผู้รับ,เบอร์โทรผู้รับ,วันที่สร้างคำสั่งซื้อ",
    '="820012345678",TL11112222,0990001111,สมหญิง ใจดี,="0812345678",20261126',
    encoding="cp874",
)
POST = xlsx(
    ["รายงานการรับฝากสิ่งของ EMS"],
    ["บริษัท ไปรษณีย์ไทย จำกัด", None, None, None, "วันที่ 26/11/2569"],
    [None],
    ["ลำดับ", "หมายเลขสิ่งของ", "ชื่อผู้รับ", "โทรศัพท์ผู้รับ", "รหัสไปรษณีย์", "น้ำหนัก", "หมายเหตุ"],
    [1, "EF582568151TH", "สมหญิง ใจดี", 812345678, "10110", 0.5, "ออเดอร์ TL-11112222"],
    ["รวม", None, None, None, None, 0.5],
)
SPX = csv(
    "Tracking No. (เลขพัสดุ);Order No;Reference;Receiver Name;Receiver Mobile;Order Date",
    "SPXTH012345678A;2611268TEYQ5;TL-11112222;Somying, Jaidee;+66 81 234 5678;2026-11-26",
)
NINJA = csv(
    "Tracking ID\tRequested Tracking Number\tShipper Order Number\tContact\tDelivery Instructions",
    "SHOPNV000123456\t000123456\tTL-11112222\t081-234-5678, 02-123-4567\tฝากป้อมยาม",
    encoding="utf-16",
)
DHL = csv(
    "Shipment Order ID,Tracking ID,Consignee Tel,Shipment Description,Tracking Status,Tracking URL",
    "'11112222,7127000012345,'0812345678,เสื้อยืด,DELIVERED,https://example.com/7127000012345",
)

FILES = {
    "Flash Express": (FLASH, Line(2, "TH47014ABCD12A", "TL-11112222", PHONES)),
    "KEX, once Kerry": (KEX, Line(6, "KEX20112345678", "TL-11112222", PHONES)),
    "J&T": (JT, Line(2, "820012345678", "TL-11112222", PHONES)),
    "Thailand Post": (POST, Line(5, "EF582568151TH", "TL-11112222", PHONES)),
    "SPX": (SPX, Line(2, "SPXTH012345678A", "TL-11112222", PHONES)),
    "Ninja Van": (NINJA, Line(2, "SHOPNV000123456", "TL-11112222", [*PHONES, "+6621234567"])),
    "DHL": (DHL, Line(2, "7127000012345", "TL-11112222", PHONES)),
}


@pytest.mark.parametrize("carrier", FILES)
def test_each_carriers_file_says_parcel_order_and_phone(carrier: str) -> None:
    data, line = FILES[carrier]
    assert carrier_files.read(data).lines == [line]


@pytest.mark.parametrize(
    "headings",
    [
        "Order No,Reference,Tracking",
        "Remark,Note,Tracking Number",
        "*Order No,เลขที่อ้างอิง,AWBNo",
        "หมายเลขคำสั่งซื้อ (ร้าน),Customer Ref.,Waybill",
        "ใบสั่งซื้อ,Invoice No,TrackingNumber",
        "orderid,ref no,trackingno",
    ],
)
def test_of_several_columns_each_row_takes_the_one_that_says_it(headings: str) -> None:
    rows = ("TL-11112222,,TH111111", "A77,tl 11112223,TH222222", ",,TH333333")
    lines = carrier_files.read(csv(headings, *rows)).lines
    assert [(line.order, line.tracking) for line in lines] == [
        ("TL-11112222", "TH111111"),
        ("TL-11112223", "TH222222"),
        ("", "TH333333"),
    ]


def test_a_tracking_number_that_can_be_one_goes_before_one_that_cannot() -> None:
    data = csv(
        "เลขพัสดุ,Barcode,โทร.ลูกค้า", "-,TH111111,0812345678", "TH222222,8850001,0812345678", "ยังไม่มี,,0812345678"
    )
    assert [line.tracking for line in carrier_files.read(data).lines] == ["TH111111", "TH222222", "ยังไม่มี"]


def test_what_only_speaks_about_the_parcel_is_not_taken_for_its_number() -> None:
    headings = ("Return Tracking Number", "Tracking Status", "เลขพัสดุตีกลับ", "Order Total", "Tracking", "Phone")
    [line] = carrier_files.read(
        csv(",".join(headings), "RT99999,PICKED,RT88888,11112222,TH111111,0812345678")
    ).lines
    assert line == Line(2, "TH111111", "", PHONES)


@pytest.mark.parametrize(
    ("cell", "phones"),
    [
        ("081-234-5678, 02-123-4567", ["+66812345678", "+6621234567"]),
        ("081 234 5678 / 0812345678", ["+66812345678"]),
        ("๐๘๑-๒๓๔-๕๖๗๘ หรือ 0899999999", ["+66812345678", "+66899999999"]),
        ("812345678", ["+66812345678"]),
        ("081-xxx-5678", []),
    ],
)
def test_every_phone_in_a_cell_counts(cell: str, phones: list[str]) -> None:
    [line] = carrier_files.read(csv("Tracking,Tel", f'TH111111,"{cell}"')).lines
    assert line.phones == phones


def test_the_receivers_phone_is_taken_wherever_the_senders_stands() -> None:
    for headings in ("เบอร์ผู้ส่ง,เบอร์ผู้รับ", "Phone,Consignee Phone", "Shop Tel,Tel", "Sender Mobile,มือถือ"):
        [line] = carrier_files.read(csv(f"awb,{headings}", "TH111111,0990001111,0812345678")).lines
        assert line.phones == PHONES, headings


def test_the_carrier_is_read_where_a_row_names_one() -> None:
    data = csv("tracking,ขนส่ง,ค่าขนส่ง,สาขาขนส่ง,order", "TH111111,Flash,35,บางนา,TL-11112222", "TH2,,,,TL-1")
    assert [line.carrier for line in carrier_files.read(data).lines] == ["Flash", ""]


def test_the_headings_that_were_used_can_be_shown() -> None:
    assert carrier_files.read(SPX).headings == {
        "tracking": ["Tracking No. (เลขพัสดุ)"],
        "phone": ["Receiver Mobile"],
        "order": ["Order No", "Reference"],
    }


@pytest.mark.parametrize(
    ("data", "reason", "headings"),
    [
        (b"\n , \n", "empty", []),
        (csv("ชื่อ,อายุ", "Nok,5"), "tracking", ["ชื่อ", "อายุ"]),
        (csv("รายการ", "Order No,Phone", "TL-11112222,081"), "tracking", ["Order No", "Phone"]),
        (csv("Parcels of today", "Tracking\t,Weight", "TH111111,2"), "order", ["Tracking", "Weight"]),
        (csv("order,tracking", *["TL-11112222,TH111111"] * 1001), "rows", []),
        (csv(*["-"] * 15, "order,tracking", "TL-11112222,TH111111"), "tracking", ["-"]),
    ],
)
def test_a_file_that_lacks_something_says_what_was_found(
    data: bytes, reason: str, headings: list[str]
) -> None:
    with pytest.raises(BadSheet) as refused:
        carrier_files.read(data)
    assert (refused.value.reason, list(refused.value.headings)) == (reason, headings)


def test_a_thousand_parcels_below_a_title_are_read() -> None:
    rows = (f"TL-{number:08d},TH{number:06d}" for number in range(1000))
    assert len(carrier_files.read(csv("พัสดุวันนี้", "", "order,tracking", *rows)).lines) == 1000
