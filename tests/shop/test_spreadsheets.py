"""Files from anybody's spreadsheet program, read under limits; and what is written runs no formula."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from shop import spreadsheets
from shop.errors import BadSheet

THAI = "รหัสสินค้า,ชื่อ\nA1,เสื้อยืด\n"
NAMES = {"sku": ("SKU", "รหัสสินค้า"), "name": ("Name (Thai)", "ชื่อ")}


def xlsx(*rows, more=None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if more:
        more(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp874", "tis-620"])
def test_thai_is_read_however_the_program_has_written_it(encoding):
    assert spreadsheets.read(THAI.encode(encoding)) == [["รหัสสินค้า", "ชื่อ"], ["A1", "เสื้อยืด"]]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_cells_end_with_commas_semicolons_or_tabs(sign):
    text = f'sku{sign}name\r\nA{sign}"two\nlines, {sign}"\r\n'
    assert spreadsheets.read(text.encode()) == [["sku", "name"], ["A", f"two\nlines, {sign}".strip()]]


def test_what_was_kept_as_text_for_excel_is_read_without_its_guard():
    text = 'sku,name\n="0812345678","=""8200,1"""\n\'=SUM(A1),=SUM(A1)\n'
    assert spreadsheets.read(text.encode())[1:] == [["0812345678", "8200,1"], ["=SUM(A1)", "=SUM(A1)"]]


def test_a_title_says_nothing_of_the_sign_between_cells():
    assert spreadsheets.read(b"Parcels, of today, all\n\nsku;name\nA;b, c\n")[2:] == [
        ["sku", "name"],
        ["A", "b, c"],
    ]


def test_numbers_and_times_of_excel_are_read_as_they_are_meant():
    data = xlsx(
        ["price", 1500.0, 12.5, 1234567890123, 0.1, True],
        [None, None],
        ["at", datetime(2026, 11, 2, 3, 4)],  # noqa: DTZ001  # as Excel has them
    )
    assert spreadsheets.read(data) == [
        ["price", "1500", "12.5", "1234567890123", "0.1", "True"],
        [],
        ["at", "2026-11-02 03:04:00"],
    ]


def test_rows_are_known_by_their_headings_in_both_languages_and_counted_as_the_program_counts_them():
    rows = spreadsheets.read("\n  sku ,Colour,ชื่อ\n\nA1,red,เสื้อ\nA2\n\n\n".encode())
    sheet = spreadsheets.sheet(rows, NAMES)
    assert (sheet.columns, sheet.unknown) == (["sku", "name"], ["Colour"])
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (4, {"sku": "A1", "name": "เสื้อ"}),
        (5, {"sku": "A2"}),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "empty"), ("\n , \n", "empty"), ("a,b\n1,2", "header"), ("SKU,sku\n1,2", "twice")],
)
def test_a_table_without_a_usable_header_is_refused(text, reason):
    with pytest.raises(BadSheet) as refused:
        spreadsheets.sheet(spreadsheets.read(text.encode()), NAMES)
    assert refused.value.reason == reason


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


def with_part(data: bytes, name: str, change) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
)
HOSTILE = {
    "too many bytes": (bytes(spreadsheets.MOST_BYTES + 1), "large"),
    "a bomb": (archive(**{SHEET: bytes(70 * 1024 * 1024)}), "large"),
    "a very long cell": (b"a," + b"x" * 20_000, "large"),
    "very many rows": (b"a\n" * (spreadsheets.MOST_ROWS + 2), "rows"),
    "very many columns": (b"," * 200 + b"x", "columns"),
    "very many columns in Excel": (xlsx(["x"] * 200), "columns"),
    "old Excel": (b"\xd0\xcf\x11\xe0" + bytes(100), "old"),
    "half a file": (xlsx(["a", "b"])[:-500], "unreadable"),
    "another archive": (archive(word=b"hello"), "unreadable"),
    "entities": (with_part(xlsx(["a"]), SHEET, lambda xml: ENTITIES + b"]>" + xml), "unreadable"),
    "no XML": (with_part(xlsx(["a"]), SHEET, lambda xml: xml[:200]), "unreadable"),
    "a cell nowhere": (
        with_part(xlsx(["a"]), SHEET, lambda xml: xml.replace(b'r="A1"', b'r="nowhere"')),
        "unreadable",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_read_is_refused_soon(name):
    data, reason = HOSTILE[name]
    began = time.monotonic()
    with pytest.raises(BadSheet) as refused:
        spreadsheets.read(data)
    assert refused.value.reason == reason
    assert time.monotonic() - began < 10


def test_a_cell_at_the_end_of_the_sheet_costs_no_million_empty_rows():
    data = with_part(xlsx(["a"]), SHEET, lambda xml: xml.replace(b'<row r="1"', b'<row r="1048576"'))
    began = time.monotonic()
    assert spreadsheets.read(data) == []
    assert time.monotonic() - began < 5


ROWS = [
    ["name", "note", "price", "at"],
    [
        "=HYPERLINK(1)",
        "+66 81 234 5678",
        Decimal("12.50"),
        datetime(2026, 11, 1, 17, 0, 0, 969652, tzinfo=UTC),
    ],
    ["@SUM", "-1", -5, None],
    ["  =1+1", "เสื้อ\x00\x0b", 0, None],
]


def test_what_is_written_as_csv_holds_no_formula_and_is_read_back_as_it_was():
    data = b"".join(spreadsheets.csv_lines(ROWS))
    assert data.startswith(b"\xef\xbb\xbfname,note,price,at\r\n'=HYPERLINK(1),'+66 81 234 5678,12.50")
    assert spreadsheets.read(data) == [
        ["name", "note", "price", "at"],
        ["=HYPERLINK(1)", "+66 81 234 5678", "12.50", "2026-11-02 00:00:00"],
        ["@SUM", "-1", "-5"],
        ["=1+1", "เสื้อ", "0"],
    ]


def test_what_is_written_as_xlsx_holds_no_formula_and_keeps_its_types():
    data = spreadsheets.xlsx(ROWS, title="Orders [2026]/11: all of the month", widths=[30, 20])
    page = load_workbook(io.BytesIO(data)).active
    assert {cell.data_type for row in page for cell in row} == {"s", "n", "d"}
    assert page["A2"].value == "=HYPERLINK(1)"
    assert (page["C2"].value, str(page["D2"].value), page["A1"].font.bold) == (
        12.5,
        "2026-11-02 00:00:00",
        True,
    )
    assert spreadsheets.read(data)[3] == ["=1+1", "เสื้อ", "0"]


def test_a_small_file_that_unpacks_into_too_much_text_is_refused():
    """One long text that stands in every cell costs the file nothing, and the reader everything."""
    data = spreadsheets.xlsx([["x" * 9_000] * 60] * 100)
    assert len(data) < 200_000
    with pytest.raises(BadSheet) as refused:
        spreadsheets.read(data)
    assert refused.value.reason == "large"
