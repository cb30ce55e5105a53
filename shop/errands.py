"""Errands: what the console asks the gateway to do at a chat platform, which only the gateway knows.

The console adds a row and looks at it until it is answered; a gateway, on whichever machine, takes it and writes a line
for each step. Every errand may be done twice with the same result, so one whose gateway died is simply done again.
Those of one channel are done one at a time, in the order in which they were asked for (but for one that is put off,
which holds up nobody): a Page must not be set up and taken down at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from shop.errors import NotFound
from shop.models import Errand

#: Longer than the longest errand: two dozen templates handed in one after the other.
_LEASE = timedelta(minutes=3)
_KEPT = timedelta(days=30)

#: The same words by language: `{"th": …, "en": …}`.
Words = Mapping[str, object]


class Kind(StrEnum):
    """What is to be done."""

    CONNECT = "connect"  # look whether the platform takes the secrets in `detail`, and then keep them
    SET_UP = "set_up"  # everything that a Page needs: what it shows, its subscription, its templates
    SHOW = "show"  # only what it shows: greeting and menu
    TAKE_DOWN = "take_down"  # what SET_UP has put there, except the templates
    EXAMINE = "examine"  # look at the whole installation


@dataclass(frozen=True)
class Line:
    """One step: what it was about, how it went, and what there is to say; when not `ok`, what to do."""

    about: Words
    ok: bool
    says: Words


@dataclass(frozen=True)
class Claim:
    """The right to do an errand; `fence` voids it when another gateway has taken it over since."""

    id: int
    fence: int
    kind: Kind
    channel_id: int | None
    detail: Mapping[str, Any]
    attempts: int


def ask(
    session: Session,
    kind: Kind,
    *,
    channel_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
    by: str,
    now: datetime,
) -> Errand:
    """Ask for an errand; the same one that nobody has begun yet serves for both, and is then due at once."""
    if detail is None and (waiting := _waiting(session, kind, channel_id)):
        waiting.not_before, waiting.attempts = None, 0
        return waiting
    errand = Errand(kind=kind, channel_id=channel_id, detail=dict(detail or {}), asked_by=by, created_at=now)
    session.add(errand)
    session.flush()
    return errand


def _waiting(session: Session, kind: Kind, channel_id: int | None) -> Errand | None:
    # One that is being done may have read the settings before the change that asks now.
    mine = (Errand.kind == kind) & _of(channel_id) & Errand.done_at.is_(None) & Errand.leased_until.is_(None)
    return session.scalars(select(Errand).where(mine).limit(1).with_for_update(skip_locked=True)).first()


def get(session: Session, errand_id: int) -> Errand:
    """The errand. Raises NotFound."""
    errand = session.get(Errand, errand_id)
    if errand is None:
        raise NotFound(f"errand {errand_id}")
    return errand


def latest(session: Session, kinds: Sequence[Kind], channel_id: int | None = None) -> Errand | None:
    """The newest errand of one of these kinds for the channel, done or not."""
    theirs = select(Errand).where(Errand.kind.in_(kinds), _of(channel_id))
    return session.scalars(theirs.order_by(Errand.id.desc()).limit(1)).first()


def lines(errand: Errand) -> Sequence[Line]:
    """Its steps so far."""
    return [Line(**line) for line in errand.lines]


def is_due(session: Session, now: datetime) -> bool:
    """Whether there may be one to claim: a look that writes nothing."""
    return session.scalar(_due(now).with_only_columns(Errand.id)) is not None


def claim_one(session: Session, now: datetime) -> Claim | None:
    """Claim the errand that has waited longest; None when none is due."""
    errand = session.scalar(_due(now).with_for_update(skip_locked=True))
    if errand is None:
        return None
    errand.leased_until, errand.fence, errand.attempts = now + _LEASE, errand.fence + 1, errand.attempts + 1
    session.flush()
    return Claim(
        errand.id, errand.fence, Kind(errand.kind), errand.channel_id, errand.detail, errand.attempts
    )


def report(session: Session, claim: Claim, steps: Sequence[Line]) -> bool:
    """What is known so far. False: somebody else has the errand."""
    return _write(session, claim, lines=[asdict(step) for step in steps])


def postpone(session: Session, claim: Claim, steps: Sequence[Line], until: datetime) -> bool:
    """It did not work, and is tried again by itself at a time."""
    return _write(session, claim, lines=[asdict(step) for step in steps], not_before=until, leased_until=None)


def finish(
    session: Session,
    claim: Claim,
    steps: Sequence[Line],
    now: datetime,
    *,
    channel_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> bool:
    """It is done, for good or ill; `detail` is what shall stand in place of what it took."""
    return _write(
        session,
        claim,
        lines=[asdict(step) for step in steps],
        ok=all(step.ok for step in steps),
        channel_id=channel_id if channel_id is not None else claim.channel_id,
        detail=dict(detail or {}),
        leased_until=None,
        done_at=now,
    )


def forget_old(session: Session, now: datetime) -> None:
    """Drop what was done long ago."""
    session.execute(delete(Errand).where(Errand.done_at < now - _KEPT))


def _write(session: Session, claim: Claim, **columns: Any) -> bool:
    mine = (Errand.id == claim.id) & (Errand.fence == claim.fence) & Errand.done_at.is_(None)
    changed = session.scalar(update(Errand).where(mine).values(**columns).returning(Errand.id))
    return changed is not None


def _due(now: datetime) -> Any:
    is_time = or_(Errand.not_before.is_(None), Errand.not_before <= now)
    is_free = or_(Errand.leased_until.is_(None), Errand.leased_until <= now)
    waiting = select(Errand).where(Errand.done_at.is_(None), is_time, is_free, ~_has_to_wait(now))
    return waiting.order_by(Errand.id).limit(1)


def _has_to_wait(now: datetime) -> Any:
    """Whether another errand of the channel is being done, or is due before this one: it may be in another's hand just
    now, and is passed over then."""
    other = aliased(Errand)
    is_due = or_(other.not_before.is_(None), other.not_before <= now)
    is_first = or_(other.leased_until > now, (other.id < Errand.id) & is_due)
    same = (other.channel_id == Errand.channel_id) & (other.id != Errand.id) & other.done_at.is_(None)
    return exists().where(same, is_first)


def _of(channel_id: int | None) -> Any:
    return Errand.channel_id.is_(None) if channel_id is None else Errand.channel_id == channel_id
