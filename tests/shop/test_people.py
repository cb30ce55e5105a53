"""Signing in to the console, on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shop import people
from shop.db import Database
from shop.errors import SignInRefused, TooManyAttempts
from shop.models import SignIn
from tests.factories import NOW


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    with database.transaction() as session:
        people.add_user(session, email="Ploy@Example.com", name="Ploy", password="a long password")
    yield database
    database.close()


def test_the_right_password_opens_a_session_until_it_is_over(database):
    with database.transaction() as session:
        ploy = people.check_password(session, " ploy@example.com", "a long password", address="::1", now=NOW)
        assert ploy is not None
        secret = people.sign_in(session, ploy, NOW)
        assert people.signed_in(session, secret, NOW).user.name == "Ploy"
        assert secret not in [row.token for row in session.query(SignIn)]
        with pytest.raises(SignInRefused):
            people.signed_in(session, secret, NOW + people.STAY_SIGNED_IN + timedelta(seconds=1))
        people.sign_out(session, secret)
        with pytest.raises(SignInRefused):
            people.signed_in(session, secret, NOW)


def test_guessing_is_paused_per_account_and_forgotten_after_a_while(database):
    with database.transaction() as session:
        for _ in range(10):
            assert (
                people.check_password(session, "ploy@example.com", "wrong", address="10.0.0.1", now=NOW)
                is None
            )
        with pytest.raises(TooManyAttempts) as paused:
            people.check_password(session, "ploy@example.com", "a long password", address="10.0.0.2", now=NOW)
        assert paused.value.until == NOW + timedelta(minutes=15)
        later = NOW + timedelta(minutes=16)
        assert people.check_password(
            session, "ploy@example.com", "a long password", address="10.0.0.1", now=later
        )


def test_guessing_many_accounts_from_one_address_is_paused(database):
    with database.transaction() as session:
        for number in range(30):
            people.check_password(session, f"user{number}@example.com", "x", address="10.0.0.1", now=NOW)
        with pytest.raises(TooManyAttempts):
            people.check_password(session, "ploy@example.com", "a long password", address="10.0.0.1", now=NOW)


def test_a_short_password_is_refused(database):
    with pytest.raises(ValueError, match="10 characters"), database.transaction() as session:
        people.add_user(session, email="x@example.com", name="X", password="short")
