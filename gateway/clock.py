"""The database's own clock inside a statement: leases of several machines are only comparable on one clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from shop.models.base import UtcDateTime


class _InSeconds(FunctionElement[datetime]):
    """The present of the database plus some seconds."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(_InSeconds, "sqlite")
def _sqlite(element: _InSeconds, compiler: SQLCompiler, **kw: Any) -> str:
    # Written as SQLAlchemy writes its times, so that the texts compare: six digits after the second.
    seconds = compiler.process(element.clauses, **kw)
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', {seconds} || ' seconds')"


@compiles(_InSeconds, "postgresql")
def _postgresql(element: _InSeconds, compiler: SQLCompiler, **kw: Any) -> str:
    # Not now(): that is the transaction's start, and a transaction may have waited for a lock.
    return f"(clock_timestamp() + make_interval(secs => {compiler.process(element.clauses, **kw)}))"


def now() -> ColumnElement[datetime]:
    """The database's present."""
    return _InSeconds(bindparam("zero", 0.0, type_=Float))


def in_seconds(parameter: str) -> ColumnElement[datetime]:
    """The database's present plus the seconds that the statement is given as `parameter`."""
    return _InSeconds(bindparam(parameter, type_=Float))
