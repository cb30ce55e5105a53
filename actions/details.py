"""Whether words typed while a name, a telephone number or an address is asked for are one; nothing is stored here.

The classifier alone cannot say it: every name is new to it, and many an address holds words of a question.
"""

from __future__ import annotations

import re

import phonenumbers

from actions.turn import Turn
from shop import delivery
from shop.errors import BadInput

FIELDS = RECIPIENT, PHONE, ADDRESS = ("recipient", "phone", "address")

#: What the classifier says of texts that are no question and no order: details, or nothing it knows.
_NOTHING_ASKED = ("give_details", "nlu_fallback", "out_of_scope")
#: From here on the classifier is believed against the open question; measured on names, addresses and questions.
_SURE = {RECIPIENT: 0.6, PHONE: 0.4, ADDRESS: 0.5}
#: The same for words that ask nothing, where a name is asked for: many a name is a word of praise, or a colour.
_SURE_OF_NO_NAME = 0.8
#: What people are called too: "สวัสดี", "ใจดี" and "ดีมาก" are surnames.
_SMALL_TALK = ("affirm", "deny", "goodbye", "greet", "help", "thank")
_NAME_AND_SURNAME = re.compile(
    r"(?!(?:ขอบ(?:คุณ|ใจ|พระคุณ)|สวัสดี|หวัดดี|โอเค|ตกลง|บาย|ไม่|ยัง)\s)[\u0e01-\u0e45\u0e47-\u0e4e]{2,}(?:\s[\u0e01-\u0e45\u0e47-\u0e4e]{2,}){1,2}"
)
_POLITE_WORD = re.compile(r"(?:ค่ะ|คะ|ครับ|คับ|ค้าบ|จ้า|จ้ะ|นะ|เลย|แล้ว)$")

_TITLE = re.compile(r"^\s*(?:นาย|นาง|น\.ส\.|ด\.[ชญ]\.|คุณ|mr\.?\s|mrs\.?\s|ms\.?\s|miss\s)", re.IGNORECASE)
_QUESTION = re.compile(
    r"[?？]|ไหม|มั้ย|มั๊ย|เท่าไ|กี่|ยังไง|อะไร|เมื่อไ|หรือเปล่า|รึเปล่า|ป่าว|\b(?:how|what|when|where|which|can|do|does|is|are)\b",
    re.IGNORECASE,
)
_ADDRESS_MARK = re.compile(
    r"(?<!\d)[1-9]\d{4}(?!\d)|\d/\d|ซอย|ซ\.|ถนน|ถ\.|ตำบล|ต\.|แขวง|อำเภอ|อ\.|เขต|จังหวัด|จ\.|หมู่|ม\.|บ้านเลขที่|กรุงเทพ|กทม|ห้อง"
    r"|\b(?:road|rd|street|st|soi|moo|room|district|bangkok)\b",
    re.IGNORECASE,
)
_NAME_PREFIX = re.compile(
    r"^\s*(?:ชื่อ(?:ผู้รับ|คนรับ)?(?:คือ)?|ผู้รับ|(?:my\s+)?name(?:\s+is)?|i'm|i am)\s*:?\s*", re.IGNORECASE
)
_PHONE_PREFIX = re.compile(
    r"(?:เบอร์(?:โทร(?:ศัพท์)?)?|โทร(?:ศัพท์)?|tel\.?|phone|mobile)\s*(?:คือ|is)?\s*[:.]?\s*$",
    re.IGNORECASE,
)
_ADDRESS_PREFIX = re.compile(
    r"^\s*(?:ขอ)?(?:เปลี่ยน|แก้)?(?:ที่อยู่(?:จัดส่ง)?|ส่งที่|ส่งไปที่|address|ship to|send to)(?:คือ|เป็น|\s+is)?\s*:?\s*",
    re.IGNORECASE,
)
_POLITE_END = re.compile(r"[\s,]*(?:นะ)?(?:ค่ะ|คะ|ครับ|คับ|ค้าบ|จ้า|\bka|\bkrub|\bkrap)[\s.!]*$", re.IGNORECASE)
#: A postal code with a polite word; a longer text with a code in it is a whole address.
_POSTAL_CODE_LENGTH = 15
_ADDRESS_START = re.compile(r"\d|\n|ที่อยู่|บ้านเลขที่")


def answers(field: str, turn: Turn) -> bool:
    """Whether the typed words are meant as the answer, good or bad, to the question for `field`.

    Words that were taken for something else and are typed again are: nobody has to fight the classifier.
    """
    text = turn.text or ""
    if not text:
        return False
    if _evident(field, text) or turn.said_before:
        return True
    if field == ADDRESS and turn.slots.get("address_part") and _ADDRESS_MARK.search(text):
        return True  # the postal code that was asked for
    if turn.intent in _NOTHING_ASKED or turn.confidence < _SURE[field]:
        return True
    return field == RECIPIENT and _may_be_a_name(text, turn)


def _may_be_a_name(text: str, turn: Turn) -> bool:
    """Whether words that the classifier takes for something else are more likely somebody's name."""
    if is_question(text):
        return False
    is_called_so = _NAME_AND_SURNAME.fullmatch(text.strip()) and not _POLITE_WORD.search(text.strip())
    return turn.confidence < _SURE_OF_NO_NAME or (turn.intent in _SMALL_TALK and bool(is_called_so))


def is_question(text: str) -> bool:
    """Whether the words ask something."""
    return bool(_QUESTION.search(text))


def with_part(text: str, part: str | None) -> str:
    """The address, when `part` of it was typed before and its postal code was asked for."""
    if part is None or (len(text) > _POSTAL_CODE_LENGTH and _evident(ADDRESS, text)):
        return text
    return f"{part} {text}" if any(character.isdecimal() for character in text) else part


def checked(field: str, text: str) -> str:
    """The value to keep. Raises BadInput."""
    if field == PHONE:
        found = _phone_in(text)
        return _written_phone(text if found is None else found.raw_string)
    plain = _POLITE_END.sub("", text)
    if field == RECIPIENT:
        return delivery.checked_recipient(_NAME_PREFIX.sub("", plain))
    return delivery.checked_address(_ADDRESS_PREFIX.sub("", plain))


def all_at_once(text: str) -> dict[str, str] | None:
    """All three, by field, out of one message, as customers who order often send them; None if it is not that."""
    found = _phone_in(text)
    if found is None:
        return None
    before = _PHONE_PREFIX.sub("", text[: found.start]).rstrip()
    rest = f"{before}\n{text[found.end :].lstrip()}".strip()
    start = _ADDRESS_START.search(rest)
    if start is None:
        return None
    try:
        return {
            RECIPIENT: checked(RECIPIENT, rest[: start.start()]),
            PHONE: _written_phone(found.raw_string),
            ADDRESS: checked(ADDRESS, rest[start.start() :]),
        }
    except BadInput:
        return None


def field_named(text: str) -> str:
    """Which detail a wish to change something names; the address if none."""
    folded = text.casefold()
    if any(word in folded for word in ("เบอร์", "โทร", "phone", "number", "tel")):
        return PHONE
    if any(word in folded for word in ("ชื่อ", "คนรับ", "ผู้รับ", "name", "recipient")):
        return RECIPIENT
    return ADDRESS


def evident_change(turn: Turn) -> tuple[str, str] | None:
    """A phone number or address typed at the summary replaces the old one: (field, value)."""
    text = turn.text or ""
    for field in (ADDRESS, PHONE):
        if _evident(field, text) and (field == ADDRESS or len(text) < 40):
            try:
                return field, checked(field, text)
            except BadInput:
                continue
    return None


def _evident(field: str, text: str) -> bool:
    if field == RECIPIENT:
        return bool(_TITLE.match(text) or _NAME_PREFIX.match(text)) and not _QUESTION.search(text)
    digits = sum(character.isdecimal() for character in text)
    if field == PHONE:
        return digits >= 6 and not _QUESTION.search(text)
    return digits > 0 and len(text) >= 10 and bool(_ADDRESS_MARK.search(text)) and not _QUESTION.search(text)


def _phone_in(text: str) -> phonenumbers.PhoneNumberMatch | None:
    return next(iter(phonenumbers.PhoneNumberMatcher(text, "TH")), None)


def _written_phone(text: str) -> str:
    return delivery.written_phone(delivery.checked_phone(text))
