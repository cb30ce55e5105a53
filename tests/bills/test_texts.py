"""Every text of the bills in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

from jinja2 import Environment

from bills import addresses, document, texts

PACKAGE = Path(texts.__file__).parent


def used() -> set[str]:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    found = set()
    for template in (PACKAGE / "templates").glob("*.html"):
        for _line, _function, text in environment.extract_translations(template.read_text()):
            found.add(text[0] if isinstance(text, tuple) else text)
    for name in ("document", "pdf"):
        for node in ast.walk(ast.parse((PACKAGE / f"{name}.py").read_text())):
            if isinstance(node, ast.Constant) and node.value in texts.THAI:
                found.add(str(node.value))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_":
                found.add(
                    ast.literal_eval(node.args[0]) if isinstance(node.args[0], ast.Constant) else "Total"
                )
    return (
        found
        | {*addresses._LINK_OVER, *addresses._NOTHING_TO_PAY}
        | {*document._LEDGER.values(), *document._SLIP.values()} - {None}
    )


def test_every_text_stands_in_thai_and_no_translation_is_left_over() -> None:
    assert {text for text in used() if isinstance(text, str)} == set(texts.THAI)
