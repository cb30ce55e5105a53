"""Accounts, invites, one's own account and the log, as pages."""

from __future__ import annotations

import base64
import re

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import event, select
from yarl import URL

from seller_console import subjects
from shop import audit, people, second_factor
from shop.db import utc_now
from shop.models import AuditEntry, Channel, Customer, FailedSignIn, Invite, User, Variant
from shop.roles import Role
from shop.vault import Vault
from tests.factories import make_customer
from tests.seller_console.support import EMAIL, OTHER_EMAIL, PASSWORD

NEW, NEW_PASSWORD = "lek@example.com", "three quiet market cats"


def entries(database):
    with database.reading() as session:
        return session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()


def user(database, email=EMAIL):
    with database.reading() as session:
        return session.scalars(select(User).where(User.email == email)).one()


@pytest.fixture
async def lek(database, visitor):
    """A packer who is signed in and reads English."""
    with database.transaction() as session:
        one = people.add_user(session, email=NEW, name="Lek", password=PASSWORD, role=Role.PACKER)
        one.language = "en"
    browser = visitor()
    await browser.sign_in(NEW)
    return browser


async def invited(ploy, email=NEW, role="packer") -> str:
    """The path of a new invite's link."""
    return await link_after(ploy, await ploy.post("/people/invites", email=email, role=role))


async def link_after(ploy, made) -> str:
    """The path of the link that was just made, as the page shows it."""
    answer, body = made
    assert (answer.status, answer.headers.get("Location")) == (303, "/people"), body
    _, body = await ploy.get("/people")
    return re.search(r"<code>http://127\.0\.0\.1:\d+(/join/[^<]+)</code>", body)[1]


async def join(person, path, **fields):
    await person.get(path)
    return await person.post(path, **{"name": "Lek", "password": NEW_PASSWORD, "language": "en", **fields})


async def test_an_invite_s_link_makes_an_account_once_and_is_kept_only_as_a_hash(database, ploy, visitor):
    path = await invited(ploy)
    with database.reading() as session:
        kept = session.scalars(select(Invite)).one()
    assert path.rpartition("/")[2] not in (kept.token, kept.email)
    person = visitor()
    for _ in range(3):  # chats look at links for their previews
        answer, body = await person.get(path)
        assert answer.status == 200 and NEW in body
    answer, _ = await join(person, path)
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    answer, _ = await person.get("/orders")
    assert answer.status == 200
    made = user(database, NEW)
    assert (made.role, made.name, made.language) == (Role.PACKER, "Lek", "en")
    for answer, body in (
        await visitor().get(path),
        await join(visitor(), path, password="another one, long"),
    ):
        assert answer.status in (410, 403) and "Lek" not in body
    assert [one.action for one in entries(database) if one.by == NEW] == ["join.join", "sign_in.sign_in"]


async def test_a_link_that_was_taken_back_or_guessed_opens_nothing(database, ploy, visitor):
    path = await invited(ploy)
    with database.reading() as session:
        invite_id = session.scalars(select(Invite.id)).one()
    answer, _ = await ploy.post(f"/people/invites/{invite_id}/withdraw")
    assert answer.status == 303
    for link in (path, "/join/guessed"):
        answer, body = await visitor().get(link)
        assert answer.status == 410 and "ลิงก์นี้ใช้ไม่ได้แล้ว" in body


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"password": "short"}, "at least 10 characters"),
        ({"password": "1234567890"}, "easy to guess"),
        ({"password": NEW}, "easy to guess"),
        ({"name": "  "}, "Please fill this in."),
    ],
)
async def test_what_cannot_be_used_is_said_and_the_link_stays(ploy, visitor, fields, words):
    path = await invited(ploy)
    person = visitor()
    await person.get("/sign-in?language=en")
    answer, body = await join(person, path, **fields)
    assert answer.status == 409 and words in body and PASSWORD not in body
    answer, _ = await join(person, path)
    assert answer.status == 303


async def test_an_invite_that_cannot_be_says_why(ploy):
    for email, role, words in (
        (OTHER_EMAIL, "staff", "can sign in already"),
        ("nonsense", "staff", "not an email address"),
        (NEW, "king", "Please choose one."),
    ):
        answer, body = await ploy.post("/people/invites", email=email, role=role)
        assert answer.status == 409 and words in body


async def test_the_list_says_who_has_which_role_and_two_steps_and_was_there_last(database, ploy, lek):
    with database.transaction() as session:
        session.scalars(select(User).where(User.email == NEW)).one().totp_since = utc_now()
    _, body = await ploy.get("/people")
    row = re.search(r"<strong dir=\"auto\">Lek</strong>.*?</li>", body, re.DOTALL)[0]
    assert "Packer" in row and "Two steps" in row and "last seen" in row
    assert "Was never here" in body  # Chai


async def test_another_role_counts_from_the_next_click_on(database, ploy, lek):
    assert (await lek.get("/problems"))[0].status == 403
    lek_id = user(database, NEW).id
    answer, _ = await ploy.post(f"/people/{lek_id}/role", role="staff")
    assert answer.status == 303
    assert (await lek.get("/problems"))[0].status == 200
    last = entries(database)[-1]
    assert (last.by, last.action, last.subject, last.detail) == (
        EMAIL, "people.role", NEW, {"role": ["packer", "staff"]},
    )  # fmt: skip


async def test_whoever_is_deactivated_is_out_at_once_and_may_be_let_in_again(database, ploy, lek):
    lek_id = user(database, NEW).id
    await ploy.post(f"/people/{lek_id}/deactivate")
    assert (await lek.get("/orders"))[0].status == 303
    assert (await lek.sign_in(NEW)).status == 401
    await ploy.post(f"/people/{lek_id}/reactivate")
    assert (await lek.sign_in(NEW)).status == 303


async def test_the_last_owner_stays(database, ploy):
    chai, me = user(database, OTHER_EMAIL).id, user(database).id
    await ploy.post(f"/people/{chai}/deactivate")
    for path, fields in ((f"/people/{me}/deactivate", {}), (f"/people/{me}/role", {"role": "packer"})):
        answer, body = await ploy.post(path, **fields)
        assert answer.status == 409 and "This is the only owner." in body
    assert user(database).active and user(database).role == Role.OWNER


async def test_a_link_for_a_new_password_ends_the_sessions(database, ploy, lek, visitor):
    path = await link_after(
        ploy, await ploy.post(f"/people/{user(database, NEW).id}/link", password=PASSWORD)
    )
    assert (await lek.get("/orders"))[0].status == 200
    person = visitor()
    answer, _ = await join(person, path)
    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in")
    assert (await lek.get("/orders"))[0].status == 303
    assert (await person.sign_in(NEW, NEW_PASSWORD)).status == 303
    assert user(database, NEW).name == "Lek"


async def test_a_stolen_session_of_an_owner_does_not_become_the_account(database, ploy, lek, settings):
    """Whoever sits at an open browser knows no password: they make no owner, no link, and take off no second step."""
    with database.transaction() as session:
        one = session.scalars(select(User).where(User.email == NEW)).one()
        second_factor.offer(session, Vault(settings.secret_key), one)
        one.totp_since = utc_now()
    lek_id, chai = user(database, NEW).id, user(database, OTHER_EMAIL).id
    tries = (
        (f"/people/{lek_id}/link", {}),
        (f"/people/{chai}/link", {}),
        (f"/people/{lek_id}/second-step-off", {}),
        (f"/people/{lek_id}/role", {"role": "owner"}),
        ("/people/invites", {"email": "thief@example.com", "role": "owner"}),
    )
    for path, fields in tries:
        for password, words in (("", "Please fill this in."), ("wrong", "This is not your password.")):
            answer, body = await ploy.post(path, **fields, password=password)
            assert answer.status == 409 and words in body, path
        database_has = user(database, NEW)
        assert database_has.role == Role.PACKER and database_has.totp_since
    with database.reading() as session:
        assert session.query(Invite).count() == 0
    assert not [one for one in entries(database) if one.action.startswith("people.")]
    for path, fields in tries:
        answer, _ = await ploy.post(path, **fields, password=PASSWORD)
        assert answer.status == 303, path
    assert user(database, NEW).role == Role.OWNER and user(database, NEW).totp_since is None


async def test_a_right_password_beside_what_cannot_be_used_is_no_wrong_one(database, ploy):
    answer, body = await ploy.post("/people/invites", email="lek@example", role="owner", password=PASSWORD)
    assert answer.status == 409 and "This is not an email address." in body
    with database.reading() as session:
        assert session.query(FailedSignIn).count() == 0


async def test_an_owner_s_own_password_and_second_step_are_changed_in_the_account_only(database, ploy):
    me = user(database).id
    for path in (f"/people/{me}/link", f"/people/{me}/second-step-off"):
        answer, body = await ploy.post(path, password=PASSWORD)
        assert answer.status == 409 and "are changed in My account" in body
    with database.reading() as session:
        assert session.query(Invite).count() == 0
    _, body = await ploy.get("/people")
    assert f"/people/{me}/link" not in body


async def test_other_roles_are_given_and_invited_without_the_password(database, ploy, lek):
    answer, _ = await ploy.post(f"/people/{user(database, NEW).id}/role", role="staff")
    assert answer.status == 303
    await invited(ploy, "noi@example.com", "trainer")


async def test_a_link_is_shown_in_the_other_language_too_and_only_in_this_session(database, ploy, visitor):
    path = await invited(ploy)
    answer, _ = await ploy.post("/language", language="th", next="/people")
    _, body = await ploy.get(answer.headers["Location"])
    assert path in body and "คัดลอกลิงก์" in body
    await ploy.post("/sign-out")
    await ploy.sign_in()
    _, body = await ploy.get("/people")
    assert path not in body and NEW in body


async def test_what_was_locked_for_something_else_is_no_link(ploy, settings):
    vault = Vault(settings.secret_key)
    for text in ("was signed in: ploy@example.com", '{"a": 1}', "[]"):
        ploy.client.cookie_jar.update_cookies({"talad_just_made": vault.lock(text)}, URL(ploy.url))
        answer, body = await ploy.get("/people")
        assert answer.status == 200 and "/join/" not in body


async def test_a_link_that_ended_is_not_shown(database, ploy, visitor):
    path = await invited(ploy)
    with database.reading() as session:
        invite_id = session.scalars(select(Invite.id)).one()
    await ploy.post(f"/people/invites/{invite_id}/withdraw")
    assert path not in (await ploy.get("/people"))[1]


async def test_links_of_an_owner_who_left_and_of_a_password_that_was_changed_open_nothing(
    database, ploy, lek, visitor
):
    chai = visitor()
    await chai.sign_in(OTHER_EMAIL)
    thief = await invited(chai, "thief@example.com", "staff")
    await ploy.post(f"/people/{user(database, OTHER_EMAIL).id}/deactivate")
    assert (await visitor().get(thief))[0].status == 410
    path = await link_after(
        ploy, await ploy.post(f"/people/{user(database, NEW).id}/link", password=PASSWORD)
    )
    await lek.get("/account")
    answer, _ = await lek.post("/account/password", old=PASSWORD, new=NEW_PASSWORD)
    assert answer.status == 303
    assert (await visitor().get(path))[0].status == 410


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


async def test_the_log_is_found_by_person_kind_subject_date_and_words(database, ploy):
    with database.transaction() as session:
        for number in range(60):
            audit.record(session, "order.confirm", f"TL-{number:08d}", by=OTHER_EMAIL, now=utc_now())
        audit.record(session, "user.add", NEW, by=audit.OPERATOR, now=utc_now())

    async def rows(query):
        _, body = await ploy.get(f"/people/log?{query}")
        return body, body.count('<li>\n      <p class="quiet">')

    body, shown = await rows("")
    assert shown == 50 and '<strong dir="auto">The operator</strong> gave lek@example.com an account' in body
    older = re.search(r'rel="next" href="/people/log\?(before=\d+)"', body)[1]
    body, shown = await rows(older)
    assert 10 <= shown < 20 and "TL-00000000" in body
    assert (await rows("words=TL-0000004"))[1] == 10
    assert (await rows("words=chai"))[1] == 50
    assert (await rows("words=confirmed+the+payment"))[1] == 50
    assert (await rows("by=operator"))[1] == 1
    assert (await rows("kind=orders&subject=TL-00000007"))[1] == 1
    assert (await rows("kind=money&subject=TL-00000007"))[1] == 1
    assert (await rows("kind=products"))[1] == 0 and (await rows("kind=order.confirm"))[1] == 50
    with database.transaction() as session:
        audit.record(session, "parcels.enter", "TL-00000060", by=OTHER_EMAIL, now=utc_now())
    assert "TL-00000060" in (await rows("kind=parcels"))[0]
    assert (await rows("since=2999-01-01"))[1] == 0
    assert (await rows("until=2999-01-01"))[1] == 50
    assert (await rows("since=nonsense&before=nonsense"))[1] == 50


async def test_entries_say_by_name_what_they_are_about_and_lead_there(database, ploy, order):
    with database.transaction() as session:
        customer, product = order.customer_id, session.get_one(Variant, 1).product_id
        for action, subject in (
            ("chats.write", customer),
            ("stock.change_stock", product),
            ("channels.test", "200"),
            ("chats.assign", 1),
            ("settings.save", "selling"),
            ("payment_settings.account", 7),
            ("order.confirm", order.number),
            ("product.archive", 999_999),
            ("new_order.make", "99999999999999999999"),
        ):
            audit.record(session, action, str(subject), by=OTHER_EMAIL, now=utc_now())
    _, body = await ploy.get("/people/log")
    assert "wrote in the chat of customer Nok" in body and f'href="/chats/{customer}"' in body
    assert "changed the stock of product T-shirt" in body and f'href="/products/{product}"' in body
    assert "sent a test message from the Page Chiang Mai" in body and 'href="/channels/2"' in body
    assert f"which order a slip is for ({order.number})" in body and 'href="/settings/selling"' in body
    assert "changed the settings (How you sell)" in body and 'href="/settings/payment"' in body
    assert "archived product 999999" in body and 'href="/products/999999"' not in body
    for words, found in (("nok", "customer Nok"), ("t-shirt", "product T-shirt")):
        _, body = await ploy.get(f"/people/log?words={words}")
        assert found in body and "a test message from" not in body
        assert ("confirmed the payment of" in body) == (words == "nok")  # her order
    with database.transaction() as session:
        session.get_one(Customer, customer).erased_at = utc_now()
    _, body = await ploy.get("/people/log")
    assert f"wrote in the chat of customer {customer}" in body and f'href="/chats/{customer}"' not in body


async def test_a_page_of_the_log_takes_as_many_queries_for_many_entries_as_for_few(database, ploy):
    with database.transaction() as session:
        for number in range(40):
            subject = str(make_customer(session, session.get_one(Channel, 1), f"c{number}").id)
            audit.record(session, "chats.write", subject, by=OTHER_EMAIL, now=utc_now())
        session.flush()
        session.expunge_all()
        newest, _ = audit.find(session, audit.Question(), limit=40)
        sent = []
        event.listen(session.get_bind(), "before_cursor_execute", lambda *given: sent.append(given[2]))
        assert len(subjects.named(session, newest, "en")) == 40
    assert len([one for one in sent if one.startswith("SELECT")]) == 1


async def test_the_log_is_taken_as_a_file_that_excel_opens_and_that_is_written_down(database, ploy):
    with database.transaction() as session:
        for number in range(60):
            audit.record(session, "order.confirm", f"TL-{number:08d}", by=OTHER_EMAIL, now=utc_now())
        audit.record(session, "user.add", "=HYPERLINK(1)", by=audit.OPERATOR, now=utc_now())
    await ploy.get("/people/log")
    answer, body = await ploy.post("/people/log/export", by=OTHER_EMAIL)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = body.splitlines()
    assert lines[0] == "﻿Time,Person,Email,What,Subject,Details" and len(lines) == 61
    assert f",Chai,{OTHER_EMAIL},confirmed the payment of TL-00000059,TL-00000059," in lines[1]
    last = entries(database)[-1]
    assert (last.action, last.by, last.detail) == ("log.export", EMAIL, {"rows": 60})
    _, body = await ploy.post("/people/log/export", by="operator")
    assert ",=HYPERLINK" not in body


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
