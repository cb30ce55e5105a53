"""Working off a table of `shop.models.mail.Queued` rows: which are next, leasing them, writing what became of them.

In each conversation only the head, the open row with the lowest id, may be leased. A lease ends by itself
after some seconds of the database's clock; its fence number then makes the late result of the old holder void.
All methods take a session and belong to the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Table,
    Update,
    bindparam,
    exists,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from gateway import clock
from shop.models import InboxEvent, OutboxMessage

#: Longer than a turn usually takes; a longer one is kept alive by `extend`.
LEASE_SECONDS = 15.0


@dataclass(frozen=True)
class Lease:
    """The right to work off one row, until somebody else leases it. `attempts` counts this one."""

    id: int
    fence: int
    attempts: int
    conversation: str

    @classmethod
    def of(cls, row: Row[Any]) -> Lease:
        """The lease of a row that `Queue.lease` returned."""
        return cls(row.id, row.fence, row.attempts, row.conversation)


class Queue:
    """One such table. `lease_seconds` is how long a lease lives unless it is extended."""

    def __init__(
        self, model: type[InboxEvent] | type[OutboxMessage], *, lease_seconds: float = LEASE_SECONDS
    ) -> None:
        table = model.__table__
        assert isinstance(table, Table)
        self.name = table.name
        self.lease_seconds = lease_seconds
        mine = (table.c.id == bindparam("my_id")) & (table.c.fence == bindparam("my_fence")) & _is_open(table)
        change = update(table).where(mine)
        self._heads = _heads(table)
        self._lease = _lease(table, table.c.id.in_(bindparam("ids", expanding=True)))
        self._lease_head = _lease(table, table.c.id == _head_of(table, bindparam("in_conversation")))
        self._extend = change.values(leased_until=clock.in_seconds("lease"))
        self._close = change.values(leased_until=None, done_at=clock.now())
        self._postpone = change.values(leased_until=None, not_before=clock.in_seconds("pause"))
        self._release = change.values(leased_until=None, attempts=table.c.attempts - 1)
        self._note = change

    def heads(self, session: Session, limit: int, *, without_channels: Collection[int] = ()) -> list[int]:
        """Ids of rows that may be leased now, oldest first. Only a look: `lease` decides."""
        found = session.connection().scalars(self._heads, {"limit": limit, "without": list(without_channels)})
        return list(found)

    def lease(self, session: Session, ids: Sequence[int]) -> list[Row[Any]]:
        """Lease those of the rows that are (still) free heads; the leased rows, all columns, oldest first."""
        if not ids:
            return []
        rows = session.connection().execute(self._lease, {"ids": list(ids), "lease": self.lease_seconds})
        return sorted(rows, key=lambda row: row.id)

    def lease_head(self, session: Session, conversation: str) -> Row[Any] | None:
        """Lease the head of the conversation, if there is one and it is free."""
        wanted = {"in_conversation": conversation, "lease": self.lease_seconds}
        return session.connection().execute(self._lease_head, wanted).one_or_none()

    def extend(self, session: Session, /, leases: Iterable[Lease]) -> None:
        """Keep leases alive for another full time."""
        changes = [{**_mine(lease), "lease": self.lease_seconds} for lease in leases]
        session.connection().execute(self._extend, changes)

    def close(self, session: Session, /, lease: Lease, state: str, **columns: Any) -> bool:
        """The row is worked off and in `state`. False, and nothing changed, when the lease is lost."""
        return _change(session, self._close, lease, {"state": state, **columns})

    def postpone(self, session: Session, /, lease: Lease, seconds: float, **columns: Any) -> bool:
        """Give the row back, to be tried again in `seconds`. False when the lease is lost."""
        return _change(session, self._postpone, lease, columns, pause=seconds)

    def release(self, session: Session, /, lease: Lease) -> bool:
        """Give the row back as if it had not been tried. False when the lease is lost."""
        return _change(session, self._release, lease, {})

    def note(self, session: Session, /, lease: Lease, **columns: Any) -> bool:
        """Write columns of a row that stays leased. False when the lease is lost."""
        return _change(session, self._note, lease, columns)


def _change(
    session: Session, change: Update, lease: Lease, columns: Mapping[str, Any], **parameters: Any
) -> bool:
    values = {f"new_{name}": value for name, value in columns.items()}
    statement = _setting(change, tuple(columns))
    return session.connection().execute(statement, {**_mine(lease), **values, **parameters}).rowcount == 1


@cache
def _setting(change: Update, columns: tuple[str, ...]) -> Update:
    """`change` that also writes these columns. Made once: putting it together takes longer than running it."""
    return change.values({name: bindparam(f"new_{name}") for name in columns})


def _mine(lease: Lease) -> dict[str, Any]:
    return {"my_id": lease.id, "my_fence": lease.fence}


def _is_open(table: Any) -> ColumnElement[bool]:
    # Written out as in the partial index: for a parameter no database would use it.
    is_open: ColumnElement[bool] = table.c.state == literal_column("'open'")
    return is_open


def _is_free(table: Any) -> ColumnElement[bool]:
    present = clock.now()
    is_leased_no_more = or_(table.c.leased_until.is_(None), table.c.leased_until <= present)
    is_due = or_(table.c.not_before.is_(None), table.c.not_before <= present)
    return is_leased_no_more & is_due


def _head_of(table: Table, conversation: Any) -> Any:
    """The lowest open id of a conversation; ORDER BY and LIMIT make every planner answer it from the index."""
    row = table.alias()
    of_it = select(row.c.id).where(_is_open(row), row.c.conversation == conversation)
    return of_it.order_by(row.c.conversation, row.c.id).limit(1).scalar_subquery()


def _heads(table: Table) -> Select[Any]:
    """Hops from conversation to conversation along the partial index: a customer's long backlog costs nothing."""
    some, following, head = table.alias(), table.alias(), table.alias()
    first = select(some.c.conversation).where(_is_open(some)).order_by(some.c.conversation).limit(1)
    waiting = select(first.scalar_subquery().label("conversation")).cte("waiting", recursive=True)
    next_one = (
        select(following.c.conversation)
        .where(_is_open(following), following.c.conversation > waiting.c.conversation)
        .order_by(following.c.conversation)
        .limit(1)
        .correlate(waiting)
    )
    hops = waiting.union_all(select(next_one.scalar_subquery()).where(waiting.c.conversation.is_not(None)))
    return (
        select(head.c.id)
        .select_from(hops)
        .join(head, head.c.id == _head_of(table, hops.c.conversation))
        .where(_is_free(head), head.c.channel_id.not_in(bindparam("without", expanding=True)))
        .order_by(head.c.id)
        .limit(bindparam("limit"))
    )


def _lease(table: Table, wanted: ColumnElement[bool]) -> Any:
    """Leases the wanted rows that are free heads of their conversations."""
    earlier = table.alias()
    is_head = ~exists().where(
        _is_open(earlier), earlier.c.conversation == table.c.conversation, earlier.c.id < table.c.id
    )
    # A row that another process is just leasing is passed over, not waited for. SQLite has one writer anyway.
    inner = select(table.c.id).where(wanted, _is_open(table), _is_free(table), is_head)
    return (
        update(table)
        .where(table.c.id.in_(inner.with_for_update(skip_locked=True)))
        .values(
            fence=table.c.fence + 1, attempts=table.c.attempts + 1, leased_until=clock.in_seconds("lease")
        )
        .returning(table)
    )
