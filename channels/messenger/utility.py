"""Utility messages: our templates at Meta, one for each kind of notice and language, and a message made of one.

Messenger Platform, "Utility messages": outside the 24 hours only text that Meta has approved beforehand may be sent,
with values filled in. A template is known by Page, name and language. The words are in utility_texts.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from channels.base import Incoming, SendError
from channels.messenger.clean import as_object, as_objects, as_text, as_word
from channels.messenger.graph import Graph
from channels.messenger.text import shorten
from channels.messenger.utility_texts import BUTTON, SAMPLES, WORDS
from channels.messenger.wire import Message, checked_payload

LANGUAGES = ("th", "en")
PENDING = "PENDING"
#: Not a word of Meta's: it did not take the template at all.
REFUSED = "REFUSED"

_VALUE = re.compile(r"\{(\w+)\}")
_PREFIX = "talad_order_"
_LONGEST_VALUE = 200
_MOST_PAGES = 20


class MissingValue(ValueError):
    """The notice does not know a value that its template names."""


@dataclass(frozen=True)
class Template:
    """One of our templates in one language; `values` are the names of its values in the order of the text."""

    kind: str
    language: str
    name: str
    text: str
    values: tuple[str, ...]

    @property
    def body(self) -> str:
        """The text as Meta wants it, with {{1}}, {{2}} … in the places of the values."""
        numbers = {name: f"{{{{{number}}}}}" for number, name in enumerate(self.values, 1)}
        return _VALUE.sub(lambda found: numbers[found[1]], self.text)


@dataclass(frozen=True)
class Status:
    """What has become of a template at Meta: `status` is Meta's word (APPROVED, PENDING, REJECTED, …)."""

    name: str
    language: str
    status: str
    reason: str | None = None


def template(kind: str, language: str) -> Template:
    """Our template for a kind of notice. Raises KeyError when there is none."""
    words = WORDS[kind]
    text = words.en if language == "en" else words.th
    return Template(kind, language, f"{_PREFIX}{kind}_{words.version}", text, tuple(_VALUE.findall(text)))


def templates() -> Iterator[Template]:
    """All of ours."""
    for kind in WORDS:
        for language in LANGUAGES:
            yield template(kind, language)


def message(one: Template, facts: Mapping[str, str], payload: str) -> Message:
    """The `message` of messaging type UTILITY. `payload` (on the wire) comes back from the button "View order".

    Raises MissingValue, and BadReply for a payload that is too long.
    """
    missing = [name for name in one.values if not facts.get(name, "").strip()]
    if missing:
        raise MissingValue(f"{one.name} needs {', '.join(missing)}")
    parameters = [{"type": "text", "text": _one_line(facts[name])} for name in one.values]
    return {
        "template": {
            "name": one.name,
            "language": {"code": one.language},
            "components": [
                {"type": "body", "parameters": parameters},
                {
                    "type": "buttons",
                    "parameters": [{"type": "POSTBACK", "payload": checked_payload(payload)}],
                },
            ],
        }
    }


def _one_line(value: str) -> str:
    """Values of templates may hold no line breaks (seen at WhatsApp, whose templates these are)."""
    return shorten(" ".join(value.split()), _LONGEST_VALUE)


async def create(graph: Graph, one: Template) -> Status:
    """Hand the template in for review, which takes Meta seconds to a day. Raises SendError."""
    body = {
        "name": one.name,
        "language": one.language,
        "category": "UTILITY",
        "components": [
            {
                "type": "BODY",
                "text": one.body,
                "example": {"body_text": [[SAMPLES[one.language][name] for name in one.values]]},
            },
            {"type": "BUTTONS", "buttons": [{"type": "POSTBACK", "text": BUTTON[one.language]}]},
        ],
    }
    answer = await graph.call("POST", _path(graph), json=body)
    return Status(one.name, one.language, as_word(answer.get("status")) or PENDING)


async def listed(graph: Graph) -> dict[tuple[str, str], Status]:
    """The Page's templates that are ours, by name and language. Raises SendError."""
    found: dict[tuple[str, str], Status] = {}
    params = {"limit": "100"}
    for _ in range(_MOST_PAGES):
        answer = await graph.call("GET", _path(graph), params=params)
        for item in as_objects(answer.get("data")):
            status = _status(item.get("name"), item.get("language"), item.get("status"), item)
            if status is not None:
                found[status.name, status.language] = status
        after = as_text(as_object(as_object(answer.get("paging")).get("cursors")).get("after"))
        if after is None or as_object(answer.get("paging")).get("next") is None:
            break
        params["after"] = after
    return found


async def ensure(graph: Graph) -> list[tuple[Status, SendError | None]]:
    """Create those of our templates that the Page does not have; the state of each, and why one was refused.

    Harmless to repeat. Raises SendError when the Page's templates cannot be read.
    """
    there = await listed(graph)
    results: list[tuple[Status, SendError | None]] = []
    for one in templates():
        known = there.get((one.name, one.language))
        if known is not None:
            results.append((known, None))
            continue
        try:
            results.append((await create(graph, one), None))
        except SendError as error:
            results.append((Status(one.name, one.language, REFUSED, error.detail or None), error))
    return results


def told(event: Incoming) -> Status | None:
    """What a TEMPLATE_STATUS event says about one of our templates; None when it is about another one.

    Messenger Platform, webhook field `message_template_status_update`.
    """
    value = as_object(as_object(event.item).get("value"))
    return _status(
        value.get("message_template_name"), value.get("message_template_language"), value.get("event"), value
    )


def _status(name: Any, language: Any, status: Any, item: Mapping[str, Any]) -> Status | None:
    name, language, status = as_word(name), as_word(language), as_word(status)
    if name is None or language is None or status is None or not name.startswith(_PREFIX):
        return None
    reason = as_text(item.get("reason")) or as_text(item.get("rejected_reason"))
    return Status(
        name, language, status.upper(), None if status.upper() == "APPROVED" or reason == "NONE" else reason
    )


def _path(graph: Graph) -> str:
    return f"{quote(graph.credentials.account_id, safe='')}/message_templates"
