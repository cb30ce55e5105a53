"""Who did what, kept for ever: one entry for each change, written in the transaction of the change.

Entries name things (an order's number, a product's id) and say what about them became different. They never hold
secrets, nor words, names or addresses of customers: those can be forgotten, the log cannot.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from shop.models import AuditEntry

#: Stands where a person's email would: the operator's command.
OPERATOR = "operator"
#: Somebody who was not signed in.
NOBODY = "nobody"
#: So much later than another an entry has a higher id: of two at once either may be written first.
_ASIDE = timedelta(hours=1)
#: So many entries are looked at for words.
_LOOKED_AT = 10_000
_DETAIL = "audit_detail"
_NOTHING = "audit_nothing"


@dataclass(frozen=True)
class Question:
    """Which entries to find: by whom (an email), of which `actions` (`order.confirm`, or `order` for all such),
    about what, from when (included) until when (not included).

    `words` are looked for at the beginning of subjects; whoever asks may know people (`or_by`), actions (`or_actions`),
    subjects (`or_subjects`) and subjects of certain actions (`or_about`) that the words mean as well.
    """

    by: str = ""
    actions: Collection[str] = ()
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""
    or_by: Sequence[str] = ()
    or_actions: Sequence[str] = ()
    or_subjects: Collection[str] = ()
    or_about: Mapping[str, Collection[str]] = field(default_factory=dict)


def record(
    session: Session, action: str, subject: str = "", *, by: str, now: datetime, **detail: Any
) -> AuditEntry | None:
    """Add an entry; what `note` has said since the session began is part of it. None after `nothing_changed`."""
    if session.info.pop(_NOTHING, False):
        return None
    noted: dict[str, Any] = session.info.pop(_DETAIL, {})
    entry = AuditEntry(at=now, by=by, action=action, subject=subject, detail=noted | detail)
    session.add(entry)
    return entry


def note(session: Session, **detail: Any) -> None:
    """Say what became different (numbers, words of ours, never personal data); `record` takes it up.

    For functions that change something and do not know who asked for it. Harmless when nobody records.
    """
    session.info.setdefault(_DETAIL, {}).update(detail)


def nothing_changed(session: Session) -> None:
    """Say that it was so already, as after a double click: then there is nothing to `record`."""
    session.info[_NOTHING] = True


def find(
    session: Session, question: Question, *, before_id: int | None = None, limit: int = 50
) -> tuple[Sequence[AuditEntry], int | None]:
    """Entries newest first, and the `before_id` of the next page, None at the end.

    Words are looked for in so many entries and no more: then there is a next page after fewer than `limit`.
    """
    conditions, meant = _conditions(session, question, before_id), _meant(question)
    walks = [conditions]
    if question.actions:  # one by one, each along its index
        walks = [[*conditions, AuditEntry.action == action] for action in _actions(session, question.actions)]
    found: list[int] = []
    reached = 0
    for walk in walks:
        ids, end = _newest(session, walk, meant, limit + 1, _LOOKED_AT // len(walks))
        found += ids
        reached = max(reached, end)
    found = sorted((id_ for id_ in found if id_ >= reached), reverse=True)
    entries = select(AuditEntry).where(AuditEntry.id.in_(found[:limit]))
    shown = {entry.id: entry for entry in session.scalars(entries)}
    older = found[limit - 1] if len(found) > limit else reached
    return [shown[id_] for id_ in found[:limit]], older or None


def people_in_log(session: Session) -> Sequence[str]:
    """Everybody of whom there is an entry. Quick however long the log is: it steps from one to the next (by, id)."""
    return _different(session, AuditEntry.by)


def _conditions(session: Session, question: Question, before_id: int | None) -> list[ColumnElement[bool]]:
    """All that is asked but kind and words."""
    conditions: list[ColumnElement[bool]] = []
    if question.by:
        conditions.append(AuditEntry.by == question.by)
    if question.subject:
        conditions.append(AuditEntry.subject == question.subject)
    if question.since:
        first = _id_at(session, question.since - _ASIDE)
        conditions += [AuditEntry.at >= question.since, AuditEntry.id >= first]
    if question.until:
        end = _id_at(session, question.until + _ASIDE)
        conditions += [AuditEntry.at < question.until, AuditEntry.id < end]
    if before_id is not None:
        conditions.append(AuditEntry.id < before_id)
    return conditions


def _meant(question: Question) -> ColumnElement[bool] | None:
    """Whether an entry is one that the words mean."""
    if not question.words:
        return None
    begins = AuditEntry.subject.startswith(question.words, autoescape=True)
    about = (
        and_(
            or_(AuditEntry.action == action, AuditEntry.action.startswith(f"{action}.", autoescape=True)),
            AuditEntry.subject.in_(subjects),
        )
        for action, subjects in question.or_about.items()
    )
    return or_(
        begins,
        AuditEntry.by.in_(question.or_by),
        AuditEntry.action.in_(question.or_actions),
        AuditEntry.subject.in_(question.or_subjects),
        *about,
    )


def _newest(
    session: Session,
    conditions: Sequence[ColumnElement[bool]],
    meant: ColumnElement[bool] | None,
    most: int,
    looked_at: int,
) -> tuple[Sequence[int], int]:
    """The newest ids, and the last one looked at where more may fit, else 0."""
    walk = select(AuditEntry.id).where(*conditions).order_by(AuditEntry.id.desc())
    if meant is None:
        return session.scalars(walk.limit(most)).all(), 0
    near = walk.add_columns(meant.label("fits")).limit(looked_at).subquery()
    fits = select(near.c.id).where(near.c.fits).order_by(near.c.id.desc()).limit(most)
    ids = session.scalars(fits).all()
    if len(ids) == most:
        return ids, 0
    return ids, session.scalar(walk.offset(looked_at - 1).limit(1)) or 0


def _actions(session: Session, wanted: Collection[str]) -> Sequence[str]:
    """Those of the actions of which there are entries."""
    every = _different(session, AuditEntry.action)
    return [action for action in every if is_among(action, wanted)]


def is_among(action: str, wanted: Collection[str]) -> bool:
    """Whether the action, or its first word, is one of those."""
    return action in wanted or action.partition(".")[0] in wanted


def _id_at(session: Session, moment: datetime) -> int:
    """The first id of entries that were made at the moment or later: ids grow with time, so it is found by halving."""
    low, high = 0, (session.scalar(select(func.max(AuditEntry.id))) or 0) + 1
    while low < high:
        middle = (low + high) // 2
        following = select(AuditEntry.at).where(AuditEntry.id >= middle).order_by(AuditEntry.id).limit(1)
        at = session.scalar(following)
        if at is None or at >= moment:
            high = middle
        else:
            low = middle + 1
    return low


def _different(session: Session, column: InstrumentedAttribute[str]) -> Sequence[str]:
    """What stands in a column that begins an index."""
    found: list[str] = []
    while True:
        after = column > found[-1] if found else true()
        following = session.scalar(select(column).where(after).order_by(column).limit(1))
        if following is None:
            return found
        found.append(following)
