"""Accounts and invites, on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from shop import audit, invites, passwords, people, sign_ins, trust
from shop.errors import BadInput, InviteOver, LastOwner, NotFound, SignInRefused, TooManyAttempts
from shop.models import Invite, User
from shop.roles import Role
from tests.factories import NOW

GOOD = "a long password"


def add(session, name, role=Role.OWNER):
    return people.add_user(session, email=f"{name}@example.com", name=name, password=GOOD, role=role)


def accept(session, secret, name="Lek", now=NOW):
    return invites.accept(
        session, secret, name=name, password_hash=passwords.hashed(GOOD), language="en", now=now
    )


def invite(session, email="lek@example.com", role=Role.PACKER, now=NOW):
    return invites.create(session, email=email, role=role, by="ploy@example.com", now=now)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "short"),
        ("x" * 1001, "long"),
        ("1234567890", "common"),
        ("Password123", "common"),
        ("ababababababab", "common"),
        ("ploy@example.com", "common"),
    ],
)
def test_a_password_that_could_be_guessed_is_refused(database, password, why):
    with pytest.raises(BadInput) as refused, database.transaction() as session:
        people.add_user(session, email="Ploy@example.com", name="Ploy", password=password)
    assert refused.value.reason == why


def test_the_last_owner_stays_an_owner_and_active(database):
    with database.transaction() as session:
        ploy, chai = add(session, "ploy"), add(session, "chai")
        add(session, "lek", Role.STAFF)
        people.deactivate(session, chai.id)
        for act in (
            lambda: people.deactivate(session, ploy.id),
            lambda: people.change_role(session, ploy.id, "staff"),
        ):
            with pytest.raises(LastOwner):
                act()
        people.reactivate(session, chai.id)
        assert people.change_role(session, ploy.id, "staff").role == Role.STAFF


def test_of_two_owners_who_leave_at_once_one_stays(database):
    with database.transaction() as session:
        ids = [add(session, "ploy").id, add(session, "chai").id]
    start, refused = threading.Barrier(2), []

    def leave(user_id):
        start.wait()
        try:
            with database.transaction() as session:
                people.deactivate(session, user_id)
        except LastOwner:
            refused.append(user_id)

    threads = [threading.Thread(target=leave, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    with database.reading() as session:
        assert [user.id for user in people.all_accounts(session) if user.active] == refused


def test_an_unknown_role_and_an_unknown_account_are_refused(database):
    with database.transaction() as session:
        ploy = add(session, "ploy")
        with pytest.raises(BadInput):
            people.change_role(session, ploy.id, "king")
        with pytest.raises(NotFound):
            people.deactivate(session, 99)


def test_whoever_is_deactivated_is_out_at_once_and_comes_back_with_the_same_role(database):
    with database.transaction() as session:
        add(session, "ploy")
        lek = add(session, "lek", Role.STAFF)
        secret = sign_ins.sign_in(session, lek, NOW)
        invites.for_new_password(session, lek.id, by="ploy@example.com", now=NOW)
        people.deactivate(session, lek.id)
        with pytest.raises(SignInRefused):
            sign_ins.signed_in(session, secret, NOW)
        with pytest.raises(NotFound):
            invites.for_new_password(session, lek.id, by="ploy@example.com", now=NOW)
        assert session.query(Invite).count() == 0
        people.reactivate(session, lek.id)
        with pytest.raises(SignInRefused):
            sign_ins.signed_in(session, secret, NOW)  # signs in anew
        assert lek.role == Role.STAFF


def test_an_operator_s_new_password_ends_sessions_and_lets_somebody_in_again(database):
    with database.transaction() as session:
        add(session, "ploy")
        lek = add(session, "lek", Role.STAFF)
        secret = sign_ins.sign_in(session, lek, NOW)
        people.deactivate(session, lek.id)
        again = people.add_user(session, email="Lek@Example.com ", name="Lek", password=GOOD)
        assert (again.id, again.active, again.role) == (lek.id, True, Role.STAFF)
        with pytest.raises(SignInRefused):
            sign_ins.signed_in(session, secret, NOW)


def test_an_invite_makes_one_account_once_and_is_not_readable_in_the_database(database):
    with database.transaction() as session:
        secret = invite(session, " Lek@Example.com")
        kept = session.query(Invite).one()
        assert secret not in (kept.token, kept.email)
        assert [one.email for one in invites.pending(session, NOW)] == ["lek@example.com"]
        lek = accept(session, secret)
        assert (lek.email, lek.role, lek.name, lek.language) == ("lek@example.com", "packer", "Lek", "en")
        assert passwords.fits(lek.password, GOOD)
        with pytest.raises(InviteOver):
            accept(session, secret)


def test_two_who_use_a_link_at_once_make_one_account(database):
    with database.transaction() as session:
        secret = invite(session)
    start, over = threading.Barrier(2), []
    password_hash = passwords.hashed(GOOD)

    def use(name):
        start.wait()
        try:
            with database.transaction() as session:
                invites.accept(
                    session, secret, name=name, password_hash=password_hash, language="th", now=NOW
                )
        except InviteOver:
            over.append(name)

    threads = [threading.Thread(target=use, args=(name,)) for name in ("Lek", "Noi")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(over) == 1
    with database.reading() as session:
        assert session.query(User).count() == 1


def test_an_invite_ends_after_72_hours_when_taken_back_and_when_another_is_made(database):
    with database.transaction() as session:
        old = invite(session)
        assert invites.find(session, old, NOW + timedelta(hours=71)).email == "lek@example.com"
        with pytest.raises(InviteOver):
            accept(session, old, now=NOW + timedelta(hours=72))
        new = invite(session)
        with pytest.raises(InviteOver):
            invites.find(session, old, NOW)
        kept = invites.find(session, new, NOW)
        assert invites.withdraw(session, kept.id) == "lek@example.com"
        with pytest.raises(InviteOver):
            accept(session, new)
        with pytest.raises(NotFound):
            invites.withdraw(session, kept.id)


@pytest.mark.parametrize(
    "email", ["", "lek", "lek@", "a b@example.com", "lek@example", f"{'x' * 250}@example.com"]
)
def test_an_invite_needs_an_email(database, email):
    with pytest.raises(BadInput) as refused, database.transaction() as session:
        invite(session, email)
    assert (refused.value.field, refused.value.reason) == ("email", "invalid")


def test_an_invite_is_for_somebody_new_with_a_role_that_exists(database):
    with database.transaction() as session:
        add(session, "ploy")
        with pytest.raises(BadInput, match="taken"):
            invite(session, "Ploy@example.com")
        with pytest.raises(BadInput, match="unknown"):
            invite(session, role="king")
        with pytest.raises(BadInput, match="missing"):
            accept(session, invite(session), name="  ")


def test_a_link_for_a_new_password_changes_nothing_else_and_signs_out(database):
    with database.transaction() as session:
        add(session, "ploy")
        lek = add(session, "lek", Role.STAFF)
        session_secret = sign_ins.sign_in(session, lek, NOW)
        secret = invites.for_new_password(session, lek.id, by="ploy@example.com", now=NOW)
        assert invites.pending(session, NOW) == []  # nobody new
        assert sign_ins.signed_in(session, session_secret, NOW)  # until it is used
        again = invites.accept(
            session,
            secret,
            name="Somebody",
            password_hash=passwords.hashed("quite another one"),
            language="th",
            now=NOW,
        )
        assert (again.id, again.name, again.role) == (lek.id, "lek", Role.STAFF)
        assert passwords.fits(again.password, "quite another one")
        with pytest.raises(SignInRefused):
            sign_ins.signed_in(session, session_secret, NOW)


def test_links_an_owner_made_end_with_their_being_an_owner(database):
    with database.transaction() as session:
        add(session, "ploy")
        for number, end in enumerate(
            (
                lambda one: people.deactivate(session, one.id),
                lambda one: people.change_role(session, one.id, "staff"),
            )
        ):
            chai = add(session, f"chai{number}")
            lek = add(session, f"lek{number}", Role.STAFF)
            links = [
                invites.create(session, email="thief@example.com", role="owner", by=chai.email, now=NOW),
                invites.for_new_password(session, lek.id, by=chai.email, now=NOW),
            ]
            other = invite(session)
            end(chai)
            for link in links:
                with pytest.raises(InviteOver):
                    accept(session, link)
            assert invites.find(session, other, NOW)


def test_a_link_for_a_new_password_ends_when_the_password_is_changed_otherwise(database):
    with database.transaction() as session:
        lek = add(session, "lek")
        for change in (
            lambda: people.change_password(session, lek, passwords.hashed("quite another one")),
            lambda: people.add_user(session, email=lek.email, name="Lek", password="quite another one"),
        ):
            link = invites.for_new_password(session, lek.id, by="ploy@example.com", now=NOW)
            change()
            with pytest.raises(InviteOver):
                invites.find(session, link, NOW)
        link = invite(session, "noi@example.com")
        people.add_user(session, email="noi@example.com", name="Noi", password="quite another one")
        with pytest.raises(InviteOver):  # the operator was first
            invites.find(session, link, NOW)


def test_a_new_password_by_link_ends_the_pause_after_wrong_ones(database):
    with database.transaction() as session:
        lek = add(session, "lek")
        for _ in range(10):
            sign_ins.begin(session, lek.email, "10.0.0.1", NOW)
        with pytest.raises(TooManyAttempts):
            sign_ins.begin(session, lek.email, "10.0.0.1", NOW)
        accept(session, invites.for_new_password(session, lek.id, by="ploy@example.com", now=NOW))
        assert sign_ins.begin(session, lek.email, "10.0.0.1", NOW).password == lek.password
        entry = audit.record(session, "join.renew", lek.email, by=lek.email, now=NOW)
        assert entry.detail["wrong_tries"] == 10


def test_only_with_the_own_password_an_owner_lets_somebody_into_an_account(database):
    with database.transaction() as session:
        ploy, lek = add(session, "ploy"), add(session, "lek", Role.STAFF)
        attempt = sign_ins.begin(session, ploy.email, "10.0.0.1", NOW)
        asked = {"email": "noi@example.com", "by": ploy.email, "now": NOW}
        for act in (
            lambda: trust.invite(session, None, role="owner", **asked),
            lambda: trust.give_role(session, None, lek.id, "owner"),
            lambda: trust.link_for_new_password(session, None, lek.id, NOW),
            lambda: trust.take_off_second_step(session, None, lek.id),
        ):
            with pytest.raises(SignInRefused):
                act()
        for act in (
            lambda: trust.link_for_new_password(session, attempt, ploy.id, NOW),
            lambda: trust.take_off_second_step(session, attempt, ploy.id),
        ):
            with pytest.raises(BadInput, match="oneself"):
                act()
        assert trust.invite(session, attempt, role="owner", **asked)
        assert trust.invite(session, None, role="staff", **asked)
        assert trust.give_role(session, None, lek.id, "packer").role == Role.PACKER
        assert trust.give_role(session, attempt, lek.id, "owner").role == Role.OWNER
