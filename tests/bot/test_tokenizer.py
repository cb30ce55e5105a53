"""Words of Thai and English: where they are, how they are spelt, and that no text is looked up at length."""

from __future__ import annotations

import random

import pytest
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.training_data.message import Message

from bot import thai
from bot.tokenizer import ThaiEnglishTokenizer

TOKENIZER = ThaiEnglishTokenizer(ThaiEnglishTokenizer.get_default_config())
RASAS = WhitespaceTokenizer(WhitespaceTokenizer.get_default_config())

THAI = "".join(map(chr, range(0x0E01, 0x0E3B))) + "".join(map(chr, range(0x0E3F, 0x0E5C)))
LATIN = "abcXYZ 0123456789 #@&.,:;!?()/'\"-_~\n\t"
STRANGE = "\u200b\ufeff\u3000\u00a0👍🏽👩‍👧❤️\x00é漢字\ud83d"


def tokens(text: str) -> list[Token]:
    return TOKENIZER.tokenize(Message({"text": text}), "text")


def words(text: str) -> list[str]:
    return [token.text for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("สวัสดีค่ะ มีเสื้อยืดไหมคะ", ["สวัสดี", "ค่ะ", "มี", "เสื้อยืด", "ไหม", "คะ"]),
        ("เอาsize M 2ตัว", ["เอา", "size", "M", "2", "ตัว"]),
        ("เอาดำM1", ["เอา", "ดำ", "M", "1"]),
        ("เสื้อขาวXL12ตัว", ["เสื้อ", "ขาว", "XL", "12", "ตัว"]),
        ("ไซส์Lสีแดง", ["ไซส์", "L", "สี", "แดง"]),
        ("ออเดอร์#TL-12345ถึงไหนแล้ว", ["ออเดอร์", "#TL-12345", "ถึง", "ไหน", "แล้ว"]),
        ("เสื้อ(ดำ)", ["เสื้อ", "ดำ"]),
        ("สลิป\u200bโอน", ["สลิป", "โอน"]),
        ("โอน ๓๕๐ บาท", ["โอน", "๓๕๐", "บาท"]),
        ("โอนผ่านพร้อมเพย์", ["โอน", "ผ่าน", "พร้อมเพย์"]),
    ],
)
def test_thai_is_cut_into_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("เเพง", "แพง"), ("ทํา", "ทำ"), ("มากกกกก", "มาก"), ("ค่ะะะะ", "ค่ะ"), ("ด่วนนนน", "ด่วน")],
)
def test_a_slip_of_the_keyboard_is_read_as_the_word_meant(typed: str, meant: str) -> None:
    assert [(token.text, token.lemma) for token in tokens(typed)] == [(typed, meant)]


ENGLISH = [
    "hello",
    "i'd like 2 mugs, please!",
    "where is #TL-12345?",
    "mail me: nok@example.com http://example.com/a?b=c",
    "10'000.50 :) (ok)",
    ":-)",
    "👍",
    "   ",
    "",
]


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_left_alone(text: str) -> None:
    assert tokens(text) == RASAS.tokenize(Message({"text": text}), "text")


@pytest.mark.parametrize("seed", range(40))
def test_any_text_without_thai_is_cut_as_rasa_does(seed: int) -> None:
    made = random.Random(seed)
    for _ in range(25):
        text = "".join(made.choices(LATIN + STRANGE, k=made.randrange(60)))
        assert tokens(text) == RASAS.tokenize(Message({"text": text}), "text")


@pytest.mark.parametrize("seed", range(80))
def test_every_token_stands_where_it_says_in_order(seed: int) -> None:
    made = random.Random(seed)
    sources = [THAI, LATIN, STRANGE, "เเํามาก่ะ ", "".join(thai.SHOP_WORDS.read_text(encoding="utf-8").split())]
    for _ in range(25):
        text = "".join("".join(made.choices(made.choice(sources), k=made.randrange(12))) for _ in range(8))
        end = 0
        for token in tokens(text):
            assert text[token.start : token.end] == token.text
            assert end <= token.start <= token.end
            end = token.end


@pytest.mark.parametrize("seed", range(20))
def test_no_thai_letter_is_lost(seed: int) -> None:
    made = random.Random(seed)
    text = "".join(made.choices(THAI[:58] + " ", k=300))
    letters = "".join(thai.RUN.findall(text))
    assert "".join(letter for word in words(text) for letter in thai.RUN.findall(word)) == letters


SLOW = {
    "overlapping words": "ขนมตากลม" * 5_000,
    "one letter": "ก" * 40_000,
    "two letters": "กา" * 20_000,
    "words and spaces": "ตากลม " * 8_000,
    "marks only": "่" * 40_000,
    "random": "".join(random.Random(1).choices(THAI, k=40_000)),
}


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW.keys())
def test_a_text_made_to_be_slow_is_looked_up_in_few_short_pieces(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[int] = []
    segment = thai.newmm.segment

    def counting(piece: str, words: object) -> list[str]:
        looked_up.append(len(piece))
        return segment(piece, words)

    monkeypatch.setattr(thai.newmm, "segment", counting)
    thai._segment.cache_clear()
    assert tokens(text)
    assert max(looked_up, default=0) <= thai.LONGEST_PIECE
    assert sum(looked_up) <= thai.LONGEST_TEXT


def test_the_dictionary_comes_from_the_package_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.socket.connect", refuse)
    thai.dictionary.cache_clear()
    thai._segment.cache_clear()
    assert words("ขอบคุณมากค่ะ") == ["ขอบคุณ", "มาก", "ค่ะ"]
