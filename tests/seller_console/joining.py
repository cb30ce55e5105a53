"""Who works in the shop, for tests of accounts: invites, their links, what is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aiohttp import ClientResponse
from sqlalchemy import select

from shop.db import Database
from shop.models import AuditEntry, User
from tests.seller_console.support import EMAIL, Visitor

NEW, NEW_PASSWORD = "lek@example.com", "three quiet market cats"


def entries(database: Database) -> Sequence[AuditEntry]:
    with database.reading() as session:
        return session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()


def user(database: Database, email: str = EMAIL) -> User:
    with database.reading() as session:
        return session.scalars(select(User).where(User.email == email)).one()


async def invited(ploy: Visitor, email: str = NEW, role: str = "packer") -> str:
    """The path of a new invite's link."""
    return await link_after(ploy, await ploy.post("/people/invites", email=email, role=role))


async def link_after(ploy: Visitor, made: tuple[ClientResponse, str]) -> str:
    """The path of the link that was just made, as the page shows it."""
    answer, body = made
    assert (answer.status, answer.headers.get("Location")) == (303, "/people"), body
    _, body = await ploy.get("/people")
    found = re.search(r"<code>http://127\.0\.0\.1:\d+(/join/[^<]+)</code>", body)
    assert found
    return found[1]


async def join(person: Visitor, path: str, **fields: str) -> tuple[ClientResponse, str]:
    """Open the link, and send its form as Lek would."""
    await person.get(path)
    return await person.post(path, **{"name": "Lek", "password": NEW_PASSWORD, "language": "en", **fields})
