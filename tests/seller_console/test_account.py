"""One's own account as a page: name, password, sessions, the second step."""

from __future__ import annotations

import base64
import re

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import select

from shop import second_factor
from shop.db import utc_now
from shop.models import User
from shop.vault import Vault
from tests.seller_console.joining import NEW, NEW_PASSWORD, entries, user
from tests.seller_console.support import EMAIL, PASSWORD


async def test_one_s_name_and_language_are_one_s_own(database, ploy):
    answer, _ = await ploy.post("/account", name="  Ploy   P. ", language="th")
    assert answer.status == 303
    assert (user(database).name, user(database).language) == ("Ploy P.", "th")
    answer, _ = await ploy.post("/account", name=" ", language="en")
    assert answer.status == 409 and user(database).language == "th"


async def test_a_new_password_takes_the_old_one_and_ends_other_sessions(database, ploy, visitor):
    other = visitor()
    await other.sign_in()
    for old, new, words in (
        ("wrong", NEW_PASSWORD, "This is not your password."),
        (PASSWORD, "short", "at least 10 characters"),
        (PASSWORD, EMAIL, "easy to guess"),
    ):
        answer, body = await ploy.post("/account/password", old=old, new=new)
        assert answer.status == 409 and words in body
    answer, _ = await ploy.post("/account/password", old=PASSWORD, new=NEW_PASSWORD)
    assert answer.status == 303
    assert (await ploy.get("/account"))[0].status == 200
    assert (await other.get("/account"))[0].status == 303
    assert (await other.sign_in(password=PASSWORD)).status == 401
    assert (await other.sign_in(password=NEW_PASSWORD)).status == 303


async def test_a_stolen_session_does_not_guess_the_password_either(ploy):
    for _ in range(10):
        answer, _ = await ploy.post("/account/password", old="wrong", new=NEW_PASSWORD)
        assert answer.status == 409
    answer, body = await ploy.post("/account/password", old=PASSWORD, new=NEW_PASSWORD)
    assert answer.status == 429 and int(answer.headers["Retry-After"]) > 0 and "Too fast" in body


async def test_sessions_are_told_apart_and_signed_out_one_by_one(database, console, ploy, lek, visitor):
    phone = visitor()
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1"
    await phone.get("/sign-in")
    fields = {"csrf": phone.csrf, "email": EMAIL, "password": PASSWORD}
    await phone.send("/sign-in", fields, **{"User-Agent": agent, "X-Forwarded-For": "203.0.113.7"})
    _, body = await ploy.get("/account")
    assert "Safari · iPhone" in body and "203.0.113.7" in body and body.count("This browser") == 1
    [token] = re.findall(r"/account/sessions/([0-9a-f]{64})/end", body)
    await lek.get("/account")
    answer, _ = await lek.post(f"/account/sessions/{token}/end")
    assert answer.status == 404  # somebody else's
    assert (await phone.get("/orders"))[0].status == 200
    answer, _ = await ploy.post(f"/account/sessions/{token}/end")
    assert answer.status == 303
    assert (await phone.get("/orders"))[0].status == 303
    assert (await ploy.get("/orders"))[0].status == 200


@pytest.fixture
def key(database, settings) -> str:
    """Ploy's authenticator app, set up a while ago."""
    vault = Vault(settings.secret_key)
    with database.transaction() as session:
        ploy = session.scalars(select(User).where(User.email == EMAIL)).one()
        secret = second_factor.offer(session, vault, ploy)
        ploy.totp_since = utc_now()
    return secret


def code_now(secret: str) -> str:
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(int(utc_now().timestamp())).decode()


async def test_the_password_alone_opens_nothing_once_there_is_a_second_step(database, key, visitor):
    person = visitor()
    answer = await person.sign_in(next="/problems")
    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in/code?next=/problems")
    assert "talad_session" not in answer.cookies
    assert (await person.get("/orders"))[0].status == 303
    await person.get("/sign-in/code?next=/problems")
    answer, _ = await person.post("/sign-in/code", code="000000", next="/problems")
    assert answer.status == 401
    answer, _ = await person.post("/sign-in/code", code=code_now(key), next="/problems")
    assert (answer.status, answer.headers["Location"]) == (303, "/problems")
    assert (await person.get("/orders"))[0].status == 200


async def test_without_the_first_step_there_is_no_second(key, stranger):
    await stranger.get("/sign-in")
    for answer, _ in (
        await stranger.get("/sign-in/code"),
        await stranger.post("/sign-in/code", code=code_now(key)),
    ):
        assert (answer.status, answer.headers["Location"]) == (303, "/sign-in")


async def test_five_wrong_codes_pause_the_second_step(key, visitor):
    person = visitor()
    await person.sign_in()
    await person.get("/sign-in/code")
    for _ in range(5):
        assert (await person.post("/sign-in/code", code="000000"))[0].status == 401
    answer, body = await person.post("/sign-in/code", code=code_now(key))
    assert answer.status == 429 and 0 < int(answer.headers["Retry-After"]) <= 900
    assert "ใส่รหัสผิดหลายครั้ง" in body


async def test_the_second_step_is_switched_off_with_the_password_or_by_an_owner(
    database, ploy, lek, settings
):
    vault = Vault(settings.secret_key)

    def switch_on(email):
        with database.transaction() as session:
            one = session.scalars(select(User).where(User.email == email)).one()
            second_factor.offer(session, vault, one)
            one.totp_since = utc_now()

    switch_on(EMAIL)
    answer, body = await ploy.post("/account/second-step/off", password="wrong")
    assert answer.status == 409 and user(database).totp_since
    answer, _ = await ploy.post("/account/second-step/codes", password=PASSWORD)
    _, body = await ploy.get(answer.headers["Location"])
    assert answer.status == 303 and len(re.findall(r"<code>[a-z2-7-]{19}</code>", body)) == 10
    await ploy.post("/account/second-step/off", password=PASSWORD)
    assert user(database).totp is None
    switch_on(NEW)
    await ploy.post(f"/people/{user(database, NEW).id}/second-step-off", password=PASSWORD)
    assert user(database, NEW).totp_since is None
    assert not [one for one in entries(database) if vault and "totp" in str(one.detail)]


async def test_the_second_step_is_switched_on_by_who_knows_the_password(database, ploy, settings):
    await ploy.post("/account/second-step/offer")
    secret = Vault(settings.secret_key).open(user(database).totp)
    for password in ("", "wrong"):
        answer, body = await ploy.post(
            "/account/second-step/confirm", code=code_now(secret), password=password
        )
        assert answer.status == 409 and 'id="password-wrong"' in body and user(database).totp_since is None
    answer, body = await ploy.post("/account/second-step/confirm", code="000000", password=PASSWORD)
    assert answer.status == 409 and 'id="code-wrong"' in body and user(database).totp_since is None
    answer, _ = await ploy.post("/account/second-step/confirm", code=code_now(secret), password=PASSWORD)
    assert answer.status == 303 and user(database).totp_since
    for _ in range(2):  # to read them in the other language, or to load the page again, does not lose them
        _, body = await ploy.get(answer.headers["Location"])
        assert len(re.findall(r"<code>[a-z2-7-]{19}</code>", body)) == 10


async def test_a_secret_of_another_key_is_offered_anew(database, ploy, settings):
    with database.transaction() as session:
        mine = session.scalars(select(User).where(User.email == EMAIL)).one()
        second_factor.offer(session, Vault("another key"), mine)
    answer, _ = await ploy.get("/account/second-step")
    assert (answer.status, answer.headers["Location"]) == (303, "/account")
    await ploy.post("/account/second-step/offer")
    assert (await ploy.get("/account/second-step"))[0].status == 200
