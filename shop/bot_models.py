"""Models of the bot: asked for by trainers, made by a gateway, published and taken back.

Whoever asks adds a row and looks at it; a gateway makes the model (`shop.bot_making`). What Rasa shall run is the model
that was published last of those made of the present files (`in_use`); gateways see to it that it does. Publishing an
earlier one again takes the later ones back.

A model that the operator's files ask for (`talad train`) has a row as well, asked for by nobody and published at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, delete, func, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shop import audit, privacy
from shop.errors import (
    ComparedWithAnother,
    GotWorse,
    MadeOfOtherFiles,
    NotFound,
    NotReady,
    ShopError,
    TrainingGoesOn,
)
from shop.models import BotModel, Utterance
from shop.verdicts import Verdict

#: So many of the models that were published last, and of those made last, can be published again.
_KEPT = 8


class State(StrEnum):
    """How far a model is."""

    WAITING = "waiting"
    TRAINING = "training"
    EXAMINING = "examining"
    READY = "ready"
    FAILED = "failed"


class Step(StrEnum):
    """What is being done with it now."""

    PREPARE = "prepare"  # what was taught and the names of the goods are written down
    TRAIN = "train"
    EXAMINE_BEFORE = "examine_before"  # the model in use is examined, unless it was before
    EXAMINE = "examine"
    DRAW = "draw"  # the picture of what is taken for what
    KEEP = "keep"


class Failure(StrEnum):
    """Why it could not be made."""

    TRAINING = (
        "training"  # it ended with an error: something that was taught, or a file, is not as it should be
    )
    EXAM = "exam"  # it was trained, but could not be examined
    TOO_LONG = "too_long"
    NO_SPACE = "no_space"
    CRASHED = "crashed"  # gateways ended in the middle, again and again: there may be too little memory
    UNKNOWN = "unknown"


def ask(session: Session, *, by: str, now: datetime) -> BotModel:
    """Ask for a model of what has been taught until it is begun. Raises TrainingGoesOn."""
    model = BotModel(state=State.WAITING, asked_by=by, asked_at=now, under_way=True)
    try:
        with session.begin_nested():
            session.add(model)
    except IntegrityError:
        raise TrainingGoesOn("a model is being made already") from None
    return model


def get(session: Session, model_id: int) -> BotModel:
    """The model. Raises NotFound."""
    model = session.get(BotModel, model_id)
    if model is None:
        raise NotFound(f"model {model_id}")
    return model


def latest(session: Session, limit: int = 20, before: int = 0) -> Sequence[BotModel]:
    """Models, the newest first; `before` is the id of the last one of the page before."""
    found = select(BotModel).order_by(BotModel.id.desc()).limit(limit)
    return session.scalars(found.where(BotModel.id < before) if before else found).all()


def under_way(session: Session) -> BotModel | None:
    """The one that is waiting or being made."""
    return session.scalar(select(BotModel).where(BotModel.under_way == true()))


def published(session: Session) -> BotModel | None:
    """The one that was published last, of whichever files; where it comes from the same `files`, it is in use."""
    return session.scalar(_published().limit(1))


def in_use(session: Session, files: str | None = None) -> BotModel | None:
    """What Rasa shall run with the files of this fingerprint (default: those of the one published last).

    One that could not be loaded leaves the one before in use. None: the model of the files, which nobody has published.
    """
    if files is None:
        last = published(session)
        files = last.files if last else ""
    could = BotModel.refused == ""
    return session.scalar(_published().where(BotModel.files == files, could).limit(1))


@dataclass(frozen=True)
class ToRun:
    """What a machine has to know of the model in use."""

    id: int
    name: str
    archive: str


def to_run(session: Session, files: str) -> ToRun | None:
    """As `in_use`, without all that is only for people; asked often."""
    wanted = _published().where(BotModel.files == files, BotModel.refused == "").limit(1)
    found = session.execute(wanted.with_only_columns(BotModel.id, BotModel.name, BotModel.archive)).first()
    return ToRun(*found) if found else None


def taught_last(session: Session) -> BotModel | None:
    """The one published last that a person published or that was taught something: what an upgrade goes on from."""
    theirs = (BotModel.published_by != "") | (BotModel.taught_count > 0)
    return session.scalar(_published().where(theirs).limit(1))


def _published() -> Select[BotModel]:
    was = BotModel.published_at.is_not(None) & (BotModel.state == State.READY) & (BotModel.archive != "")
    return select(BotModel).where(was).order_by(BotModel.published_at.desc(), BotModel.id.desc())


def publish(session: Session, model_id: int, *, by: str, now: datetime) -> BotModel:
    """Let Rasa run the model. One that was published before may be published again, whatever came since.

    Raises NotFound, NotReady, MadeOfOtherFiles, and for one that was never published GotWorse and
    ComparedWithAnother.
    """
    # Of two who publish at once the second looks again.
    session.scalar(_published().limit(1).with_for_update())
    model = session.get(BotModel, model_id, with_for_update=True)
    if model is None:
        raise NotFound(f"model {model_id}")
    if (refusal := hindrance(session, model)) is not None:
        raise refusal
    now_used = in_use(session)
    if now_used is not None and now_used.id == model.id:
        audit.nothing_changed(session)
        return model
    audit.note(session, model=[now_used.id if now_used else None, model.id])
    model.published_at, model.published_by, model.refused = now, by, ""
    return model


def hindrance(session: Session, model: BotModel) -> ShopError | None:
    """Why the model cannot be published now."""
    if model.state != State.READY or not model.archive:
        return NotReady(f"model {model.id} is {model.state}")
    now_used = in_use(session)
    last = published(session)
    if last is not None and model.files != last.files:
        return MadeOfOtherFiles(model.name)
    if model.published_at is None:
        if model.worse:
            return GotWorse(model.worse)
        if now_used is not None and model.compared_with != now_used.name:
            return ComparedWithAnother(model.name)
    return None


def count_new_lessons(session: Session) -> int:
    """How many messages were taught since somebody last asked for a model that was made, or is being made."""
    asked = (BotModel.asked_by != "") & (BotModel.state != State.FAILED)
    since = session.scalar(select(func.max(BotModel.asked_at)).where(asked))
    taught = select(func.count()).where(Utterance.verdict == Verdict.TAUGHT)
    return session.scalar(taught.where(Utterance.decided_at > since) if since else taught) or 0


def mark(session: Session) -> str:
    """A text that is another one whenever a model, or how far it is, has changed."""
    columns = (
        BotModel.id,
        BotModel.state,
        BotModel.step,
        BotModel.share,
        BotModel.refused,
        BotModel.published_at,
    )
    newest = select(*columns).order_by(BotModel.id.desc()).limit(1)
    going_on = select(*columns).where(BotModel.under_way == true())
    used = _published().with_only_columns(*columns).limit(1)
    return repr([session.execute(query).first() for query in (newest, going_on, used)])


def of_the_files(
    session: Session, *, name: str, files: str, taught: str, taught_count: int, archive: str, now: datetime
) -> BotModel:
    """The model that the operator made of the files, in use from now on. The same one again has one row."""
    known = select(BotModel).where(BotModel.name == name, BotModel.files == files, BotModel.archive != "")
    model = session.scalars(known.order_by(BotModel.id.desc()).limit(1).with_for_update()).first()
    if model is None:
        made = {"name": name, "files": files, "taught": taught, "taught_count": taught_count}
        model = BotModel(**made, state=State.READY, archive=archive, asked_by="", asked_at=now, done_at=now)
        session.add(model)
    elif model.archive != archive:  # perhaps the media store has lost it
        privacy.leave(session, privacy.PICTURE, [model.archive], now)
        model.archive = archive
    model.published_at, model.published_by, model.refused = now, "", ""
    session.flush()
    return model


def refuse(session: Session, model_id: int, why: str) -> None:
    """Rasa could not load it: the one before stays in use."""
    session.execute(update(BotModel).where(BotModel.id == model_id).values(refused=why[:500]))


def prune(session: Session, now: datetime) -> set[str]:
    """Forget old models, note their archives and pictures for deleting, and say the names of those that are kept.

    Kept are what is in use or being made, and those that were published or made last.
    """
    rows = session.scalars(select(BotModel).order_by(BotModel.id.desc())).all()
    kept = [
        *rows[:_KEPT],
        *session.scalars(_published().limit(_KEPT)),
        *(row for row in rows if row.under_way),
    ]
    if (now_used := in_use(session)) is not None:
        kept.append(now_used)
    old = {row.id: row.published_at for row in rows if row not in kept}
    # Whoever publishes one of them at this moment holds it, or has been quicker: it stays.
    free = select(BotModel).where(BotModel.id.in_(old)).with_for_update(skip_locked=True)
    held = session.scalars(free.execution_options(populate_existing=True)).all()
    gone = [row for row in held if row.published_at == old[row.id]]
    privacy.leave(session, privacy.PICTURE, [k for row in gone for k in (row.archive, row.picture) if k], now)
    session.execute(delete(BotModel).where(BotModel.id.in_([row.id for row in gone])))
    return {row.name for row in rows if row.name and row not in gone}
