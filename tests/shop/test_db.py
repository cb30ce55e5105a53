"""A new database, and transactions that get into each other's way."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from shop import db
from shop.db import Database
from shop.models import Customer
from tests.factories import make_channel, make_customer


@pytest.fixture
def database(postgres_url):
    opened = Database(postgres_url)
    with opened.transaction() as session:
        channel = make_channel(session)
        for name in ("nok", "mali"):
            make_customer(session, channel, name, name)
    yield opened
    opened.close()


async def test_of_two_that_wait_for_each_other_one_goes_first_and_the_other_is_done_again(database):
    both_hold_one = threading.Barrier(2)
    calls = []

    def rename(session, first, then):
        calls.append(first)
        session.execute(update(Customer).where(Customer.external_id == first).values(name=f"of {first}"))
        if len(calls) <= 2:
            both_hold_one.wait(60)
        session.execute(update(Customer).where(Customer.external_id == then).values(name=f"of {first}"))
        return first

    done = await asyncio.gather(
        database.run(rename, "nok", "mali"), database.run(rename, "mali", "nok"), return_exceptions=True
    )
    assert done == ["nok", "mali"] and len(calls) > 2
    with database.reading() as session:
        assert len(set(session.scalars(select(Customer.name)))) == 1  # one of them whole, then the other


async def test_what_is_wrong_is_not_done_again(database):
    calls = []

    def wrong(session):
        calls.append(1)
        session.execute(update(Customer).values(external_id="the same"))

    with pytest.raises(DBAPIError):
        await database.run(wrong)
    assert len(calls) == 1


def test_the_folder_of_a_new_file_is_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/var/talad.db"
    db.migrate(url)
    assert (tmp_path / "var/talad.db").is_file()
