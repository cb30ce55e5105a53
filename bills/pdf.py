"""A bill as PDF: A4, as many pages as it takes. HarfBuzz puts Thai vowels and tone marks where they belong."""

from __future__ import annotations

import io
from collections.abc import Sequence

import regex
from fpdf import FPDF
from fpdf.fonts import TTFFont

from bills import fonts
from bills.document import Document
from bills.texts import text
from shop import promptpay

_LEFT, _TOP, _BOTTOM, _WIDTH = 16.0, 16.0, 277.0, 178.0
_POINT = 25.4 / 72
#: Thai signs reach further up and down than Latin ones: the distance of lines in font sizes.
_LEADING = 1.6
#: Columns of the ordered items: widths and how they are set.
_COLUMNS = ((98.0, "L"), (20.0, "R"), (30.0, "R"), (30.0, "R"))
_ENTRY_COLUMNS = ((58.0, "L"), (85.0, "L"), (35.0, "R"))
_QR = 46.0
#: A vowel written in front stays with its consonant.
_SIGN = regex.compile(r"[\u0E40-\u0E44](?=.)\X|\X", regex.DOTALL)


def written(bill: Document) -> bytes:
    """The PDF. It takes a core for some tenths of a second: call it in a thread."""
    sheet = _Sheet(bill)
    sheet.head()
    if bill.items:
        names = ("Item", "Quantity", "Price", "Amount")
        rows = [(item.name, item.quantity, item.price, item.amount) for item in bill.items]
        sheet.table([text(bill.language, name) for name in names], rows, _COLUMNS)
    if bill.entries is not None:
        sheet.heading(text(bill.language, "Slips and payments"))
        if bill.entries:
            sheet.table((), [(one.when, one.words, one.amount) for one in bill.entries], _ENTRY_COLUMNS)
        else:
            sheet.line(text(bill.language, "Nothing has come in yet."))
    sheet.sums()
    sheet.to_pay()
    return sheet.finished()


class _Sheet:
    """Pages that are filled from the top down."""

    def __init__(self, bill: Document) -> None:
        self._bill = bill
        self._pdf = pdf = FPDF(format="A4")
        pdf.set_auto_page_break(False)
        pdf.set_margin(0)
        pdf.c_margin = 0
        for style, path in fonts.files().items():
            pdf.add_font("bill", style, path)
        pdf.set_text_shaping(True)
        pdf.set_title(f"{bill.title} {bill.number}")
        pdf.set_lang("en-GB" if bill.language == "en" else "th-TH")
        pdf.set_creator("Talad")
        pdf.set_draw_color(215)
        self._new_page()

    def head(self) -> None:
        """The shop, what this is, the facts, and where it goes."""
        self.line(self._bill.shop, size=17, bold=True)
        self.line(f"{self._bill.title} {self._bill.number}", size=13)
        self._space(3)
        for name, value in self._bill.facts:
            self._row((name, value), ((44.0, "L"), (134.0, "L")), grey=(0,))
        if self._bill.send_to:
            self.heading(text(self._bill.language, "Send to"))
            for part in self._bill.send_to:
                self.line(part)
        self._space(4)

    def heading(self, words: str) -> None:
        """A line that begins a part, and never ends a page."""
        self._space(4)
        self._room(24)
        self.line(words, size=12, bold=True)

    def line(self, words: str, *, size: float = 10.5, bold: bool = False) -> None:
        """Words over the whole width, in as many lines as they take."""
        self._row((words,), ((_WIDTH, "L"),), size=size, bold=(0,) if bold else ())

    def table(
        self,
        names: Sequence[str],
        rows: Sequence[Sequence[str]],
        columns: Sequence[tuple[float, str]],
    ) -> None:
        """Rows with a line below each; the names of the columns stand again on every page."""
        everything = tuple(range(len(columns)))
        if names:
            self._row(names, columns, size=9.5, grey=everything)
        for row in rows:
            if self._room(self._height(row, columns)) and names:
                self._row(names, columns, size=9.5, grey=everything)
            self._row(row, columns)
            self._rule()

    def sums(self) -> None:
        """The sums on the right, the last one large. They stay on one page."""
        columns = ((118.0, "R"), (60.0, "R"))
        self._space(2)
        self._room(sum(self._height(row, columns) for row in self._bill.sums) + 4)
        for row in self._bill.sums[:-1]:
            self._row(row, columns)
        self._row(self._bill.sums[-1], columns, size=13, bold=(0, 1))

    def to_pay(self) -> None:
        """How to pay: the sum and until when, the accounts, the QR beside them."""
        asked = self._bill.to_pay
        if asked is None:
            return
        self._space(4)
        self._room(26 + (_QR if asked.payload else 0) + 14 * min(len(asked.accounts), 4))
        self.line(text(self._bill.language, "How to pay"), size=12, bold=True)
        self.line(asked.words, bold=True)
        if asked.payload:
            self.line(
                text(
                    self._bill.language,
                    "Scan with your bank's app: PromptPay, the exact amount is in the QR.",
                )
            )
            picture = io.BytesIO(promptpay.picture(asked.payload))
            self._pdf.image(
                picture, _LEFT, self._y, _QR, _QR, alt_text=text(self._bill.language, "PromptPay QR")
            )
            self._y += _QR + 2
        for account in asked.accounts:
            self._room(16)
            self._row((account.bank, account.number), ((89.0, "L"), (89.0, "L")), bold=(1,))
            self._row((account.holder,), ((_WIDTH, "L"),), grey=(0,))

    def finished(self) -> bytes:
        """The file, every page numbered once it is known how many there are."""
        pages = self._pdf.pages_count
        for page in range(1, pages + 1):
            self._pdf.page = page
            self._pdf.set_font(
                "bill", "B", 1
            )  # a page begun earlier knows no font of now: have it said again
            self._y = _BOTTOM + 4
            words = text(self._bill.language, "Page %(page)s of %(pages)s", page=page, pages=pages)
            self._row(
                (self._bill.number, words), ((89.0, "L"), (89.0, "R")), size=8.5, grey=(0, 1), foot=True
            )
        data = bytes(self._pdf.output())
        self.close()
        return data

    def close(self) -> None:
        """Close the font files, which fpdf2 holds open."""
        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def _row(
        self,
        cells: Sequence[str],
        columns: Sequence[tuple[float, str]],
        *,
        size: float = 10.5,
        bold: Sequence[int] = (),
        grey: Sequence[int] = (),
        foot: bool = False,
    ) -> None:
        """Cells side by side, each in as many lines as it takes; a row taller than a page goes on on the next."""
        columned = []
        for n, (cell, (width, _)) in enumerate(zip(cells, columns, strict=True)):
            self._pdf.set_font("bill", "B" if n in bold else "", size)
            columned.append(self._wrapped(cell, width - 3))
        for at in range(max(map(len, columned))):
            if not foot:
                self._room(size * _POINT * _LEADING)
            x = _LEFT
            for n, (lines, (width, align)) in enumerate(zip(columned, columns, strict=True)):
                if at < len(lines):
                    self._pdf.set_font("bill", "B" if n in bold else "", size)
                    self._pdf.set_text_color(110 if n in grey else 25)
                    self._pdf.set_xy(x, self._y)
                    self._pdf.cell(width, size * _POINT * _LEADING, lines[at], align=align)
                x += width
            self._y += size * _POINT * _LEADING

    def _height(
        self, cells: Sequence[str], columns: Sequence[tuple[float, str]], size: float = 10.5
    ) -> float:
        self._pdf.set_font("bill", "", size)
        most = max(
            len(self._wrapped(cell, width - 3)) for cell, (width, _) in zip(cells, columns, strict=True)
        )
        return min(most * size * _POINT * _LEADING + 1, _BOTTOM - _TOP - 20)

    def _wrapped(self, words: str, width: float) -> list[str]:
        """The words in lines of at most `width`: broken at spaces, and where one part is too long, between signs."""
        lines, line = [], ""
        for part in regex.split(r"(?<= )", fonts.drawable(words)):
            if self._pdf.get_string_width((line + part).rstrip()) <= width:
                line += part
                continue
            if line.strip():
                lines.append(line.rstrip())
            line = ""
            for sign in _SIGN.findall(part):
                if line and self._pdf.get_string_width(line + sign) > width:
                    lines.append(line)
                    line = ""
                line += sign
        return [*lines, line.rstrip()]

    def _rule(self) -> None:
        self._y += 0.5
        self._pdf.line(_LEFT, self._y, _LEFT + _WIDTH, self._y)
        self._y += 0.5

    def _space(self, height: float) -> None:
        self._y += height

    def _room(self, height: float) -> bool:
        """Begin another page when `height` does not fit on this one; whether that was needed."""
        if self._y + height <= _BOTTOM:
            return False
        self._new_page()
        return True

    def _new_page(self) -> None:
        self._pdf.add_page()
        self._y = _TOP
