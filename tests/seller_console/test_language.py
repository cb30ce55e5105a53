"""The switch of the language, which stands on every page: it comes back to where one was, or to what is nearest."""

from __future__ import annotations

import re

from shop import audit
from tests.seller_console.who_may import WHO_MAY, filled

#: These end the session, or lead out of the console.
NOT_TRIED = ("/sign-out", "/account/sessions/end", "/people/<user_id:row>/deactivate")


def comes_back_to(body):
    found = re.search(r'action="/language".*?name="next" value="([^"]*)"', body, re.DOTALL)
    return found[1].replace("&amp;", "&") if found else None


async def test_it_works_on_whatever_a_form_draws(order, ploy):
    drawn = []
    for line in WHO_MAY:
        method, path = line.split(" ")
        if method == "POST" and path not in NOT_TRIED:
            address = filled(path, order.number)
            answer, body = await ploy.post(address)
            if (back := comes_back_to(body)) is None:
                continue
            answer, _ = await ploy.post("/language", language="en", next=back)
            assert answer.headers["Location"] == back, address
            answer, _ = await ploy.get(back)
            assert answer.status in (200, 303), (address, back)
            drawn.append(address)
    assert len(drawn) > 20, drawn


async def test_choosing_the_language_that_one_reads_already_is_no_deed(database, ploy):
    for language in ("th", "th", "en"):
        await ploy.post("/language", language=language, next="/orders")
    with database.reading() as session:
        chosen, _ = audit.find(session, audit.Question(actions=["language.choose"]))
    assert [entry.detail["language"] for entry in chosen] == [["th", "en"], ["en", "th"], ["th", "en"]]


async def test_another_name_in_the_same_language_is_a_deed_and_saving_the_same_again_is_none(database, ploy):
    for name in ("Ploy P.", "Ploy P."):
        answer, _ = await ploy.post("/account", name=name, language="en")
        assert answer.status == 303
    with database.reading() as session:
        (saved,), _ = audit.find(session, audit.Question(actions=["account.save"]))
    assert saved.detail == {"name": True}


async def test_it_comes_back_to_the_page_with_what_was_asked_for(ploy):
    _, body = await ploy.get("/orders?q=nok&days=week")
    assert comes_back_to(body) == "/orders?q=nok&days=week"


async def test_after_a_form_it_comes_back_to_the_nearest_page(order, ploy):
    for path, back in (
        ("/people/invites", "/people"),
        (f"/orders/{order.number}/reject", f"/orders/{order.number}"),
        (f"/orders/{order.number}/lines", f"/orders/{order.number}/lines"),
        ("/account/password", "/account"),
        ("/products/1/variants", "/products/1"),
    ):
        answer, body = await ploy.post(path)
        assert answer.status == 409 and comes_back_to(body) == back, path
