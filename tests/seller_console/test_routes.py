"""Every address with every method, as nobody and as people of each role, against the table in `who_may.py`."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import aiohttp
import pytest

from seller_console import patience
from seller_console.app import create_app
from shop import people
from shop.db import Database
from shop.roles import Role
from talad.settings import Settings
from tests.seller_console.support import PASSWORD, Console, Visitor
from tests.seller_console.who_may import ANYBODY, WHO_MAY, filled

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ENDS_THE_SESSION = ("/sign-out", "/account/sessions/end")
#: The guard's own words; other refusals, such as of a slip's link that has ended, are of somebody who may.
REFUSED = re.compile("You may not do this|You are not signed in")


def routes(settings: Settings) -> set[str]:
    """All addresses of the console with their methods, as the table writes them."""
    app = create_app(settings)
    app.ctx.database.close()
    return {f"{method} /{route.path.strip('/')}" for route in app.router.routes for method in route.methods}


@pytest.fixture
async def persons(
    database: Database, visitor: Callable[[], Visitor], monkeypatch: pytest.MonkeyPatch
) -> dict[str, Visitor]:
    """Nobody, and one signed-in person of each role, who read English. No gateway runs that they might wait for."""
    monkeypatch.setattr(patience, "_SECONDS", 0.0)
    with database.transaction() as session:
        for role in Role:
            user = people.add_user(
                session, email=f"{role}@example.com", name=role, password=PASSWORD, role=role
            )
            user.language = "en"
    found = {"nobody": visitor()}
    for role in Role:
        found[role] = visitor()
        answer = await found[role].sign_in(f"{role}@example.com")
        assert answer.status == 303
    return found


Ask = Callable[[Visitor, str, str], Awaitable[tuple[int, str]]]


@pytest.fixture
async def ask(console: Console) -> AsyncIterator[Ask]:
    """Sends one request with the person's cookies and form token, and reads the answer if it is a refusal."""
    async with AsyncExitStack() as stack:

        async def send(person: Visitor, method: str, path: str) -> tuple[int, str]:
            headers = {"X-CSRF-Token": person.csrf, "Accept-Language": "en"}
            answer: aiohttp.ClientResponse = await stack.enter_async_context(
                person.client.request(method, console.url + path, headers=headers, allow_redirects=False)
            )
            endless = answer.content_type == "text/event-stream"
            body = "" if endless else await answer.text(errors="replace")
            if endless:
                answer.close()
            return answer.status, body

        yield send


def test_every_route_has_a_line_in_the_table_and_every_line_a_route(settings):
    there = routes(settings)
    assert there - WHO_MAY.keys() == set(), "new routes need a line in tests/seller_console/who_may.py"
    assert WHO_MAY.keys() - there == set(), "these lines have no route any more"


@pytest.mark.parametrize("who", ["nobody", *Role])
async def test_people_get_where_the_table_lets_them_and_nowhere_else(whole_shop, persons, ask, who):
    person = persons[who]
    wrong = []
    for line, allowed in WHO_MAY.items():
        method, path = line.split(" ")
        if method == "POST" and "nobody" in allowed and who == "nobody":
            await person.get("/sign-in")  # where a stranger's form comes from
        status, body = await ask(person, method, filled(path, whole_shop.number))
        got_in = not (status in (401, 403) and REFUSED.search(body))
        if got_in != (who in allowed) or status >= 500:
            wrong.append((line, status, body[:200]))
        if path in ENDS_THE_SESSION and who != "nobody":
            await person.sign_in(f"{who}@example.com")
    assert wrong == []


@pytest.mark.parametrize("who", ["nobody", Role.OWNER])
async def test_other_methods_lead_nowhere(whole_shop, persons, ask, who):
    """Also to the owner; a stranger does not even learn which addresses there are."""
    paths = {line.split(" ")[1] for line in WHO_MAY}
    tried = 0
    for path in sorted(paths):
        for method in METHODS:
            if f"{method} {path}" in WHO_MAY:
                continue
            status, body = await ask(persons[who], method, filled(path, whole_shop.number))
            tried += 1
            if who == "nobody":
                assert status in (401, 303), (method, path)
            else:
                assert status == 405, (method, path, body)
    assert tried > 200


async def test_a_stranger_s_browser_is_led_to_the_sign_in_page(whole_shop, persons):
    for line, allowed in WHO_MAY.items():
        method, path = line.split(" ")
        if method == "GET" and allowed != ANYBODY:
            answer, body = await persons["nobody"].get(filled(path, whole_shop.number))
            assert answer.status == 303 and answer.headers["Location"].startswith("/sign-in"), line
            assert whole_shop.number not in body, line


async def test_no_form_is_taken_without_its_token(whole_shop, persons):
    owner = persons[Role.OWNER]
    tried = 0
    for line in WHO_MAY:
        method, path = line.split(" ")
        if method == "POST":
            for fields in ({}, {"csrf": ""}, {"csrf": "x" * 32}, {"csrf": "ก"}):
                answer, body = await owner.send(filled(path, whole_shop.number), fields)
                assert answer.status == 403 and "This page is too old" in body, line
                tried += 1
    assert tried >= 80
    answer, _ = await owner.get("/orders")
    assert answer.status == 200  # still signed in
