"""The log of who did what: found by person, kind, subject, date and words; for owners, also as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw
from sqlalchemy.orm import Session

from seller_console import deeds, subjects
from seller_console.addresses import row_id
from seller_console.changes import change
from seller_console.rendering import page
from seller_console.subjects import Subject
from seller_console.texts import text
from shop import audit, people, periods, words
from shop.audit import Question
from shop.db import utc_now
from shop.models import AuditEntry
from shop.roles import May
from shop.spreadsheets import csv_lines

pages = Blueprint("log", url_prefix="/people/log")

_FILTERS = ("by", "kind", "subject", "since", "until", "words")
_LONGEST = 100
#: Beyond them a typing mistake, and soon after the end of what a time can be.
_YEARS = 2000, 2999
_SHOWN = 50
_MOST_ROWS, _PAGE_OF_FILE = 100_000, 5_000


@dataclass(frozen=True)
class _Seen:
    entries: Sequence[AuditEntry]
    older: int | None
    is_complete: bool
    names: Mapping[str, str]
    everybody: Sequence[str]
    subjects: Mapping[int, Subject]


@pages.get("/", ctx_may=May.KEEP_PEOPLE, ctx_at_most=(120, 60))
async def show(request: Request) -> HTTPResponse:
    """Newest first; `before` in the address is an entry's id, from which it goes on."""
    asked, before = _asked(request), _before(request)
    found: _Seen = await request.app.ctx.database.read(_find, asked, request.ctx.language, before)
    return page(
        request,
        "log.html",
        found=found,
        asked=asked,
        before=before,
        kinds={kind: name for kind, (name, _) in deeds.KINDS.items()},
        operator=audit.OPERATOR,
        rows=[_row(entry, found, request.ctx.language) for entry in found.entries],
        query={name: value for name, value in asked.items() if value},
    )


@pages.post("/export", ctx_may=May.KEEP_PEOPLE, ctx_at_most=(10, 60))
async def export(request: Request) -> HTTPResponse:
    """What the filters find, as CSV for a spreadsheet, at most 100,000 rows. A form: taking it is written down, too."""
    data, rows = await request.app.ctx.database.read(_as_csv, _asked(request), request.ctx.language)
    await change(request, "", lambda session: audit.note(session, rows=rows))
    name = f"who-did-what-{utc_now().astimezone(words.BANGKOK):%Y-%m-%d}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return raw(data, content_type="text/csv; charset=utf-8", headers=headers)


def _row(entry: AuditEntry, found: _Seen, language: str) -> dict[str, Any]:
    subject = found.subjects[entry.id]
    return {
        "at": entry.at,
        "by": deeds.by_name(entry.by, found.names, language),
        "did": deeds.deed(entry.action, subject.name, language),
        "subject": subject,
        "details": deeds.details(entry.detail, language),
    }


def _find(session: Session, asked: Mapping[str, str], language: str, before: int | None) -> _Seen:
    question = _question(session, asked, language)
    entries, older = audit.find(session, question, before_id=before, limit=_SHOWN)
    everybody = [by for by in audit.people_in_log(session) if by not in (audit.OPERATOR, audit.NOBODY)]
    is_complete = older is None or len(entries) == _SHOWN
    names, about = people.names(session, everybody), subjects.named(session, entries, language)
    return _Seen(entries, older, is_complete, names, everybody, about)


def _as_csv(session: Session, asked: Mapping[str, str], language: str) -> tuple[bytes, int]:
    headings = [
        text(language, "Time"),
        text(language, "Person"),
        text(language, "Email"),
        text(language, "What"),
        text(language, "Subject"),
        text(language, "Details"),
    ]
    entries = list(_all(session, _question(session, asked, language)))
    names = people.names(session, {entry.by for entry in entries})
    rows = (
        (
            entry.at,
            deeds.by_name(entry.by, names, language),
            entry.by,
            deeds.deed(entry.action, entry.subject, language),
            entry.subject,
            "; ".join(deeds.details(entry.detail, language)),
        )
        for entry in entries
    )
    lines = csv_lines([headings, *rows])
    return b"".join(lines), len(entries)


def _all(session: Session, question: Question) -> Iterator[AuditEntry]:
    before, rows = None, 0
    while rows < _MOST_ROWS:
        most = min(_PAGE_OF_FILE, _MOST_ROWS - rows)
        entries, before = audit.find(session, question, before_id=before, limit=most)
        yield from entries
        rows += len(entries)
        if before is None:
            return


def _question(session: Session, asked: Mapping[str, str], language: str) -> Question:
    wanted = asked["words"]
    known = people.all_accounts(session) if wanted else ()
    like = wanted.casefold()
    or_subjects, or_about = subjects.meant(session, wanted) if wanted else ((), {})
    return Question(
        by=asked["by"],
        actions=deeds.actions_of(asked["kind"]),
        subject=asked["subject"],
        since=_midnight(asked["since"]),
        until=_midnight(asked["until"], days=1),
        words=wanted,
        or_by=[user.email for user in known if like in user.name.casefold() or like in user.email],
        or_actions=deeds.actions_like(wanted, language) if wanted else (),
        or_subjects=or_subjects,
        or_about=or_about,
    )


def _asked(request: Request) -> dict[str, str]:
    given = request.form if request.method == "POST" else request.args
    asked = {name: str((given or {}).get(name) or "").strip()[:_LONGEST] for name in _FILTERS}
    # a date that is none is not asked for, and does not come back into its field
    return asked | {name: asked[name] if _midnight(asked[name]) else "" for name in ("since", "until")}


def _midnight(day: str, *, days: int = 0) -> datetime | None:
    """The beginning of the day in Thailand, or of so many days later; None for what is no date of our time."""
    try:
        given = periods.day(day)
    except ValueError:
        return None
    if not _YEARS[0] <= given.year <= _YEARS[1]:
        return None
    return datetime.combine(given, time(), words.BANGKOK) + timedelta(days=days)


def _before(request: Request) -> int | None:
    try:
        return row_id(str(request.args.get("before") or ""))
    except ValueError:
        return None
