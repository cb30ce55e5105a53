"""The stylesheet's colours against WCAG 2.2 AA (1.4.3 text, 1.4.11 signs and borders of controls)."""

from __future__ import annotations

import pytest

from seller_console.colours import SCHEMES

#: Background → what is written, or drawn, on it.
TEXT = {
    "canvas": ["ink", "quiet", "accent", "good"],
    "card": ["ink", "quiet", "accent", "good", "warn", "bad"],
    "raised": ["ink", "quiet", "accent"],
    "accent": ["accent-ink"],
    "accent-soft": ["accent"],
    "good-soft": ["good"],
    "warn-soft": ["warn"],
    "bad-soft": ["bad"],
    "bad": ["card"],
    "ink": ["canvas"],
}
SIGNS = {"card": ["warn-solid", "good", "strong-line"], "raised": ["strong-line"], "canvas": ["strong-line"]}


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_everything_can_be_read(scheme):
    weak = {
        (on, written): round(ratio, 2)
        for pairs, least in ((TEXT, 4.5), (SIGNS, 3.0))
        for on, all_written in pairs.items()
        for written in all_written
        if (ratio := contrast(scheme[on], scheme[written])) < least
    }
    assert weak == {}
