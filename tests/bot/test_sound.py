"""Thai in Latin letters sounds like the same word in Thai, however it is spelt; words that differ sound different."""

from __future__ import annotations

import pytest

from bot import sound


@pytest.mark.parametrize(
    ("thai", "latin"),
    [
        ("ขอบคุณ", "khobkhun khopkhun kopkun"),
        ("เท่าไหร่", "taorai thaorai"),
        ("เมื่อไหร่", "muearai"),
        ("ของ", "khong kong"),
        ("โอน", "on own ohn"),
        ("เงิน", "ngern"),
        ("เปลี่ยน", "plian"),
        ("เสื้อ", "suea seua"),
        ("บัญชี", "banchee bunchi"),
        ("ช่วย", "chuay chuai"),
        ("ที่อยู่", "teeyoo tiyu"),
        ("ออก", "ork ok"),
        ("หรือ", "rue reu"),
        ("คน", "khon kon"),
        ("ไม่", "mai may"),
        ("ได้", "dai"),
    ],
)
def test_a_word_sounds_alike_in_both_alphabets(thai: str, latin: str) -> None:
    heard = {sound.of(word) for word in latin.split()}
    assert sound.of(thai) in heard


@pytest.mark.parametrize(
    ("one", "other"), [("ส่ง", "ของ"), ("ไม่", "ได้"), ("จ่าย", "ยัง"), ("song", "sang"), ("lek", "lot")]
)
def test_other_words_sound_different(one: str, other: str) -> None:
    assert sound.of(one) != sound.of(other)


@pytest.mark.parametrize("word", ["", "ฯ", "์", "เ", "กกกก", "a", "0000", "ñandú", "เแโไใ"])
def test_anything_can_be_heard(word: str) -> None:
    assert isinstance(sound.of(word), str)
