"""What customers typed, for those who teach the bot: grouped, masked, the least certain first, and decided on.

How it comes here and goes again is `shop.hearing`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Float, func, literal, select, tuple_
from sqlalchemy.orm import Session

from shop import audit, conversation, hearing, masking
from shop.conversation import Attachment, By, Entry, Kind
from shop.errors import BadInput, NotFound
from shop.models import Heard, Utterance
from shop.models.base import BigId, UtcDateTime
from shop.understood import FALLBACK, LONGEST, clean, moved
from shop.verdicts import Verdict

#: Below this certainty somebody should look: `count_open` counts these.
UNSURE = 0.5
#: Entities that may be marked in a text.
ENTITIES = ("product", "quantity", "size", "colour", "order_number")
_INTENT = re.compile(r"[a-z][a-z0-9_]{0,59}")
#: `count_open` counts no further.
MOST_COUNTED = 100
#: Certainties have four places behind the point.
_PARTS = 10_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MOST_ID = 2**62


@dataclass(frozen=True)
class Page:
    """A part of a list. `more` leads to the next part; "" at the end."""

    utterances: Sequence[Utterance]
    more: str


@dataclass(frozen=True)
class Around:
    """A part of a conversation, oldest entry first; `marked` is the id of the entry that it is around."""

    entries: Sequence[Entry]
    marked: str


def unsure(session: Session, *, intent: str | None = None, after: str = "", limit: int = 30) -> Page:
    """Undecided ones, least certain first; of one `intent` only, if it is named. `after`: a page's `more`."""
    query = select(Utterance).where(Utterance.verdict == Verdict.OPEN)
    if intent:
        query = query.where(Utterance.intent == intent)
    if (place := _read(after)) is not None:
        here = tuple_(literal(place[0] / _PARTS, Float), literal(place[1], BigId))
        query = query.where(tuple_(Utterance.certainty, Utterance.id) > here)
    found = session.scalars(query.order_by(Utterance.certainty, Utterance.id).limit(limit + 1)).all()
    last = found[limit - 1] if len(found) > limit else None
    return Page(found[:limit], f"{round(last.certainty * _PARTS)}-{last.id}" if last else "")


def decided(session: Session, verdict: Verdict, *, before: str = "", limit: int = 30) -> Page:
    """Those with the verdict, newest decision first. `before`: a page's `more`."""
    query = select(Utterance).where(Utterance.verdict == verdict, Utterance.decided_at.is_not(None))
    if (place := _read(before)) is not None:
        here = tuple_(literal(_EPOCH + place[0] * _MICROSECOND, UtcDateTime()), literal(place[1], BigId))
        query = query.where(tuple_(Utterance.decided_at, Utterance.id) < here)
    query = query.order_by(Utterance.decided_at.desc(), Utterance.id.desc())
    found = session.scalars(query.limit(limit + 1)).all()
    last = found[limit - 1] if len(found) > limit else None
    if last is None or last.decided_at is None:
        return Page(found[:limit], "")
    return Page(found[:limit], f"{(last.decided_at - _EPOCH) // _MICROSECOND}-{last.id}")


def get(session: Session, utterance_id: int) -> Utterance:
    """The utterance. Raises NotFound."""
    found = session.get(Utterance, utterance_id) if 0 < utterance_id < _MOST_ID else None
    if found is None:
        raise NotFound(f"utterance {utterance_id}")
    return found


def standing(utterance: Utterance) -> str:
    """Names what was decided of it last, for forms to say what they have shown."""
    return utterance.decided_at.isoformat() if utterance.decided_at else ""


def was_quicker(session: Session, utterance_id: int, *, seen: str, by: str) -> bool:
    """Whether somebody else than `by` has decided since its standing was `seen`; until the transaction ends nobody can.

    What one has decided oneself one may decide again. Raises NotFound.
    """
    utterance = _held(session, utterance_id)
    return standing(utterance) != seen and utterance.decided_by != by


def teach(
    session: Session,
    utterance_id: int,
    *,
    text: str,
    intent: str,
    entities: Sequence[Mapping[str, Any]],
    by: str,
    now: datetime,
    kinds: Collection[str] = ENTITIES,
) -> Utterance:
    """The text, as an example of the intent, goes into the next training; what was said of it before no longer holds.

    `entities` (`entity`, `start`, `end`) are places in `text`; `kinds` are those that there are. Raises NotFound, and
    BadInput: `text` missing, long or lines; `intent` missing or unknown; `entities` unknown, place or overlap.
    """
    utterance = _held(session, utterance_id)
    line, places = clean(text)
    if not line:
        raise BadInput("text", "missing")
    if len(line) > LONGEST:
        raise BadInput("text", "long")
    if not text.replace("\u200d", "").isprintable():  # it joins emoji
        raise BadInput("text", "lines")
    if not intent:
        raise BadInput("intent", "missing")
    if intent == FALLBACK or not _INTENT.fullmatch(intent):
        raise BadInput("intent", "unknown")
    marks = [mark for one in _checked(text, entities, kinds) if (mark := moved(one, places))]
    before = (utterance.taught_text, utterance.taught_intent, utterance.taught_entities)
    if utterance.verdict == Verdict.TAUGHT and before == (line, intent, marks):
        audit.nothing_changed(session)
        return utterance
    audit.note(session, intent=[utterance.taught_intent or utterance.intent, intent], entities=len(marks))
    return _decide(session, utterance, Verdict.TAUGHT, by, now, line, intent, marks)


def ignore(session: Session, utterance_id: int, *, by: str, now: datetime) -> Utterance:
    """Nothing can be learnt from it. Raises NotFound."""
    return _decide(session, _held(session, utterance_id), Verdict.IGNORED, by, now)


def reopen(session: Session, utterance_id: int, *, by: str, now: datetime) -> Utterance:
    """Take back what was said of it: it waits for a decision again, as long as a chat is kept. Raises NotFound."""
    return _decide(session, _held(session, utterance_id), Verdict.OPEN, by, now)


def taught(session: Session) -> Sequence[Utterance]:
    """All that goes into the next training, oldest decision first."""
    lessons = select(Utterance).where(Utterance.verdict == Verdict.TAUGHT)
    return session.scalars(lessons.order_by(Utterance.decided_at, Utterance.id)).all()


def count_open(session: Session) -> int:
    """How many undecided ones the model was unsure about; `MOST_COUNTED` stands for more."""
    wait = (Utterance.verdict == Verdict.OPEN) & (Utterance.certainty < UNSURE)
    some = select(Utterance.id).where(wait).limit(MOST_COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def around(session: Session, utterance_id: int, *, before: int = 6, after: int = 6) -> Around | None:
    """The conversation in which it was heard last, masked; None when it was forgotten.

    Of customers' words only those can be read that were themselves kept for trainers: the others may be somebody's name
    or address, and are but shapes. Raises NotFound.
    """
    where = select(Heard).where(Heard.utterance_id == get(session, utterance_id).id)
    heard = session.scalars(where.order_by(Heard.at.desc(), Heard.id.desc()).limit(1)).first()
    found = conversation.around(session, heard.event_id, before=before, after=after) if heard else None
    if heard is None or found is None:
        return None
    events = {entry.event_id for entry in found if entry.event_id is not None}
    kept = {*session.scalars(select(Heard.event_id).where(Heard.event_id.in_(events)))}
    names = hearing.names_of(session, heard.customer_id)
    entries = [_masked(entry, names, entry.event_id in kept) for entry in found]
    return Around(entries, next(entry.id for entry in entries if entry.event_id == heard.event_id))


def _masked(entry: Entry, names: Sequence[str], is_kept: bool) -> Entry:
    def shown(text: str) -> str:
        return masking.hidden(text) if masking.says_who_or_where(text) else masking.masked(text, names)

    is_typed = entry.by == By.CUSTOMER and entry.kind == Kind.WORDS
    bill = entry.bill and replace(
        entry.bill,
        order_number=shown(entry.bill.order_number),
        recipient_name=masking.hidden(entry.bill.recipient_name),
        address=masking.hidden(entry.bill.address),
    )
    return replace(
        entry,
        text=masking.hidden(entry.text) if is_typed and not is_kept else shown(entry.text),
        attachments=[Attachment(one.type) for one in entry.attachments],
        picture=None,
        offers=[shown(title) for title in entry.offers],
        cards=[
            replace(card, title=shown(card.title), subtitle=shown(card.subtitle), buttons=())
            for card in entry.cards
        ],
        bill=bill,
    )


def _held(session: Session, utterance_id: int) -> Utterance:
    found = (
        session.get(Utterance, utterance_id, with_for_update=True) if 0 < utterance_id < _MOST_ID else None
    )
    if found is None:
        raise NotFound(f"utterance {utterance_id}")
    return found


def _decide(
    session: Session,
    utterance: Utterance,
    verdict: Verdict,
    by: str,
    now: datetime,
    text: str = "",
    intent: str = "",
    entities: Sequence[dict[str, Any]] = (),
) -> Utterance:
    if verdict == utterance.verdict != Verdict.TAUGHT:
        audit.nothing_changed(session)  # said twice
        return utterance
    utterance.taught_text, utterance.taught_intent, utterance.taught_entities = text, intent, list(entities)
    # Of one that is open again who did it is kept too: hearing.forget_older finds it by that.
    utterance.verdict, utterance.decided_by, utterance.decided_at = verdict, by, now
    session.flush()
    return utterance


def _checked(
    text: str, entities: Sequence[Mapping[str, Any]], kinds: Collection[str]
) -> Sequence[dict[str, Any]]:
    """The marks in the order of the text."""
    marks = sorted(
        ({"entity": one["entity"], "start": one["start"], "end": one["end"]} for one in entities),
        key=lambda mark: mark["start"],
    )
    done = 0
    for mark in marks:
        if mark["entity"] not in kinds:
            raise BadInput("entities", "unknown")
        if mark["start"] < done:
            raise BadInput("entities", "overlap" if mark["start"] >= 0 else "place")
        value = text[mark["start"] : mark["end"]]
        if not mark["start"] < mark["end"] <= len(text) or value != value.strip():
            raise BadInput("entities", "place")
        done = mark["end"]
    return marks


def _read(name: str) -> tuple[int, int] | None:
    """A page's `more`; None for a text that is none."""
    first, _, last = name.partition("-")
    ok = all(part.isascii() and part.isdecimal() and len(part) <= 17 for part in (first, last))
    return (int(first), int(last)) if ok else None
