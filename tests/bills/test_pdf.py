"""Bills as PDF, read and drawn again by another program's eyes."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
import pytest
import zxingcpp

from bills import fonts, pdf
from bills.document import Account, Document, Item, ToPay
from shop import promptpay

PAYLOAD = promptpay.payload("0812345678", 123450)
BILL = Document(
    language="th",
    title="บิลคำสั่งซื้อ",
    shop="บ้านฝ้าย",
    number="TL-12345678",
    facts=(("สถานะ", "สั่งซื้อแล้ว"),),
    send_to=("ผู้รับ", "ที่อยู่ข้างปั๊มน้ำ"),
    items=(Item("T-shirt", "2", "฿250", "฿500"),),
    entries=None,
    sums=(("ยอดรวมทั้งสิ้น", "฿1,234.50"),),
    to_pay=ToPay("ชำระ ฿1,234.50", (Account("KBank", "012-3-45678-9", "Ploy"),), PAYLOAD),
)


def opened(bill: Document) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(pdf.written(bill))


def words_of(file: pypdfium2.PdfDocument) -> list[str]:
    return [file[n].get_textpage().get_text_bounded() for n in range(len(file))]


def test_the_qr_on_the_paper_can_be_scanned() -> None:
    file = opened(BILL)
    assert len(file) == 1
    seen = zxingcpp.read_barcodes(file[0].render(scale=2).to_pil(), formats=zxingcpp.BarcodeFormat.QRCode)
    assert [code.text for code in seen] == [PAYLOAD]
    (words,) = words_of(file)
    assert "฿1,234.50" in words and "012-3-45678-9" in words and "T-shirt" in words


@pytest.mark.parametrize("word", ["ที่", "กี่", "ปั๊ม", "ผู้"])
def test_a_tone_mark_stands_on_its_letter_above_the_vowel(word: str) -> None:
    text = opened(replace(BILL, shop=word, title="-", send_to=(), items=(), to_pay=None))[0].get_textpage()
    boxes = [text.get_charbox(n) for n in range(len(word) + 2)]
    signs = [text.get_text_range(n, 1) for n in range(len(word) + 2)]
    tone = boxes[next(n for n, sign in enumerate(signs) if sign and sign in "่้๊๋")]
    letter = boxes[0]
    above = [boxes[n] for n, sign in enumerate(signs) if sign and sign in "ิีึืั"]
    assert tone[1] >= letter[3] - 0.5, "it is above the letter"
    assert tone[0] < letter[2] + 1 and tone[2] > letter[0], "and not beside it"
    assert all(tone[1] >= vowel[3] - 0.5 for vowel in above), "the two do not run into each other"


def test_sara_am_has_its_ring_on_the_letter_and_the_tone_mark_above_the_ring() -> None:
    text = opened(replace(BILL, shop="น้ำ", title="-", send_to=(), items=(), to_pay=None))[0].get_textpage()
    letter, *_, tone, stroke = (text.get_charbox(n) for n in range(5))  # the ring is read as two signs
    ring = text.get_charbox(1)
    assert ring[1] >= letter[3] and tone[1] >= ring[3]
    assert letter[0] < ring[0] < ring[2] < stroke[0] and stroke[0] > letter[2]


def test_sixty_long_lines_take_several_pages_and_none_is_lost() -> None:
    items = tuple(Item(f"item-{n} " + "เสื้อผ้าฝ้ายทอมือ " * 8, "1", "฿1", f"฿{n}") for n in range(60))
    pages = words_of(opened(replace(BILL, items=items)))
    assert len(pages) > 2
    everything = "\n".join(pages)
    assert all(f"item-{n} " in everything for n in range(60))
    for n, words in enumerate(pages, start=1):
        assert f"{n} / {len(pages)}" in words and "TL-12345678" in words


def test_a_word_without_spaces_is_broken_between_signs() -> None:
    sheet = pdf._Sheet(BILL)
    sheet._pdf.set_font("bill", "", 10.5)
    lines = sheet._wrapped("ที่" * 200, 50)
    assert "".join(lines) == "ที่" * 200 and len(lines) > 3
    sheet.close()
    assert all(line.startswith("ที่") and sheet._pdf.get_string_width(line) <= 50 for line in lines)


def test_what_the_font_lacks_is_one_question_mark() -> None:
    assert fonts.drawable("Nok 👩‍👩‍👧\nน้ำ ฿5") == "Nok ? น้ำ ฿5"


def test_markup_in_a_name_is_only_words() -> None:
    (words,) = words_of(opened(replace(BILL, send_to=("<script>alert(1)</script> **b**",))))
    assert "<script>alert(1)</script> **b**" in words
