"""Personal data in what customers type: taken out before a text is kept for those who teach the bot.

A masked text is as long as the one it was made of, so that places in it (of entities) stay right. What is written here
errs on the side of the customer: a harmless text that looks like an address is lost, which costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

import geothai

from shop.addresses import is_postal_code, squeezed

#: Stands for a letter that nobody needs to know.
LETTER = "x"

# ---- Numbers: "081-234 5678" becomes "000-000 0000", "TL-483920" becomes "TL-000000".

#: What people and keyboards put between the digits of one number.
_BETWEEN = r"[\s\-.()\u2010-\u2015\u200b-\u200f\u2060\ufeff]{0,3}"
_NUMBER = re.compile(rf"\d(?:{_BETWEEN}\d){{4,}}")
_ORDER = re.compile(r"(?:\btl-?\s?|#\s?)\d{3,}", re.IGNORECASE)
_LAUGH = re.compile(r"[5๕]{5,}")
_SPOKEN = re.compile(
    r"(?:(?:ศูนย์|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|\b(?:zero|one|two|three|four|five|six|seven|eight|nine)\b)[\s\-]*){5,}",
    re.IGNORECASE,
)

# ---- Where somebody can be found: addresses of mail and pages, names in other programs.

_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|co|th|me|io|shop|page|link|ly|gl|app)\b(?:/\S*)?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.])@(?=[\w.\-]*[^\W\d_])[\w.\-]{2,}")
_ELSEWHERE = re.compile(
    r"(?:ไลน์|ไลน|ไอจี|เฟสบุ๊ค|เฟสบุ๊ก|เฟส|ไอดี|\b(?:line|ig|fb|instagram|facebook|tiktok|telegram|whatsapp)\b)"
    r"\s*(?:ไอดี|id\b)?\s*(?:คือ|ชื่อ|is\b)?\s*[:：=]?\s*(?P<name>[a-z0-9_.\-]*[0-9_.][a-z0-9_.\-]*|(?<=[:：=])[a-z]{3,}|(?<=[:：=]\s)[a-z]{3,}"
    r"|(?:(?<=ไอดี)|(?<=ไอดี\s)|(?<=\bid\s))(?!(?:line|your|this|that|shop|store|page|number|again|here|please|k[hr]+[au][bp]?)\b)[a-z]{4,})"
    r"|(?:\b|ไลน์)id\s*[:：=]\s*(?P<id>[a-z0-9_.\-]{3,})",
    re.IGNORECASE,
)

# ---- Names.

_THAI = "\u0e01-\u0e4e"
_TITLE = re.compile(
    rf"(?<![{_THAI}])(?:นางสาว|น\.\s?ส\.|ด\.\s?[ชญ]\.|นาย(?!แบบ|หน้า|จ้าง)|นาง(?!แบบ|ฟ้า)|(?:ชื่อ|ผู้รับ|คนรับ)(?:-?สกุล|ผู้รับ|คนรับ)?\s*(?:คือ|:)?)"
    rf"\s*(?P<thai>[{_THAI}]{{2,}}(?:\s+[{_THAI}]{{2,}})?)"
    rf"|(?:(?<=ผม)|(?<=หนู)|(?<=ฉัน)|(?<=เรา))ชื่อ\s*(?P<own>[{_THAI}]{{2,}}(?:\s+[{_THAI}]{{2,}})?)"
    rf"|(?:(?<![{_THAI}])|(?<=ให้)|(?<=ถึง))คุณ\s*(?P<you>[{_THAI}]{{2,}})"
    r"|\b(?:mr|mrs|ms|miss)\b\.?\s*(?P<latin>[^\W\d_]{2,}(?:[ ]+[^\W\d_]{2,})?)"
    r"|\b(?:name\s+is|name\s*:)\s*(?P<called>[^\W\d_]{2,}(?:[ ]+[^\W\d_]{2,})?)",
    re.IGNORECASE,
)
#: Words that follow "คุณ" ("you"), "ชื่อ", "name is" and "miss" in sentences about no person.
_NO_NAME = re.compile(
    r"ภาพ|สมบัติ|ลูกค้า|แม่|พ่อ|พี่|น้อง|ครู|ป้า|ลุง|ยาย|ผู้|มี|ไม่|ได้|ส่ง|ขาย|จะ|ทำ|เป็น|คือ|ช่วย|ให้|ครับ|ไหม|มั้ย|อยู่|ว่า"
    r"|ผิด|แก้|เปลี่ยน|ถูก|เล่น|ไร|สินค้า|ร้าน|รุ่น|สี|เพจ|บัญชี|เดิม|ไหน|ใคร|ที่|นี้|เดียว|หน่อย|แอดมิน|บอท|ตอบ|โอน|แพ็ค|ของ"
    r"|^(?:wrong|incorrect|spelled|misspelled|spelt|not|different|correct|on|what|the|missing|you|it|out|my|this|that)$",
    re.IGNORECASE,
)
_POLITE = re.compile(r"(?:นะ)?(?:คะ|ค่ะ|ครับ|คับ|จ้า|จ้ะ)$")
#: A Thai name this short is a part of other words too often to be believed inside one.
_SHORT = 4
_APART = re.compile(r"[\s,]+")
_OF_NAMES = ("คุณ", "นางสาว", "นาย", "นาง", "น.ส.")


def masked(text: str, names: Iterable[str] = ()) -> str:
    """The text with numbers, addresses of mail and pages, and people's names unreadable; as long as it was.

    `names` are those of the customer and of whom they had parcels sent to.
    """
    text = _with_numbers_hidden(text)
    for pattern in (_MAIL, _LINK, _HANDLE):
        text = pattern.sub(lambda found: hidden(found[0]), text)
    text = _ELSEWHERE.sub(lambda found: _part_hidden(found, found["name"] or found["id"]), text)
    for name in names:
        for pattern in _ways_to_write(name):
            text = pattern.sub(lambda found: hidden(found[0]), text)
    return _TITLE.sub(_name_hidden, text)


def hidden(text: str) -> str:
    """The shape of a text: signs and spaces stay, digits become 0, all else `LETTER`; as long as it was."""
    return "".join(map(_nothing_of, text))


def _nothing_of(character: str) -> str:
    if character.isdecimal():
        return "0"
    # A mark above or below a letter is a letter here: left alone it would stand on the wrong one.
    return character if character.isspace() or character in "@.,:;/-_#()!?" else LETTER


def _with_numbers_hidden(text: str) -> str:
    def digits(found: re.Match[str]) -> str:
        if _LAUGH.fullmatch(found[0]):
            return found[0]
        return "".join("0" if character.isdecimal() else character for character in found[0])

    return _SPOKEN.sub(lambda found: hidden(found[0]), _NUMBER.sub(digits, _ORDER.sub(digits, text)))


def _part_hidden(found: re.Match[str], part: str | None) -> str:
    if not part:
        return found[0]
    return found[0][: -len(part)] + hidden(part)


def _name_hidden(found: re.Match[str]) -> str:
    name = next(part for part in found.groups() if part)
    first = name.split()[0]
    if _NO_NAME.search(_POLITE.sub("", first)):
        return found[0]
    polite = _POLITE.search(name)
    kept = name[polite.start() :] if polite and polite.start() else ""
    whole = found[0].removesuffix(name)
    return whole + hidden(name.removesuffix(kept)) + kept


@lru_cache(maxsize=200)  # of who writes now; names are not held for longer than that
def _ways_to_write(name: str) -> Sequence[re.Pattern[str]]:
    """How a person's name may stand in a text: whole, and each word of it."""
    words = [word for part in _APART.split(name) if len(word := _without_title(part)) > 1]
    return [pattern for word in sorted({*words}, key=len, reverse=True) if (pattern := _word(word))]


def _without_title(word: str) -> str:
    for title in _OF_NAMES:
        if word.startswith(title) and len(word) > len(title) + 1:
            return word.removeprefix(title)
    return word


def _word(word: str) -> re.Pattern[str] | None:
    if not any(character.isalpha() for character in word):
        return None
    if re.match(rf"[{_THAI}]", word):
        before = rf"(?:(?<![{_THAI}])|(?<=คุณ)|(?<=พี่)|(?<=น้อง)|(?<=ชื่อ)|(?<=นาย)|(?<=นาง)|(?<=สาว))"
        after = rf"(?=$|[^{_THAI}]|นะ|ค่ะ|คะ|ครับ|คับ|จ้า|เอง)"
        alone = f"{before}{re.escape(word)}{after}"
        return re.compile(alone if len(word) < _SHORT else re.escape(word))
    return re.compile(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", re.IGNORECASE)


# ---- Addresses: not masked but known, as too much of them is words like any other.

_STRONG = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"บ้านเลขที่|เลขที่\s*\d|ห้อง\s*\d|\b(?:room|house no)\b\.?\s*\d",
        rf"หมู่\s*(?:ที่|บ้าน)?\s*\d|หมู่บ้าน|(?<![{_THAI}.])ม\.\s*\d|\bmoo(?:\s*ban)?\b",
        rf"ซอย|(?<![{_THAI}.])ซ\.|\bsoi\b",
        rf"ถนน|(?<![{_THAI}.])ถ\.|\b(?:road|rd|street)\b",
        rf"ตำบล|(?<![{_THAI}.])ต\.|แขวง|\b(?:tambon|khwaeng|sub-?district)\b",
        rf"อำเภอ|(?<![{_THAI}.])อ\.|เขต|\b(?:amphoe|amphur|khet|district)\b",
        r"คอนโด|อาคาร|ตึก|หอพัก|บริษัท|ชั้น\s*\d|\b(?:condo|tower|building|apartment|floor)\b",
    )
]
_WEAK = re.compile(
    rf"(?<!ต่าง)จังหวัด|(?<![{_THAI}.])จ\.|กรุงเทพ|กทม|\b(?:bangkok|bkk|province)\b|(?<![\d/])\d{{1,4}}/\d{{1,4}}(?![\d/])",
    re.IGNORECASE,
)
_FIVE = re.compile(r"(?<![\d/#-])\d{5}(?![\d/-])")
_SHORTEST_NAME, _LONGEST_NAME = 5, 24
#: "สมชาย ใจดี 0812345678": a name and a telephone number, and nothing else.
_NAME_AND_NUMBER = re.compile(
    rf"(?:[^\W\d_][{_THAI}a-z.]*[\s,:]+){{2,4}}(?:โทร|tel)?[\s.:]*\+?\d(?:{_BETWEEN}\d){{7,}}.{{0,12}}",
    re.IGNORECASE,
)


def says_who_or_where(text: str) -> bool:
    """Whether the text holds an address, or is a name with a telephone number: then masking is not enough."""
    if _NAME_AND_NUMBER.fullmatch(text.strip()):
        return True
    strong = sum(bool(mark.search(text)) for mark in _STRONG)
    if strong >= 2:
        return True
    if not any(character.isdecimal() for character in text):
        return False
    weak = len(set(_WEAK.findall(text))) + any(map(is_postal_code, _FIVE.findall(text)))
    if strong or weak >= 2:
        return True
    places = _places(squeezed(text))
    return places > 1 or bool(places and weak)


def _places(text: str) -> int:
    """How many different districts and sub-districts a squeezed text names."""
    known, found, start = _names_of_places(), set(), 0
    while start + _SHORTEST_NAME <= len(text):
        for end in range(min(len(text), start + _LONGEST_NAME), start + _SHORTEST_NAME - 1, -1):
            if text[start:end] in known:
                found.add(text[start:end])
                start = end - 1
                break
        start += 1
    return len(found)


@cache
def _names_of_places() -> frozenset[str]:
    districts = [found for province in geothai.provinces() for found in geothai.districts(province.code)]
    smaller = [found for district in districts for found in geothai.subdistricts(district.code)]
    names = [name for area in districts for name in (area.name_th, area.name_en)]
    names += [name for area in smaller for name in (area.name_th, area.name_en)]
    return frozenset(
        short for name in names if _SHORTEST_NAME <= len(short := squeezed(name)) <= _LONGEST_NAME
    )
