"""Connecting a Page: what is typed, what is kept, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from shop import accounts
from shop.db import Database
from shop.errors import BadInput
from tests.factories import NOW, VAULT

TYPED = {
    "account_id": " 1234 ",
    "name": "Baan  Fai",
    "token": "EAAB123\n",
    "app_secret": "s3cret",
    "verify_token": "my own words",
    "app_id": "77",
}


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        yield session


def test_secrets_are_kept_encrypted_and_it_is_known_since_when(session: Session) -> None:
    channel = accounts.keep(session, VAULT, accounts.typed(VAULT, TYPED), now=NOW)
    assert (channel.account_id, channel.name, channel.app_id) == ("1234", "Baan Fai", "77")
    assert "EAAB123" not in channel.token and VAULT.open(channel.token) == "EAAB123"
    assert (channel.token_at, channel.app_secret_at) == (NOW, NOW)


def test_a_secret_left_empty_stays_and_only_a_new_one_has_a_new_time(session: Session) -> None:
    channel = accounts.keep(session, VAULT, accounts.typed(VAULT, TYPED), now=NOW)
    channel.active, channel.problem = False, "expired"
    later = NOW + timedelta(days=3)
    changed = {**TYPED, "token": "EAAB456", "app_secret": "", "account_id": "99"}
    accounts.keep(session, VAULT, accounts.typed(VAULT, changed, channel), now=later)
    assert channel.account_id == "1234"  # a Page stays the one it is
    assert (VAULT.open(channel.token), VAULT.open(channel.app_secret)) == ("EAAB456", "s3cret")
    assert (channel.token_at, channel.app_secret_at) == (later, NOW)
    assert (channel.active, channel.problem) == (True, None)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("account_id", "", "missing"),
        ("account_id", "my page", "number"),
        ("account_id", "๑๒๓", "number"),
        ("name", " ", "missing"),
        ("name", "x" * 61, "long"),
        ("token", "", "missing"),
        ("token", "two words", "spaces"),
        ("token", "x" * 1001, "long"),
        ("app_secret", "ลับ", "spaces"),
        ("verify_token", "", "missing"),
        ("app_id", "my app", "number"),
    ],
)
def test_what_cannot_be_used_is_named(field: str, value: str, reason: str) -> None:
    with pytest.raises(BadInput) as refused:
        accounts.typed(VAULT, {**TYPED, field: value})
    assert (refused.value.field, refused.value.reason) == (field, reason)
