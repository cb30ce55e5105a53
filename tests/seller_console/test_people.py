"""Who works in the shop, as a page: accounts, roles, invites and their links."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from yarl import URL

from shop import second_factor
from shop.db import utc_now
from shop.models import FailedSignIn, Invite, User
from shop.roles import Role
from shop.vault import Vault
from tests.seller_console.joining import NEW, NEW_PASSWORD, entries, invited, join, link_after, user
from tests.seller_console.support import EMAIL, OTHER_EMAIL, PASSWORD


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
