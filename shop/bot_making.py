"""Making the models that trainers ask for (`shop.bot_models`): claimed by one gateway, with how far it is, and done.

A gateway, on whichever machine, claims one and writes what it is at; its lease ends when it dies, and another one
begins anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select, true, update
from sqlalchemy.orm import Session

from shop import privacy
from shop.bot_models import Failure, State, Step
from shop.models import BotModel

#: Renewed by every word on how far it is, which comes far more often.
LEASE = timedelta(seconds=60)
#: A training that took so many gateways down with it is given up.
_MOST_DEATHS = 4


@dataclass(frozen=True)
class Claim:
    """The right to make a model; `fence` voids it when another gateway has taken it over since."""

    id: int
    fence: int


@dataclass(frozen=True)
class Made:
    """What came of a training; see the columns of BotModel."""

    name: str
    files: str
    taught: str
    taught_count: int
    compared_with: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    worse: Sequence[str]
    changed: Sequence[Mapping[str, Any]]
    archive: str
    picture: str


def is_due(session: Session, now: datetime) -> bool:
    """Whether there may be one to claim: a look that writes nothing."""
    return session.scalar(_due(now).with_only_columns(BotModel.id)) is not None


def claim(session: Session, now: datetime) -> Claim | None:
    """Claim the model that is to be made; None when there is none, or somebody is at it."""
    model = session.scalar(_due(now).with_for_update(skip_locked=True))
    if model is None:
        return None
    if model.leased_until is not None:  # its gateway neither ended it nor gave it back
        model.deaths += 1
    if model.deaths >= _MOST_DEATHS:
        _end(model, State.FAILED, now).error = Failure.CRASHED
        return None
    model.leased_until, model.fence = now + LEASE, model.fence + 1
    model.state, model.step, model.share = State.TRAINING, Step.PREPARE, 0.0
    session.flush()
    return Claim(model.id, model.fence)


def _due(now: datetime) -> Select[BotModel]:
    is_free = or_(BotModel.leased_until.is_(None), BotModel.leased_until <= now)
    return select(BotModel).where(BotModel.under_way == true(), is_free).limit(1)


def progress(session: Session, claim: Claim, step: Step, share: float, now: datetime) -> bool:
    """What is done now and how much of the usual time has gone, which also renews the lease. False: leave it."""
    examines = step in (Step.EXAMINE_BEFORE, Step.EXAMINE, Step.DRAW, Step.KEEP)
    state = State.EXAMINING if examines else State.TRAINING
    return _write(session, claim, state=state, step=step, share=share, leased_until=now + LEASE)


def give_back(session: Session, claim: Claim) -> bool:
    """This gateway stops: another one, or it again, may begin anew at once."""
    return _write(session, claim, state=State.WAITING, step="", share=0.0, leased_until=None)


def finish(session: Session, claim: Claim, made: Made, now: datetime) -> bool:
    """It is there and can be published. False: somebody else has made it, and this one is not needed."""
    model = _mine(session, claim)
    if model is None:
        privacy.leave(session, privacy.PICTURE, [made.archive, made.picture], now)
        return False
    for name, value in vars(made).items():
        setattr(model, name, value)
    _end(model, State.READY, now).share = 1.0
    return True


def fail(session: Session, claim: Claim, why: Failure, now: datetime) -> bool:
    """It could not be made."""
    model = _mine(session, claim)
    if model is None:
        return False
    _end(model, State.FAILED, now).error = why
    return True


def _end(model: BotModel, state: State, now: datetime) -> BotModel:
    model.state, model.step, model.done_at = state, "", now
    model.under_way, model.leased_until = None, None
    return model


def _mine(session: Session, claim: Claim) -> BotModel | None:
    mine = (BotModel.id == claim.id) & (BotModel.fence == claim.fence) & (BotModel.under_way == true())
    return session.scalar(select(BotModel).where(mine).with_for_update())


def _write(session: Session, claim: Claim, **columns: Any) -> bool:
    mine = (BotModel.id == claim.id) & (BotModel.fence == claim.fence) & (BotModel.under_way == true())
    changed = session.scalar(update(BotModel).where(mine).values(**columns).returning(BotModel.id))
    return changed is not None
