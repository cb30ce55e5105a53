"""Watches every transaction of a console under test: a change that does not stand in the log fails the test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import ORMExecuteState, Session

_TABLES = "tables_written"
#: What is no change of anybody's: counting passwords and codes, the way to the second step, that a session is in use.
_COUNTED = {"failed_sign_in", "half_sign_in"}
_SEEN = {"sign_in", "console_user"}


@contextmanager
def every_change_is_logged(engine: Engine) -> Iterator[None]:
    """Raises AssertionError at the end if a transaction of this engine wrote rows and no entry in the log."""
    wrong: list[set[str]] = []

    def is_ours(session: Session) -> bool:
        return session.get_bind().engine.pool is engine.pool

    def flushed(session: Session, *_: Any) -> None:
        changed = [one for one in session.dirty if session.is_modified(one)]
        for row in (*session.new, *session.deleted, *changed):
            session.info.setdefault(_TABLES, set()).add(row.__tablename__)

    def executed(state: ORMExecuteState) -> None:
        if state.is_insert or state.is_update or state.is_delete:
            table: Any = state.statement.table  # type: ignore[attr-defined]
            state.session.info.setdefault(_TABLES, set()).add(table.name)

    def committed(session: Session) -> None:
        tables: set[str] = session.info.pop(_TABLES, set())
        quiet = tables <= _COUNTED or tables == _SEEN
        if is_ours(session) and tables and not quiet and "audit_entry" not in tables:
            wrong.append(tables)

    listeners = {"after_flush": flushed, "do_orm_execute": executed, "after_commit": committed}
    for name, listener in listeners.items():
        event.listen(Session, name, listener)
    try:
        yield
    finally:
        for name, listener in listeners.items():
            event.remove(Session, name, listener)
    assert wrong == [], "these tables were written without an entry in the log"
