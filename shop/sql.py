"""Pieces of SQL that several modules write."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, Table, func
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(table: type[Any] | Table, dialect: str) -> postgresql.Insert | sqlite.Insert:
    """An INSERT for this kind of server, which can say what becomes of a row that is there already."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def holds(column: SQLColumnExpression[Any], words: str) -> ColumnElement[bool]:
    """That the column's text holds the words, however they are capitalised."""
    return func.lower(column).contains(words.lower(), autoescape=True)
