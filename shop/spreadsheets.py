"""Tables that people bring and take as files, CSV and XLSX. What the columns mean is elsewhere.

Files come from anybody's machine: they are read under limits, and what is written can never run as a formula.
Reading and writing a large file takes seconds, so call these functions in a thread.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from shop.errors import BadSheet
from shop.search_index import plain
from shop.words import BANGKOK

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
_MOST_COLUMNS = 100
_MOST_CHARACTERS = 10_000
#: Of all cells together: one long text can stand in every cell of a small file.
_MOST_TOGETHER = 5_000_000
#: An XLSX file is a ZIP archive; a few kilobytes of one can hold gigabytes.
_MOST_UNPACKED = 60 * 1024 * 1024
_MOST_PARTS = 500
#: By these lines of a text the sign between its cells is known.
_LINES_SEEN = 15
_XLSX, _XLS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
#: What a cell must not begin with, or a spreadsheet takes it for a formula (OWASP, "CSV injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
#: A text as a formula that says just this text.
_KEPT_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"')
#: Characters that no database or no XML takes.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Cell = str | int | float | Decimal | date | datetime | None


@dataclass(frozen=True)
class Row:
    """A row under the header: its `number` as spreadsheets count, and its texts by the names of the known columns."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """A table with a header: the names of the known `columns`, the headings of the others, the filled rows."""

    columns: Sequence[str]
    unknown: Sequence[str]
    rows: Sequence[Row]


def sheet(rows: Sequence[Sequence[str]], names: Mapping[str, Iterable[str]]) -> Sheet:
    """The table in `rows` (from `read`), whose first filled row is the header.

    `names`: for each column what its heading may be, in any language; case, spaces and signs do not matter.
    Raises BadSheet("empty" | "header" | "twice"): nothing in it, no known heading, one column two times.
    """
    start = next((number for number, row in enumerate(rows) if any(row)), None)
    if start is None:
        raise BadSheet("empty")
    known = {plain(heading): column for column, headings in names.items() for heading in headings}
    header = [known.get(plain(heading), "") for heading in rows[start]]
    columns = [column for column in header if column]
    if not columns:
        raise BadSheet("header")
    if len(set(columns)) < len(columns):
        raise BadSheet("twice")
    filled = (
        Row(number, {column: cell for column, cell in zip(header, row, strict=False) if column})
        for number, row in enumerate(rows[start + 1 :], start + 2)
        if any(row)
    )
    unknown = [heading for column, heading in zip(header, rows[start], strict=True) if heading and not column]
    return Sheet(columns, unknown, list(filled))


def read(data: bytes, *, most_rows: int = MOST_ROWS) -> list[list[str]]:
    """The first sheet of a CSV or XLSX file as texts, row by row; what is empty at the ends is left out.

    CSV may be UTF-8 or UTF-16 (with a mark) or TIS-620, with commas, semicolons or tabs. Of a formula its last result
    is read; numbers as they are meant ("1500", not "1500.0"), times as ISO 8601.
    Raises BadSheet("large" | "rows" | "columns" | "old" | "unreadable").
    """
    if len(data) > MOST_BYTES:
        raise BadSheet("large")
    if data.startswith(_XLS):
        raise BadSheet("old")
    rows: list[list[str]] = []
    together = 0
    for row in _from_xlsx(data, most_rows) if data.startswith(_XLSX) else _from_csv(data):
        texts = [_text(value) for value in row]
        while texts and not texts[-1]:
            texts.pop()
        if len(texts) > _MOST_COLUMNS:
            raise BadSheet("columns")
        together += sum(map(len, texts))
        if together > _MOST_TOGETHER:
            raise BadSheet("large")
        rows.append(texts)
        if len(rows) > most_rows + 1 and any(rows[-1]):  # one more for the header
            raise BadSheet("rows")
    while rows and not rows[-1]:
        rows.pop()
    return rows


def csv_lines(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The rows as CSV in UTF-8 with a mark (Excel shows Thai only then), line by line; times as in Bangkok."""
    line = io.StringIO()
    writer = csv.writer(line)
    yield b"\xef\xbb\xbf"
    for row in rows:
        writer.writerow([_harmless(value) for value in row])
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()


def xlsx(rows: Iterable[Sequence[Cell]], *, title: str = "Talad", widths: Sequence[int] = ()) -> bytes:
    """The rows as an XLSX file of one sheet, the first as its header; `widths` in characters; times as in Bangkok."""
    book = Workbook(write_only=True)
    page = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
    page.freeze_panes = "A2"
    for number, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(number)].width = width
    bold = Font(bold=True)
    for number, row in enumerate(rows):
        page.append([_styled(page, value, bold) if number == 0 else _styled(page, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _from_csv(data: bytes) -> Iterator[Sequence[str]]:
    text = _decoded(data)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            yield [_unguarded(cell) for cell in row]
    except csv.Error as error:
        raise BadSheet("unreadable") from error


def _delimiter(text: str) -> str:
    """The sign between cells: most lines have as many of it, which a title above them, or an address, has not."""
    lines = text.splitlines()[:_LINES_SEEN]

    def steadiness(sign: str) -> tuple[int, int]:
        counts = Counter(line.count(sign) for line in lines if sign in line)
        return max(((often, many) for many, often in counts.items()), default=(0, 0))

    return max(",;\t", key=steadiness)


def _unguarded(cell: str) -> str:
    """Without what keeps a program from reading more into the cell: `'` before what looks like a formula, from us and
    others, or `="0812345678"`, which saves the first zero from Excel.
    """
    if cell.startswith("'") and _is_formula(cell[1:]):
        return cell[1:]
    kept = _KEPT_AS_TEXT.fullmatch(cell.strip())
    return kept[1].replace('""', '"') if kept else cell


def _decoded(data: bytes) -> str:
    """Windows in Thailand writes cp874, which is TIS-620 with a few signs more; it takes almost any bytes, so last."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp874"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadSheet("unreadable")


def _from_xlsx(data: bytes, most_rows: int) -> Iterator[Sequence[Any]]:
    try:
        _check_size(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            # One row and one column beyond the limits, so that too many are noticed; never a million empty ones.
            yield from book.worksheets[0].iter_rows(
                max_row=most_rows + 2, max_col=_MOST_COLUMNS + 1, values_only=True
            )
        finally:
            book.close()
    except BadSheet:
        raise
    # openpyxl checks little before it relies on it: what a broken file raises is not foreseeable.
    except (
        zipfile.BadZipFile,
        DefusedXmlException,
        ParseError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        MemoryError,
    ) as error:
        raise BadSheet("unreadable") from error


def _check_size(data: bytes) -> None:
    """No more is ever unpacked of a part than its entry says, so the entries can be believed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise BadSheet("large")


def _text(value: object) -> str:
    """A cell as text, on one line or more, without what no database takes."""
    if value is None:
        return ""
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f") if value == value and abs(value) < 1e20 else str(value)
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, date):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    text = _UNSTORABLE.sub("", unicodedata.normalize("NFC", str(value))).strip()
    if len(text) > _MOST_CHARACTERS:
        raise BadSheet("large")
    return text


def _harmless(value: Cell) -> Cell:
    """What CSV may hold: numbers are numbers, but a text must not begin like a formula."""
    if isinstance(value, datetime):
        return _local(value)
    return f"'{value}" if isinstance(value, str) and _is_formula(value) else value


def _is_formula(text: str) -> bool:
    return text.lstrip(" ").startswith(_FORMULA)


def _styled(page: Any, value: Any, font: Font | None = None) -> Any:
    if isinstance(value, datetime):
        value = _local(value)
    if font is None and not isinstance(value, str):
        return value
    cell = WriteOnlyCell(page, _UNSTORABLE.sub("", value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"  # a text that begins with "=" stays one
    if font is not None:
        cell.font = font
    return cell


def _local(at: datetime) -> datetime:
    """Spreadsheets know no zones, and their readers no microseconds."""
    return at.astimezone(BANGKOK).replace(microsecond=0, tzinfo=None)
