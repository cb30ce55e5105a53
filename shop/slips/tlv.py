"""The shape of the QR codes on Thai slips and bills: two digits of tag, two of length, the value; last a checksum.

It is EMVCo's QR format ("Merchant-Presented Mode", 3.3 data objects, 4.7.3 checksum). Slips and
PromptPay both use it. What the tags mean is in codes.py and shop/promptpay.py.
"""

from __future__ import annotations

import binascii

MOST_CHARACTERS = 512


class NotTlv(ValueError):
    """A text that is not made of tags, lengths and values."""


def parse(text: str) -> dict[str, str]:
    """The values by tag, in their order. Raises NotTlv for anything that does not fit to the last character."""
    if len(text) > MOST_CHARACTERS:
        raise NotTlv("too long")
    values: dict[str, str] = {}
    while text:
        tag, value, text = _first(text)
        if tag in values:
            raise NotTlv(f"tag {tag} comes twice")
        values[tag] = value
    return values


def _first(text: str) -> tuple[str, str, str]:
    head = text[:4]
    # isdigit alone also takes Thai digits and "²"
    if len(head) < 4 or not (head.isascii() and head.isdigit()):
        raise NotTlv("no tag and length")
    end = 4 + int(head[2:])
    if len(text) < end:
        raise NotTlv(f"tag {head[:2]} is cut off")
    return head[:2], text[4:end], text[end:]


def field(tag: str, value: str) -> str:
    """One tag with its length and value. Raises NotTlv for a value of more than 99 characters."""
    if len(value) > 99:
        raise NotTlv(f"the value of tag {tag} has {len(value)} characters")
    return f"{tag}{len(value):02d}{value}"


def crc16(text: str) -> int:
    """CRC-16/CCITT-FALSE (polynomial 0x1021, start 0xFFFF, nothing reflected) of the text in UTF-8."""
    return binascii.crc_hqx(text.encode(), 0xFFFF)


def with_checksum(text: str, tag: str) -> str:
    """The text with its checksum under `tag`, which counts the checksum's own tag and length."""
    text = f"{text}{tag}04"
    return f"{text}{crc16(text):04X}"
