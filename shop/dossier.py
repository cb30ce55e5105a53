"""Everything the database holds of one customer, found along the foreign keys, so that no new table is forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from shop.models import Base, Channel, Customer, InboxEvent, Utterance, Variant

Rows = list[dict[str, Any]]


def of_customer(session: Session, customer: Customer) -> dict[str, Any]:
    """`{"page": …, "tables": {table: [row, …]}}`: the customer's row and all that belongs to it, by table.

    Rows are plain columns by name, times as datetimes. What is in their cart, and what was heard of them, is named
    beside its id.
    """
    held = _following(session, customer.id)
    events = Base.metadata.tables[InboxEvent.__tablename__]
    held[events.name] = _rows(session, events, events.c.conversation == customer.conversation)
    channel = session.get_one(Channel, customer.channel_id)
    _name_variants(session, held)
    _name_heard(session, held)
    return {"page": {"id": channel.account_id, "name": channel.name}, "tables": held}


def pictures(held: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The pictures in what `of_customer` gave, as "slips/<id>" or "sent/<id>", and their keys in the media store."""
    for folder, table in (("slips", "slip"), ("sent", "outbox_message")):
        for row in held["tables"].get(table, ()):
            if row["picture"]:
                yield f"{folder}/{row['id']}", row["picture"]


def _following(session: Session, customer_id: int) -> dict[str, Rows]:
    """The rows of every table that refers to the customer, or to a row that was found so."""
    tables = Base.metadata.tables
    customers = tables[Customer.__tablename__]
    found: dict[str, dict[Any, dict[str, Any]]] = {}
    ahead: list[tuple[Table, Rows]] = [(customers, _rows(session, customers, customers.c.id == customer_id))]
    while ahead:
        table, rows = ahead.pop(0)
        known = found.setdefault(table.name, {})
        key = list(table.primary_key.columns)
        # What leads to a row of theirs may be somebody else's: a slip that shows a transfer they sent first.
        own = (row for row in rows if row.get("customer_id", customer_id) == customer_id)
        new = [row for row in own if tuple(row[column.name] for column in key) not in known]
        known.update({tuple(row[column.name] for column in key): row for row in new})
        if new:
            ahead += _referring(session, table, new)
    return {name: [rows[key] for key in sorted(rows)] for name, rows in found.items() if rows}


def _referring(session: Session, table: Table, rows: Rows) -> Iterator[tuple[Table, Rows]]:
    for other in Base.metadata.sorted_tables:
        for reference in other.foreign_keys:
            if reference.column.table is table:
                wanted = [row[reference.column.name] for row in rows]
                yield other, _rows(session, other, reference.parent.in_(wanted))


def _rows(session: Session, table: Table, where: Any) -> Rows:
    found = session.connection().execute(select(table).where(where).order_by(*table.primary_key.columns))
    return [dict(row._mapping) for row in found]


def _name_variants(session: Session, held: dict[str, Rows]) -> None:
    for line in held.get("cart_line", ()):
        line["name"] = session.get_one(Variant, line["variant_id"]).name("th")


def _name_heard(session: Session, held: dict[str, Rows]) -> None:
    heard = held.get("heard", ())
    wanted = select(Utterance.id, Utterance.text).where(
        Utterance.id.in_({row["utterance_id"] for row in heard})
    )
    texts = {row.id: row.text for row in session.execute(wanted)} if heard else {}
    for row in heard:
        row["text"] = texts[row["utterance_id"]]
