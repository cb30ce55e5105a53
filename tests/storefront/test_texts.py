"""Every text of the store in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment

import storefront
from storefront import texts

TEMPLATES = Path(storefront.__file__).parent / "templates"


def test_every_text_stands_in_thai_and_no_translation_is_left_over() -> None:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    used = {
        text[0] if isinstance(text, tuple) else text
        for template in TEMPLATES.glob("*.html")
        for _line, _function, text in environment.extract_translations(template.read_text())
    }
    assert used == set(texts.THAI)


def test_a_translation_takes_the_same_values() -> None:
    for english, thai in texts.THAI.items():
        assert set(re.findall(r"%\(\w+\)s", english)) == set(re.findall(r"%\(\w+\)s", thai)), english
        assert re.search("[ก-๙]", thai), english
