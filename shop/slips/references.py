"""What a transfer's reference tells by its shape: whose bank, and when the money was sent. Hints, never rules.

No bank has published these shapes; they were seen in public samples and may change. A wrong guess must cost nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from shop.slips.codes import TRUEMONEY
from shop.words import BANGKOK

#: Codes of the Bank of Thailand, with the names banks use themselves: (Thai, English).
BANKS: Mapping[str, tuple[str, str]] = {
    "002": ("กรุงเทพ", "Bangkok Bank"),
    "004": ("กสิกรไทย", "Kasikornbank"),
    "006": ("กรุงไทย", "Krungthai"),
    "011": ("ทีทีบี", "ttb"),
    "014": ("ไทยพาณิชย์", "SCB"),
    "022": ("ซีไอเอ็มบี ไทย", "CIMB Thai"),
    "024": ("ยูโอบี", "UOB"),
    "025": ("กรุงศรี", "Krungsri"),
    "030": ("ออมสิน", "GSB"),
    "033": ("ธอส.", "GH Bank"),
    "034": ("ธ.ก.ส.", "BAAC"),
    "067": ("ทิสโก้", "TISCO"),
    "069": ("เกียรตินาคินภัทร", "Kiatnakin Phatra"),
    "070": ("ไอซีบีซี (ไทย)", "ICBC Thai"),
    "071": ("ไทยเครดิต", "Thai Credit"),
    "073": ("แลนด์ แอนด์ เฮ้าส์", "LH Bank"),
    "098": ("เอสเอ็มอี", "SME D Bank"),
    TRUEMONEY: ("ทรูมันนี่", "TrueMoney"),
}
_YEAR_DAY_TIME = re.compile(r"01(?P<year>\d)(?P<day>\d{3})(?P<time>\d{6})")
_DATE = re.compile(r"(?P<when>20\d{6})")
_DATE_TIME = re.compile(r"(?P<when>20\d{12})")
_SHORT = re.compile(r"(?:KMA|APF)?(?P<when>\d{12})")


def bank_name(code: str, language: str) -> str:
    """The bank's name in `language` ("th" or "en"); the code itself when it is not known."""
    names = BANKS.get(code)
    return code if names is None else names[1] if language == "en" else names[0]


def sent_at(bank: str, reference: str, seen: datetime) -> datetime | None:
    """When the reference seems to say the money was sent (UTC; midnight where only the day is known), else None.

    `seen` is when the slip came: a time after it, or years before, is no time at all.
    """
    guess = _GUESSES.get(bank)
    if guess is None:
        return None
    try:
        when = guess(reference, seen)
    except ValueError:
        return None
    plausible = when is not None and timedelta(days=-1) < seen - when < timedelta(days=3 * 365)
    return when if plausible else None


def _by(pattern: re.Pattern[str], form: str) -> Callable[[str, datetime], datetime | None]:
    def guess(reference: str, _seen: datetime) -> datetime | None:
        shape = pattern.match(reference)
        return datetime.strptime(shape["when"], form).replace(tzinfo=BANGKOK) if shape else None

    return guess


def _day_of_year(reference: str, seen: datetime) -> datetime | None:
    """The year is one digit: the last year that ends so and is not in the future."""
    shape = _YEAR_DAY_TIME.match(reference)
    if shape is None:
        return None
    here = seen.astimezone(BANGKOK)
    year = here.year - (here.year - int(shape["year"])) % 10
    written = f"{year}{shape['day']}{shape['time']}"
    return datetime.strptime(written, "%Y%j%H%M%S").replace(tzinfo=BANGKOK)


_GUESSES: Mapping[str, Callable[[str, datetime], datetime | None]] = {
    "002": _by(_DATE_TIME, "%Y%m%d%H%M%S"),
    "004": _day_of_year,
    "011": _by(_SHORT, "%y%m%d%H%M%S"),
    "014": _by(_DATE, "%Y%m%d"),
    "025": _by(_SHORT, "%y%m%d%H%M%S"),
}
