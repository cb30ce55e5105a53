"""The carriers that Thai shops send with: their names, and the pages that follow a parcel.

The addresses are the carriers' own public tracking pages (as of 2026). People and other programs call a carrier many
things ("EMS", "Kerry Express"); one that is not listed is called as the seller writes it, and has no page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from shop import naming
from shop.errors import BadInput

_NUMBER = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{3,38})[A-Z0-9]")
_LONGEST_NAME = 40


@dataclass(frozen=True)
class Carrier:
    """A carrier's names, its tracking page, with `{number}` where the parcel's number goes, and what tells in words of
    other people that it is meant (`naming.names`).
    """

    th: str
    en: str
    page: str
    told_by: tuple[str, ...]

    def name(self, language: str) -> str:
        """The name in `language` ("th" or "en")."""
        return self.en if language == "en" else self.th


CARRIERS = {
    "thailand_post": Carrier(
        "ไปรษณีย์ไทย",
        "Thailand Post",
        "https://track.thailandpost.co.th/?trackNumber={number}",
        ("ไปรษณี", "ปณท", "อีเอ็มเอส", "EMS", "Thailand Post", "Thailandpost", "Thai Post", "Thaipost"),
    ),
    "flash": Carrier(
        "แฟลช เอ็กซ์เพรส",
        "Flash Express",
        "https://www.flashexpress.co.th/fle/tracking?se={number}",
        ("แฟลช", "แฟรช", "Flash", "Flashexpress"),
    ),
    "jt": Carrier(
        "เจแอนด์ที เอ็กซ์เพรส",
        "J&T Express",
        "https://www.jtexpress.co.th/index/query/gzquery.html?bills={number}",
        ("เจแอนด์ที", "เจแอนที", "เจทีเอ็กซ์", "J&T", "JT", "J and T", "JNT", "jtexpress"),
    ),
    "kex": Carrier(
        "เคอีเอ็กซ์ เอ็กซ์เพรส",
        "KEX Express",
        "https://th.kex-express.com/th/track/?track={number}",
        ("เคอีเอ็กซ์", "เคอรี", "KEX", "Kerry", "Kerryexpress"),
    ),
    "spx": Carrier(
        "เอสพีเอ็กซ์ เอ็กซ์เพรส",
        "SPX Express",
        "https://spx.co.th/track?{number}",
        ("เอสพีเอ็กซ์", "ช้อปปี้", "ชอปปี้", "SPX", "Shopee", "Shopeeexpress", "Shopeexpress"),
    ),
    "ninja_van": Carrier(
        "นินจาแวน",
        "Ninja Van",
        "https://www.ninjavan.co/th-th/tracking?id={number}",
        ("นินจา", "Ninja", "Ninjavan"),
    ),
    "dhl": Carrier(
        "ดีเอชแอล",
        "DHL",
        "https://www.dhl.com/th-th/home/tracking.html?tracking-id={number}&submit=1",
        ("ดีเอชแอล", "DHL"),
    ),
}


def checked_carrier(text: str) -> str:
    """A key of CARRIERS, whatever it was called, or the seller's own word for another carrier, tidied.

    Raises BadInput("carrier", "missing" | "long").
    """
    name = " ".join(text.split())
    if not name:
        raise BadInput("carrier", "missing")
    if len(name) > _LONGEST_NAME:
        raise BadInput("carrier", "long")
    return called(name)


def called(said: str) -> str:
    """The key of the carrier that is called so; as it was said, when that is none that we know, or more than one."""
    if said in CARRIERS:
        return said
    told = [key for key, known in CARRIERS.items() if any(naming.names(said, word) for word in known.told_by)]
    return told[0] if len(told) == 1 else said


def checked_tracking(text: str) -> str:
    """The parcel's number in capitals, without spaces; empty when there is none.

    Raises BadInput("tracking", "number").
    """
    number = "".join(text.split()).upper()
    if number and not _NUMBER.fullmatch(number):
        raise BadInput("tracking", "number")
    return number


def name(carrier: str, language: str) -> str:
    """What the stored carrier is called in `language` ("th" or "en")."""
    known = CARRIERS.get(carrier)
    return known.name(language) if known else carrier


def tracking_page(carrier: str, tracking: str) -> str | None:
    """The address of the page that follows the parcel; None when the carrier is not known or has given no number."""
    known = CARRIERS.get(carrier)
    return known.page.format(number=quote(tracking, safe="")) if known and tracking else None
