"""What the text of a QR code in a customer's picture is: a slip's mini-QR, a request to pay, or something else.

The mini-QR ("Slip Verify", as the Thai banks draw it) names the sending bank and the transfer's reference. It holds no
amount, no receiver and no signature: anybody can compute the checksum, so it never proves that money was sent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from shop.slips import tlv

TRUEMONEY = "TMN"
#: More in one picture is no honest customer's; each of them is a row for ever.
_MOST_SLIPS = 10

#: Some banks' apps drop the leading zeros of the checksum.
_SLIP = re.compile(r"(?P<summed>.*9104)(?P<crc>[0-9A-Fa-f]{1,4})", re.ASCII | re.DOTALL)
_PAYMENT = re.compile(r"000201.*6304[0-9A-Fa-f]{4}", re.ASCII | re.DOTALL)
_BANK = re.compile(r"[0-9A-Za-z]{3}", re.ASCII)
_REFERENCE = re.compile(r"[0-9A-Za-z]{1,64}", re.ASCII)


class Seen(StrEnum):
    """What the QR codes of a picture are, all in all."""

    SLIP = "slip"
    TWO_SLIPS = "two_slips"  # of different transfers
    DAMAGED = "damaged"  # looks like a slip's, but does not add up: drawn or edited by hand
    PAYMENT = "payment"  # asks for money: the bill, sent back
    OTHER = "other"
    NONE = "none"


@dataclass(frozen=True)
class SlipCode:
    """A transfer as a slip names it: three characters of bank code ("TMN": TrueMoney) and the exact reference."""

    bank: str
    reference: str
    payload: str


@dataclass(frozen=True)
class Found:
    """What the picture's codes are, and the transfers of the slips among them, each once."""

    seen: Seen
    slips: tuple[SlipCode, ...] = ()

    @property
    def slip(self) -> SlipCode | None:
        """The first one."""
        return self.slips[0] if self.slips else None


def among(texts: Sequence[str]) -> Found:
    """What the texts of a picture's QR codes come to."""
    slips = {(code.bank, code.reference): code for code in map(slip_code, texts) if code}
    if slips:
        seen = Seen.SLIP if len(slips) == 1 else Seen.TWO_SLIPS
        return Found(seen, tuple(islice(slips.values(), _MOST_SLIPS)))
    kinds = {_kind(text) for text in texts}
    return Found(
        next((kind for kind in (Seen.DAMAGED, Seen.PAYMENT, Seen.OTHER) if kind in kinds), Seen.NONE)
    )


def slip_code(text: str) -> SlipCode | None:
    """The transfer that a slip's mini-QR names, None for any other text and for one whose checksum is wrong."""
    shape = _SLIP.fullmatch(text) if len(text) <= tlv.MOST_CHARACTERS else None
    if shape is None or tlv.crc16(shape["summed"]) != int(shape["crc"], 16):
        return None
    try:
        outer = tlv.parse(shape["summed"] + shape["crc"].zfill(4))
        inner = tlv.parse(outer.get("00", ""))
    except tlv.NotTlv:
        return None
    bank, reference = _named(inner)
    if not _BANK.fullmatch(bank) or not _REFERENCE.fullmatch(reference):
        return None
    return SlipCode(bank, reference, text)


def _named(inner: dict[str, str]) -> tuple[str, str]:
    """Sub-tags of the template: 00 the service; of banks 01 code, 02 reference; of TrueMoney 02 event, 03 id."""
    if inner.get("00") == "000001":
        return inner.get("01", ""), inner.get("02", "")
    if (inner.get("00"), inner.get("01")) == ("01", "01"):
        return TRUEMONEY, inner.get("03", "")
    return "", ""


def _kind(text: str) -> Seen:
    if _PAYMENT.fullmatch(text):
        return Seen.PAYMENT
    return Seen.DAMAGED if text.startswith("00") and "51" in text and "000001" in text[:16] else Seen.OTHER
