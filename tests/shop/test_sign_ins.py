"""Signing in to the console: passwords, codes, counting, on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import audit, passwords, people, second_factor, sign_ins
from shop.db import Database
from shop.errors import BadInput, NotFound, SignInRefused, TooManyAttempts
from shop.models import AuditEntry, FailedSignIn, HalfSignIn, RecoveryCode, SignIn, User
from shop.sign_ins import Browser
from shop.vault import Vault
from tests.factories import NOW, VAULT

EMAIL, GOOD = "ploy@example.com", "a long password"
STEP = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    with database.transaction() as session:
        people.add_user(session, email="Ploy@Example.com", name="Ploy", password=GOOD)
    yield database
    database.close()


def attempt(database, password=GOOD, email=EMAIL, address="10.0.0.1", now=NOW) -> str | None:
    """Signing in as the console does it: the session's secret."""
    with database.transaction() as session:
        begun = sign_ins.begin(session, email, address, now)
    if not passwords.fits(begun.password, password):
        return None
    with database.transaction() as session:
        sign_ins.was_right(session, begun)
    with database.transaction() as session:
        return sign_ins.sign_in(session, sign_ins.passed(session, begun), now, Browser(address, "Chrome"))


def ploy(session: Session) -> User:
    return session.scalars(select(User)).one()


def test_the_right_password_opens_a_session_until_it_is_over(database):
    secret = attempt(database, email=" ploy@example.com")
    with database.transaction() as session:
        assert sign_ins.signed_in(session, secret, NOW).user.name == "Ploy"
        assert secret not in session.scalars(select(SignIn.token)).all()
        with pytest.raises(SignInRefused):
            sign_ins.signed_in(session, secret, NOW + sign_ins.STAY_SIGNED_IN + timedelta(seconds=1))
        sign_ins.sign_out(session, secret)
        with pytest.raises(SignInRefused):
            sign_ins.signed_in(session, secret, NOW)


def test_guessing_is_paused_per_account_and_forgotten_after_a_while(database):
    for _ in range(10):
        assert attempt(database, "wrong") is None
    with pytest.raises(TooManyAttempts) as paused:
        attempt(database, address="10.0.0.2")
    assert paused.value.until == NOW + timedelta(minutes=15)
    assert attempt(database, now=NOW + timedelta(minutes=16))


def test_guessing_many_accounts_from_one_address_is_paused(database):
    for number in range(30):
        assert attempt(database, email=f"user{number}@example.com") is None
    with pytest.raises(TooManyAttempts):
        attempt(database)


def test_the_right_password_is_never_counted_as_a_wrong_one(database):
    for _ in range(40):
        assert attempt(database)
    with database.reading() as session:
        assert session.scalars(select(FailedSignIn)).all() == []


def test_twenty_guesses_at_the_same_moment_are_all_counted(database):
    """The password is looked at outside of the transaction, so it must be counted before."""
    start, begun, paused = threading.Barrier(20), [], []

    def guess():
        start.wait()
        try:
            with database.transaction() as session:
                begun.append(sign_ins.begin(session, EMAIL, "10.0.0.1", NOW))
        except TooManyAttempts:
            paused.append(1)

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(begun), len(paused)) == (10, 10)


def test_a_password_that_was_changed_or_an_account_that_left_meanwhile_opens_nothing(database):
    with database.transaction() as session:
        begun = sign_ins.begin(session, EMAIL, "10.0.0.1", NOW)
        ploy(session).password = passwords.hashed("quite another one")
    with pytest.raises(SignInRefused), database.transaction() as session:
        sign_ins.passed(session, begun)
    with database.transaction() as session:
        begun = sign_ins.begin(session, EMAIL, "10.0.0.1", NOW)
        ploy(session).active = False
    with pytest.raises(SignInRefused), database.transaction() as session:
        sign_ins.passed(session, begun)


def test_the_log_says_how_often_the_password_was_wrong_before(database):
    for _ in range(3):
        attempt(database, "wrong")
    with database.reading() as session:
        assert sign_ins.wrong_tries(session, [ploy(session)]) == {1: 3}
    attempt(database)
    attempt(database)
    with database.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [(one.action, one.by, one.detail) for one in entries] == [
            ("sign_in.sign_in", EMAIL, {"wrong_tries": 3}),
            ("sign_in.sign_in", EMAIL, {}),
        ]
        assert sign_ins.wrong_tries(session, [ploy(session)]) == {1: 0}


def test_sessions_are_listed_with_where_they_are_and_end_one_by_one(database):
    phone = attempt(database, address="10.0.0.1")
    desk = attempt(database, address="10.0.0.2", now=NOW + timedelta(minutes=1))
    with database.transaction() as session:
        sign_ins.seen(session, phone, NOW + timedelta(minutes=9), "10.0.0.9")
        listed = sign_ins.sessions(session, 1, NOW)
        assert [(one.address, one.device) for one in listed] == [
            ("10.0.0.9", "Chrome"),
            ("10.0.0.2", "Chrome"),
        ]
        assert ploy(session).last_seen_at == NOW + timedelta(minutes=9)
        sign_ins.end_one(session, 1, sign_ins.hashed(desk))
        with pytest.raises(SignInRefused):
            sign_ins.signed_in(session, desk, NOW)
        with pytest.raises(NotFound):
            sign_ins.end_one(session, 2, sign_ins.hashed(phone))  # somebody else's
        assert sign_ins.signed_in(session, phone, NOW)
        people.end_sessions(session, 1)
        assert sign_ins.sessions(session, 1, NOW) == []


def code_at(secret: str, at) -> str:
    """What the app shows: an implementation of RFC 6238 that is not ours."""
    import base64

    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(int(at.timestamp())).decode()


@pytest.fixture
def app_secret(database) -> str:
    """Ploy's authenticator app is set up, a minute ago."""
    with database.transaction() as session:
        secret = second_factor.offer(session, VAULT, ploy(session))
        at = NOW - timedelta(minutes=1)
        second_factor.confirm(session, VAULT, ploy(session), code_at(secret, at), at)
    return secret


def half_way(database) -> str:
    with database.transaction() as session:
        return sign_ins.ask_for_code(session, ploy(session), NOW)


def enter(database, half, code, now=NOW, vault=VAULT):
    with database.transaction() as session:
        return sign_ins.enter_code(session, vault, half, code, address="10.0.0.1", now=now)


def test_the_reference_values_of_rfc_6238_are_taken():
    """Appendix B, SHA-1, the last six of eight digits; the key is "12345678901234567890"."""
    import base64

    user = User(id=1, email=EMAIL, name="", password="", totp_step=0, totp_since=NOW)
    user.totp = VAULT.lock(base64.b32encode(b"12345678901234567890").decode())
    for seconds, digits in (
        (59, "287082"),
        (1111111109, "081804"),
        (1234567890, "005924"),
        (2000000000, "279037"),
    ):
        at = NOW.fromtimestamp(seconds, NOW.tzinfo)
        assert second_factor._is_of_app(VAULT, user, digits, at)


def test_the_app_is_asked_for_only_after_it_has_shown_a_code(database):
    with database.transaction() as session:
        secret = second_factor.offer(session, VAULT, ploy(session))
        assert second_factor.offer(session, VAULT, ploy(session)) == secret  # the page may be opened twice
        with pytest.raises(BadInput):
            second_factor.confirm(session, VAULT, ploy(session), "000000", NOW)
        assert ploy(session).totp_since is None
        codes = second_factor.confirm(session, VAULT, ploy(session), code_at(secret, NOW), NOW)
        assert len(set(codes)) == 10 and ploy(session).totp_since == NOW
        kept = session.scalars(select(RecoveryCode.code)).all()
        assert not {code.replace("-", "") for code in codes} & set(kept)
        assert secret not in (ploy(session).totp or "")


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_of_now_or_a_step_beside_lets_in_once(database, app_secret, steps):
    half = half_way(database)
    digits = code_at(app_secret, NOW + steps * STEP)
    thai = digits.translate({ord(str(n)): 0x0E50 + n for n in range(10)})
    assert enter(database, half, f" {thai[:3]} {thai[3:]} ").email == EMAIL
    assert enter(database, half_way(database), digits) is None  # used


@pytest.mark.parametrize("steps", [-2, 2])
def test_an_older_or_later_code_does_not_let_in(database, app_secret, steps):
    assert enter(database, half_way(database), code_at(app_secret, NOW + steps * STEP)) is None


def test_after_a_later_code_the_earlier_one_is_gone_too(database, app_secret):
    assert enter(database, half_way(database), code_at(app_secret, NOW + STEP))
    assert enter(database, half_way(database), code_at(app_secret, NOW)) is None


def test_five_wrong_codes_pause_and_each_stands_in_the_log(database, app_secret):
    half = half_way(database)
    for _ in range(5):
        assert enter(database, half, "000000") is None
    with pytest.raises(TooManyAttempts):
        enter(database, half, code_at(app_secret, NOW))
    with database.reading() as session:
        found, _ = audit.find(session, audit.Question(actions=["sign_in.wrong_code"]))
        assert [(one.by, one.subject) for one in found] == [(audit.NOBODY, EMAIL)] * 5


def test_the_same_code_twice_at_once_lets_one_in(database, app_secret):
    digits, halves = code_at(app_secret, NOW), [half_way(database), half_way(database)]
    start, got_in = threading.Barrier(2), []

    def use(half):
        start.wait()
        got_in.append(enter(database, half, digits) is not None)

    threads = [threading.Thread(target=use, args=(half,)) for half in halves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got_in) == [False, True]


def test_a_recovery_code_works_once(database, app_secret):
    with database.transaction() as session:
        first, second, *_ = second_factor.new_recovery_codes(session, ploy(session))
    assert enter(database, half_way(database), first.upper().replace("-", " "))
    assert enter(database, half_way(database), first) is None
    with database.reading() as session:
        assert second_factor.recovery_codes_left(session, ploy(session)) == 9
    with database.transaction() as session:
        second_factor.new_recovery_codes(session, ploy(session))
    assert enter(database, half_way(database), second) is None


def test_with_another_key_of_the_server_only_recovery_codes_let_in(database, app_secret):
    with database.transaction() as session:
        code, *_ = second_factor.new_recovery_codes(session, ploy(session))
    other = Vault("another key")
    assert enter(database, half_way(database), code_at(app_secret, NOW), vault=other) is None
    assert enter(database, half_way(database), code, vault=other)


def test_the_second_step_has_to_follow_the_first_one_soon_and_works_once(database, app_secret):
    half = half_way(database)
    for secret, now in ((half, NOW + timedelta(minutes=6)), ("guessed", NOW)):
        with pytest.raises(SignInRefused):
            enter(database, secret, code_at(app_secret, now), now)
    assert enter(database, half, code_at(app_secret, NOW))
    with pytest.raises(SignInRefused):
        enter(database, half, code_at(app_secret, NOW + STEP), NOW + STEP)
    with database.reading() as session:
        assert half not in session.scalars(select(HalfSignIn.token)).all()
    with database.reading() as session, pytest.raises(SignInRefused):
        sign_ins.signed_in(session, half, NOW)  # it is no session


def test_taken_off_nothing_of_it_is_left(database, app_secret):
    with database.transaction() as session:
        second_factor.take_off(session, ploy(session))
        assert (ploy(session).totp, ploy(session).totp_since) == (None, None)
        assert session.scalars(select(RecoveryCode)).all() == []
    assert enter(database, half_way(database), code_at(app_secret, NOW)) is None
