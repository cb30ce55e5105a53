"""The forms that the console's pages draw, so that tests can send back what a person would."""

from __future__ import annotations

from html.parser import HTMLParser

from tests.seller_console.support import Visitor
from tests.seller_console.who_may import addresses, filled

Fields = dict[str, str]


class Forms(HTMLParser):
    """The forms of a page: where each goes, and what its fields hold."""

    def __init__(self, path: str, page: str) -> None:
        super().__init__()
        self.path = path
        self.found: list[tuple[str, Fields]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self.found.append((given.get("action", self.path), {}))
        elif self.found and "name" in given:
            self.found[-1][1].setdefault(given["name"], given.get("value", ""))
        if self.found and given.get("formaction"):  # a button that sends the same fields elsewhere
            self.found.insert(-1, (given["formaction"], self.found[-1][1]))


async def forms_of(person: Visitor, number: str) -> dict[str, Fields]:
    """The fields of every form that the person is given, by where it goes; `number` is an order's."""
    forms: dict[str, Fields] = {}
    for path in addresses("GET"):
        address = filled(path, number)
        answer, body = await person.get(address)
        if answer.content_type == "text/html":
            for action, fields in Forms(address, body).found:
                forms.setdefault(action, fields)
    return forms
