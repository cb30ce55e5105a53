"""Rasa's store of conversations (bot/tracker_store.py), as far as a customer's data is asked for or deleted.

It is a database of its own, so it is spoken to by SQL: Rasa need not run, and nothing of it has to be loaded.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import (
    Column,
    Engine,
    Float,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    inspect,
    select,
)
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

_conversations = Table(
    "rasa_conversations",
    MetaData(),
    Column("id", String(255), primary_key=True),
    Column("events", Text, nullable=False),
    Column("changed_at", Float, nullable=False),
)


class Conversations:
    """The store at `url`, as TALAD_RASA_DATABASE_URL names it; `token` is TALAD_RASA_TOKEN, which seals what it holds.

    Connections are opened for each call: there are few.
    """

    def __init__(self, url: str, token: str) -> None:
        self._engine = _engine(url)
        key = hashlib.sha256(b"talad conversations\0" + token.encode()).digest()  # as bot/sealed.py does
        self._seal = Fernet(base64.urlsafe_b64encode(key))

    def stored(self, conversation: str) -> list[dict[str, Any]] | None:
        """Rasa's events of the conversation, oldest first; None when there is none.

        Raises ValueError when it was sealed with another token.
        """
        if not self._is_there():
            return None
        with self._engine.connect() as connection:
            wanted = select(_conversations.c.events).where(_conversations.c.id == conversation)
            stored = connection.scalar(wanted)
        if stored is None:
            return None
        try:
            lines = self._seal.decrypt(stored.encode()).decode().split("\n")
        except InvalidToken:
            raise ValueError("Rasa's conversation was stored with another TALAD_RASA_TOKEN") from None
        return [json.loads(line) for line in lines]

    def forget(self, conversation: str) -> None:
        """Delete the conversation; harmless when there is none. Whoever writes next begins a new one."""
        if self._is_there():
            with self._engine.begin() as connection:
                connection.execute(delete(_conversations).where(_conversations.c.id == conversation))

    def forget_silent_since(self, before: datetime) -> int:
        """Delete the conversations in which nothing has happened since; how many."""
        if not self._is_there():
            return 0
        with self._engine.begin() as connection:
            old = delete(_conversations).where(_conversations.c.changed_at < before.timestamp())
            return connection.execute(old).rowcount

    def _is_there(self) -> bool:
        """Before Rasa has run for the first time there is no table."""
        return bool(inspect(self._engine).has_table(_conversations.name))


def _engine(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() in (
        "postgresql",
        "postgres",
    ):  # with whichever driver Rasa's environment has
        address = address.set(drivername="postgresql+psycopg")
        return create_engine(address, poolclass=NullPool, hide_parameters=True)
    return create_engine(address, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": 30})
