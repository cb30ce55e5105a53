"""The database: engine, sessions, migrations. `Database.transaction()` is the only place that commits.

Who may write when: on SQLite one writer at a time (`BEGIN IMMEDIATE`, and a lock inside this process so
that threads queue instead of polling the file); on PostgreSQL rows are locked where a rule needs it.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shop import order_index, search_index, untold  # noqa: F401  # follow what every session writes
from shop.sql import insert_into

P = ParamSpec("P")
R = TypeVar("R")

_BUSY_SECONDS = 30
#: So often a transaction is done when another one that did not mix with it went first.
_TRIES = 4
#: Seconds before it is done again.
_STEP_BACK = 0.05
#: PostgreSQL's codes for that: deadlock_detected, serialization_failure.
_WENT_SECOND = ("40P01", "40001")


def utc_now() -> datetime:
    """The present as an aware UTC datetime."""
    return datetime.now(UTC)


class Database:
    """One database of the shop.

    `url`: an SQLAlchemy URL, `sqlite:///path` or `postgresql+psycopg://…` (`postgresql://` is taken as psycopg).
    `threads`: how many threads `run` and `read` may use at once.
    """

    def __init__(self, url: str | URL, *, threads: int = 4) -> None:
        self.url = _with_driver(make_url(url))
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url, threads)
        self._writer = self.engine.execution_options(begin="IMMEDIATE")
        self._one_writer: AbstractContextManager[Any] = threading.Lock() if self.is_sqlite else nullcontext()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="database")

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits when the block ends and rolls back when it raises."""
        with self._one_writer, Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for looking only; nothing it does is kept."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    async def run(
        self, use_case: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Call `use_case(session, …)` in a transaction of its own, in a thread.

        Where another transaction had to go first it is called again, so it changes nothing but the database.
        """

        def in_transaction(tries: int = _TRIES) -> R:
            try:
                with self.transaction() as session:
                    return use_case(session, *args, **kwargs)
            except DBAPIError as error:
                if tries == 1 or not went_second(error):
                    raise
            # the other one waits for what was just let go: taken again at once, they would hold each other up anew
            time.sleep(_STEP_BACK)
            return in_transaction(tries - 1)

        return await asyncio.get_running_loop().run_in_executor(self._threads, in_transaction)

    async def read(self, query: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call `query(session, …)` in a thread; nothing it does is kept."""

        def in_session() -> R:
            with self.reading() as session:
                return query(session, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._threads, in_session)

    def close(self) -> None:
        """Wait for running calls and close every connection."""
        self._threads.shutdown(wait=True)
        self.engine.dispose()


def went_second(error: BaseException) -> bool:
    """Whether PostgreSQL ended the transaction so that another one can go on; done again it may succeed."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _WENT_SECOND


def insert_new(
    session: Session, model: type[Any], values: Mapping[str, Any], *, unique: Sequence[str]
) -> None:
    """Insert the row unless one with the same `unique` columns is there; of two at the same time one is first."""
    statement = insert_into(model, session.connection().dialect.name).values(**values)
    session.execute(statement.on_conflict_do_nothing(index_elements=list(unique)))


def migrate(url: str | URL) -> None:
    """Bring the database at `url` to the newest schema; harmless when it is there already."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    place = _with_driver(make_url(url))
    _make_folder(place)
    config.attributes["url"] = place
    command.upgrade(config, "head")


def _with_driver(url: URL) -> URL:
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


def _make_folder(url: URL) -> None:
    """The folder of SQLite's file; at the first start there is none."""
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def _sqlite_engine(url: URL) -> Engine:
    _make_folder(url)
    # An error's text, which may be logged, names the statement but not the values: names, addresses.
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late to be IMMEDIATE
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={_BUSY_SECONDS}000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")

    return engine


def _postgres_engine(url: URL, threads: int) -> Engine:
    return create_engine(
        url,
        pool_size=threads,
        max_overflow=threads,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": 5},
    )
