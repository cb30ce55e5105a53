"""Who gets in, and what keeps others out."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from yarl import URL

from seller_console.access import own_path
from shop.db import utc_now
from shop.models import FailedSignIn, Order, SignIn
from tests.seller_console.support import EMAIL, HTML, OTHER_EMAIL, PASSWORD


async def test_an_unknown_address_tells_a_stranger_nothing(stranger):
    answer, _ = await stranger.get("/admin")
    assert answer.status == 303 and answer.headers["Location"] == "/sign-in?next=/admin"


async def test_the_sign_in_form_is_not_taken_from_another_site(stranger):
    answer, _ = await stranger.send("/sign-in", {"email": EMAIL, "password": PASSWORD, "csrf": "guessed"})
    assert answer.status == 403
    await stranger.get("/sign-in")
    answer, _ = await stranger.send("/sign-in", {"email": EMAIL, "password": PASSWORD, "csrf": "guessed"})
    assert answer.status == 403


async def test_a_wrong_password_says_so_and_keeps_the_email(stranger):
    answer = await stranger.sign_in(password="wrong")
    assert answer.status == 401
    _, body = await stranger.post("/sign-in", email=EMAIL, password="wrong")
    assert "อีเมลหรือรหัสผ่านไม่ถูกต้อง" in body and f'value="{EMAIL}"' in body


def wrong_passwords(database, subject, count):
    """As many as were typed in the last minutes."""
    with database.transaction() as session:
        session.add_all(FailedSignIn(subject=subject, at=utc_now()) for _ in range(count))


async def test_ten_wrong_passwords_pause_the_account_even_for_the_right_one(database, stranger):
    wrong_passwords(database, f"account:{EMAIL}", 9)
    assert (await stranger.sign_in(password="wrong")).status == 401
    for password in ("wrong", PASSWORD):
        answer, body = await stranger.post("/sign-in", email=EMAIL.upper(), password=password)
        assert answer.status == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60
        assert re.search(r"กรุณาลองใหม่หลัง .* \(อีก 1[45] นาที\)", body)
    with database.transaction() as session:
        for failure in session.scalars(select(FailedSignIn)):
            failure.at -= timedelta(minutes=16)
    assert (await stranger.sign_in()).status == 303


async def test_thirty_wrong_passwords_pause_an_address_but_not_the_next_one(database, stranger):
    wrong_passwords(database, "address:203.0.113.7", 29)
    await stranger.get("/sign-in")
    wrong = {"csrf": stranger.csrf, "email": "nobody@example.com", "password": "wrong"}
    answer, _ = await stranger.send("/sign-in", wrong, **{"X-Forwarded-For": "made-up, 203.0.113.7"})
    assert answer.status == 401
    right = {"csrf": stranger.csrf, "email": EMAIL, "password": PASSWORD}
    answer, _ = await stranger.send("/sign-in", right, **{"X-Forwarded-For": "198.51.100.9, 203.0.113.7"})
    assert answer.status == 429
    answer, _ = await stranger.send("/sign-in", right, **{"X-Forwarded-For": "203.0.113.8"})
    assert answer.status == 303


async def test_others_who_guess_do_not_keep_out_a_browser_that_was_in_before(database, visitor, stranger):
    """Everybody knows the shop's email; a pause for all would be theirs to give, every quarter of an hour."""
    owner = visitor()
    await owner.sign_in()
    await owner.post("/sign-out")
    wrong_passwords(database, f"account:{EMAIL}", 10)
    wrong_passwords(database, "address:127.0.0.1", 30)
    assert (await stranger.sign_in()).status == 429
    assert (await owner.sign_in(EMAIL.upper())).status == 303
    wrong_passwords(database, f"account:{OTHER_EMAIL}", 10)
    wrong_passwords(database, "address:127.0.0.1", 30)
    assert (await owner.sign_in(OTHER_EMAIL)).status == 429  # it knows Ploy, not Chai


async def test_a_known_browser_does_not_guess_for_ever_either(database, visitor):
    thief = visitor()
    await thief.sign_in()
    await thief.post("/sign-out")
    for _ in range(10):
        assert (await thief.sign_in(password="wrong")).status == 401
    assert (await thief.sign_in()).status == 429


async def test_what_makes_a_browser_known_cannot_be_made_up(database, console, visitor):
    wrong_passwords(database, f"account:{EMAIL}", 10)
    known = visitor()
    await known.sign_in(OTHER_EMAIL)
    cookies = known.client.cookie_jar.filter_cookies(URL(console.url))
    [chai] = [cookie for name, cookie in cookies.items() if name.startswith("talad_known_")]
    name = f"talad_known_{hashlib.sha256(EMAIL.encode()).hexdigest()[:12]}"
    for value in (chai.value, "1", EMAIL, "x" * 200):
        person = visitor()
        person.client.cookie_jar.update_cookies({name: value}, URL(console.url))
        assert (await person.sign_in()).status == 429


def set_cookie(answer, name):
    return next(value for value in answer.headers.getall("Set-Cookie") if value.startswith(f"{name}="))


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(stranger):
    cookie = set_cookie(await stranger.sign_in(), "talad_session")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert "Secure" not in cookie  # plain http on this machine: browsers would drop it


async def test_behind_tls_the_cookies_are_secure_and_bound_to_the_host(console, stranger):
    tls = {**HTML, "X-Forwarded-Proto": "https"}
    async with stranger.client.get(console.url + "/sign-in", headers=tls) as answer:
        token = re.search(r'name="csrf" value="([^"]+)"', await answer.text())[1]
        form = answer.cookies["__Host-talad_form"]
        assert form["secure"] and form["httponly"] and form["path"] == "/" and not form["domain"]
    async with stranger.client.post(
        console.url + "/sign-in",
        data={"csrf": token, "email": EMAIL, "password": PASSWORD},
        headers={**tls, "Cookie": f"__Host-talad_form={token}"},
        allow_redirects=False,
    ) as answer:
        assert answer.status == 303
        session = answer.cookies["__Host-talad_session"]
        assert session["secure"] and session["httponly"] and session["samesite"] == "Lax"


async def test_the_cookie_is_not_in_the_database(database, stranger):
    secret = (await stranger.sign_in()).cookies["talad_session"].value
    with database.reading() as session:
        kept = session.scalars(select(SignIn)).one()
    assert secret not in (kept.token, kept.csrf)


async def test_signing_in_leads_to_the_page_one_wanted(stranger):
    _, body = await stranger.get("/sign-in?next=/orders/TL-1%3Fsaid=confirmed")
    assert 'name="next" value="/orders/TL-1?said=confirmed"' in body
    answer, _ = await stranger.post("/sign-in", email=EMAIL, password=PASSWORD, next="/problems")
    assert (answer.status, answer.headers["Location"]) == (303, "/problems")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "///evil.example",
        "//[",
        "/\0",
        "",
    ],
)
def test_signing_in_leads_nowhere_else(elsewhere):
    assert own_path(elsewhere) == "/"


async def test_a_link_cannot_make_the_sign_in_page_lead_to_another_site(stranger):
    _, body = await stranger.get("/sign-in?next=//evil.example/orders")
    assert "evil" not in body
    answer, _ = await stranger.post("/sign-in", email=EMAIL, password=PASSWORD, next="//evil.example")
    assert answer.headers["Location"] == "/"


async def test_after_signing_out_the_old_cookie_opens_nothing(console, ploy, visitor):
    cookie = ploy.client.cookie_jar.filter_cookies(URL(console.url))["talad_session"].value
    answer, _ = await ploy.post("/sign-out")
    assert answer.headers["Location"] == "/sign-in"
    thief = visitor()
    answer, _ = await thief.get("/orders", Cookie=f"talad_session={cookie}")
    assert answer.status == 303


async def test_the_session_of_somebody_who_left_is_over(database, ploy):
    with database.transaction() as session:
        session.scalars(select(SignIn)).one().user.active = False
    answer, _ = await ploy.get("/orders")
    assert answer.status == 303


async def test_every_answer_forbids_foreign_scripts_framing_and_guessing(stranger, ploy, order):
    for browser, path in ((stranger, "/sign-in"), (ploy, "/orders"), (ploy, "/slips/1"), (ploy, "/nothing")):
        answer, _ = await browser.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in (await ploy.get("/orders"))[0].headers["Content-Security-Policy"]


async def test_no_page_carries_inline_script_or_style(ploy, order):
    for path in (
        "/orders",
        f"/orders/{order.number}",
        f"/orders/{order.number}/confirm",
        "/problems",
        "/nothing",
    ):
        _, body = await ploy.get(path)
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", body), path


async def test_pages_are_not_kept_by_the_browser_but_static_files_are(ploy):
    answer, body = await ploy.get("/orders")
    assert answer.headers["Cache-Control"] == "no-store"
    stylesheet = re.search(r'href="(/static/[^"]+\.css)"', body)[1]
    answer, _ = await ploy.get(stylesheet)
    assert "immutable" in answer.headers["Cache-Control"]
    for path in ("/static/x/../app.py", "/static/x/..%2Fapp.py", "/static/x/app.py"):
        assert (await ploy.get(path))[0].status == 404


async def test_nonsense_gets_a_clear_page_and_changes_nothing(database, ploy):
    for path in (
        "/orders/TL-99999999",
        "/nothing",
        "/orders/x/y/z",
    ):
        answer, body = await ploy.get(path)
        assert answer.status == 404 and "Back to the orders" in body, path
    assert (await ploy.get("/orders?channel=abc&before=-1"))[0].status == 200
    assert (await ploy.get("/orders?before=99999999999999999999"))[0].status == 200
    assert (await ploy.post("/language", language="xx", next="/"))[0].status == 400
    assert (await ploy.post("/orders/TL-99999999/confirm"))[0].status == 404
    with database.reading() as session:
        assert session.scalar(select(func.count(Order.id))) == 0
