"""What most tests of the shop begin with; one that needs it otherwise has its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from shop.db import Database
from shop.models import Channel, Customer
from tests.factories import make_channel, make_customer, make_shop


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """In a transaction, with the shop."""
    with database.transaction() as session:
        make_shop(session)
        yield session


@pytest.fixture
def channel(session: Session) -> Channel:
    """The shop's only Page."""
    return make_channel(session)


@pytest.fixture
def nok(session: Session, channel: Channel) -> Customer:
    """A customer."""
    return make_customer(session, channel)
