"""Every text of the console in both languages."""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path

from jinja2 import Environment

import seller_console
from seller_console import deeds, menu, refusals, rendering, role_words, scores, subjects, texts
from seller_console.pages import figures
from tests.support.machine import ROOT

PACKAGE = Path(seller_console.__file__).parent
#: What has sentences of ours in it.
SPEAKING = (
    "actions",
    "bills",
    "channels",
    "domain",
    "gateway",
    "seller_console",
    "shop",
    "simulator",
    "storefront",
)
WRITTEN = (".html", ".js", ".py", ".yml")


def texts_of_templates():
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    for template in rendering.FOLDER.glob("*.html"):
        for _line, _function, text in environment.extract_translations(template.read_text()):
            yield text[0] if isinstance(text, tuple) else text  # with values it is (text, values)


def texts_of_modules():
    for module in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "text" and len(node.args) > 1:
                yield getattr(node.args[1], "value", None)
    yield from (entry.text for entry in menu.ENTRIES)
    yield from (*figures.NAMED.values(), *figures._NUMBERS, *figures._CHATS)
    yield from (*scores.GROUPS.values(), *subjects.SECTIONS.values())
    yield from (*deeds.DEEDS.values(), *(name for name, _ in deeds.KINDS.values()), *deeds.DETAILS.values())
    yield from itertools.chain(*role_words.WORDS.values())
    for sentences in [*refusals._SENTENCES.values(), refusals._OLD_FORM, refusals._OLD_LINK]:
        yield from sentences


def test_every_text_stands_in_thai_and_no_translation_is_left_over():
    used = {text for text in (*texts_of_templates(), *texts_of_modules()) if isinstance(text, str)}
    assert len(used) > 60
    assert used - set(texts.THAI) == set()
    assert set(texts.THAI) - used == set()


def test_a_text_stands_in_one_topic_only():
    assert sum(map(len, texts.TOPICS.values())) == len(texts.THAI)


def test_a_translation_takes_the_same_values():
    for english, thai in texts.THAI.items():
        assert set(re.findall(r"%\(\w+\)s", english)) == set(re.findall(r"%\(\w+\)s", thai)), english
        assert re.search("[ก-๙]", thai), english


def test_templates_say_nothing_outside_the_table():
    for template in rendering.FOLDER.glob("*.html"):
        source = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", template.read_text(), flags=re.DOTALL)
        words = re.sub(r"""<[^>]*>|[\w-]+="[^"]*\"""", " ", source)
        left = set(re.findall(r"[A-Za-zก-๙]{2,}", words)) - {"ไทย", "English"}
        assert not left, (template.name, left)


def test_a_chat_is_written_in_one_way_by_all_that_speaks_thai():
    """As Messenger and the shop's own bot write it, not as the dictionary does."""
    said = [path for folder in SPEAKING for path in (ROOT / folder).rglob("*.*") if path.suffix in WRITTEN]
    assert len(said) > 100
    assert [path for path in said if "\u0e41\u0e0a\u0e15" in path.read_text(encoding="utf-8")] == []
