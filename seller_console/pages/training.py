"""Training: the messages the bot was unsure about, the least certain first; one tap says what each of them means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import access
from seller_console.addresses import row_id
from seller_console.changes import change
from seller_console.meanings import called
from seller_console.rendering import page
from shop import audit, conversation, people, understood, utterances
from shop.db import utc_now
from shop.errors import BadInput, NotFound
from shop.models import Utterance
from shop.roles import May
from shop.verdicts import Verdict
from training import annotated, words
from training.known import Known, known

pages = Blueprint("training", url_prefix="/training")

#: What a page may say on top after a tap, by the word in the address.
_SAID = ("taught", "ignored", "back", "elsewhere", "gone")
_MOST_GUESSES = 3
#: Few, as each decision brings the list anew, and what is decided makes room for the next.
_PER_PAGE = 20

#: `intent` and `confidence`, 0 to 1.
Guess = Mapping[str, Any]


@dataclass(frozen=True)
class _Asked:
    """Which part of the list: what was taken for `meant` only, from the position `after` on."""

    meant: str
    after: str

    @property
    def query(self) -> str:
        """The same, for an address."""
        return self.from_(self.after)

    @property
    def first(self) -> str:
        """The beginning, for an address."""
        return self.from_("")

    def from_(self, after: str) -> str:
        """What comes after this position, for an address."""
        values = {name: value for name, value in (("meant", self.meant), ("after", after)) if value}
        return f"?{urlencode(values)}" if values else ""


@dataclass(frozen=True)
class _List:
    listed: utterances.Page
    open: int
    last: Utterance | None
    last_by: str


@dataclass(frozen=True)
class _One:
    """`by` decided it; `guesses` are those that can be taught; `marked` is its entry in what was
    said `around` it."""

    utterance: Utterance
    by: str
    guesses: Sequence[Guess]
    around: conversation.Page | None
    marked: str


@pages.get("/", ctx_may=May.TEACH)
async def list_(request: Request) -> HTTPResponse:
    """The list."""
    asked = _asked(request.args)
    said = request.args.get("said")
    last = _id(request.args.get("last")) if said in _SAID else None
    found: _List = await request.app.ctx.database.read(_list, asked, last)
    return page(
        request,
        "training.html",
        fragment="_training.html",
        found=found,
        said=said,
        last=found.last,
        last_by=found.last_by,
        **_drawn(request, asked),
    )


@pages.get("/<utterance_id:row>", ctx_may=May.TEACH)
async def one(request: Request, utterance_id: int) -> HTTPResponse:
    """One message, with the conversation around it."""
    return await _one_page(request, utterance_id, _asked(request.args))


@pages.post("/<utterance_id:row>/teach", ctx_may=May.TEACH)
async def teach(request: Request, utterance_id: int) -> HTTPResponse:
    """This is what it means."""
    typed, intent = access.field(request, "text"), access.field(request, "intent")
    there = known()

    def write(session: Session) -> None:
        if intent not in there.intents:
            raise BadInput("intent", "unknown")
        text, entities = annotated.read(typed, there.entities)
        lesson: dict[str, Any] = {"text": text, "intent": intent, "entities": entities}
        utterances.teach(session, utterance_id, **lesson, **_who(request), kinds=there.entities)

    try:
        return await _decide(request, utterance_id, write, "taught")
    except BadInput as error:
        return await _one_page(
            request, utterance_id, _asked_form(request), typed=typed, wrong=error.reason, status=409
        )


@pages.post("/<utterance_id:row>/ignore", ctx_may=May.TEACH)
async def ignore(request: Request, utterance_id: int) -> HTTPResponse:
    """There is nothing to learn from it."""
    write = partial(utterances.ignore, utterance_id=utterance_id, **_who(request))
    return await _decide(request, utterance_id, write, "ignored")


@pages.post("/<utterance_id:row>/reopen", ctx_may=May.TEACH)
async def reopen(request: Request, utterance_id: int) -> HTTPResponse:
    """Take back what was said of it."""
    write = partial(utterances.reopen, utterance_id=utterance_id, **_who(request))
    return await _decide(request, utterance_id, write, "back")


async def _decide(
    request: Request, utterance_id: int, write: Callable[[Session], object], said: str
) -> HTTPResponse:
    """Do it, unless somebody else was quicker; and back to the same part of the list, which says what was done."""
    seen, by = access.field(request, "seen"), request.ctx.seller.email

    def if_as_seen(session: Session) -> bool:
        if utterances.was_quicker(session, utterance_id, seen=seen, by=by):
            audit.nothing_changed(session)
            return False
        write(session)
        return True

    try:
        if not await change(request, str(utterance_id), if_as_seen):
            said = "elsewhere"
    except NotFound:  # it went with the chat, or with the customer
        said = "gone"
    query = _asked_form(request).query
    done = urlencode({"said": said, "last": utterance_id})
    return redirect(f"/training{query}{'&' if query else '?'}{done}", status=303)


def _who(request: Request) -> dict[str, Any]:
    return {"by": request.ctx.seller.email, "now": utc_now()}


async def _one_page(
    request: Request,
    utterance_id: int,
    asked: _Asked,
    *,
    typed: str | None = None,
    wrong: str = "",
    status: int = 200,
) -> HTTPResponse:
    """The page of one message; `typed` is a text that could not be used, `wrong` why."""
    found: _One = await request.app.ctx.database.read(_one, utterance_id, known())
    return page(
        request,
        "teach.html",
        fragment="_teach.html",
        status=status,
        found=found,
        typed=typed,
        wrong=wrong,
        **_drawn(request, asked),
    )


def _asked(given: Any) -> _Asked:
    return _Asked(str(given.get("meant") or "")[:100], str(given.get("after") or "")[:100])


def _asked_form(request: Request) -> _Asked:
    return _asked(request.form or {})


def _id(given: object) -> int | None:
    try:
        return row_id(str(given or ""))
    except ValueError:
        return None


def _list(session: Session, asked: _Asked, last_id: int | None) -> _List:
    found = utterances.unsure(session, intent=asked.meant or None, after=asked.after, limit=_PER_PAGE)
    last = session.get(Utterance, last_id) if last_id else None
    return _List(found, utterances.count_open(session), last, _by(session, last))


def _one(session: Session, utterance_id: int, there: Known) -> _One:
    """Raises NotFound."""
    utterance = utterances.get(session, utterance_id)
    found = utterances.around(session, utterance_id)
    by, guesses = _by(session, utterance), _guesses(utterance, there)
    if found is None:
        return _One(utterance, by, guesses, None, "")
    sellers = {entry.seller for entry in found.entries if entry.seller}
    talk = conversation.Page(found.entries, "", people.names(session, sellers) if sellers else {})
    return _One(utterance, by, guesses, talk, found.marked)


def _by(session: Session, utterance: Utterance | None) -> str:
    email = (utterance and utterance.decided_by) or ""
    return people.names(session, [email]).get(email, email) if email else ""


def _drawn(request: Request, asked: _Asked) -> dict[str, Any]:
    """The values that all templates here need."""
    language, there = request.ctx.language, known()
    return {
        "asked": asked,
        "known": there,
        "unknown": understood.FALLBACK,
        "likeliest": lambda one: _likeliest(one, there),
        "standing": utterances.standing,
        "topic_word": lambda name: words.topic(name).name(language),
        "intent_meaning": lambda name: words.intent(name).meaning(language),
        "every_word": lambda name: " ".join(vars(words.intent(name)).values()).casefold(),
        **called(language),
        "entity_meaning": lambda name: words.entity(name).meaning(language),
        "pieces": lambda one: annotated.parts(*_shown(one)),
        "line": lambda one: annotated.written(*_shown(one)),
    }


def _likeliest(utterance: Utterance, there: Known) -> Guess | None:
    """What the bot took it for, or would have guessed where it said that it does not know."""
    if utterance.intent in there.intents:
        return {"intent": utterance.intent, "confidence": utterance.confidence}
    return next(iter(_guesses(utterance, there)), None)


def _guesses(utterance: Utterance, there: Known) -> Sequence[Guess]:
    """Those that can be taught, the likeliest first."""
    return [guess for guess in utterance.guesses if guess["intent"] in there.intents][:_MOST_GUESSES]


def _shown(utterance: Utterance) -> tuple[str, Sequence[Mapping[str, Any]]]:
    """What was taught, or what the bot found."""
    if utterance.verdict == Verdict.TAUGHT:
        return utterance.taught_text, utterance.taught_entities
    return utterance.text, utterance.entities
