"""What trainers have decided: taught and ignored messages, newest first, and taking back what was a mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import access
from seller_console.changes import change
from seller_console.meanings import called
from seller_console.rendering import page
from shop import people, utterances
from shop.db import utc_now
from shop.roles import May
from shop.verdicts import Verdict
from training import annotated
from training.known import known

pages = Blueprint("taught", url_prefix="/training/taught")


@dataclass(frozen=True)
class _Found:
    """`by`: the names of those who decided, by email."""

    listed: utterances.Page
    by: Mapping[str, str]


@pages.get("/", ctx_may=May.TEACH)
async def list_(request: Request) -> HTTPResponse:
    """What was taught; with `what=ignored` in the address, what was not worth teaching. `before` is a page's `more`."""
    verdict, before = _asked(request.args), str(request.args.get("before") or "")[:100]
    found: _Found = await request.app.ctx.database.read(_list, verdict, before)
    there = known()
    return page(
        request,
        "taught.html",
        found=found,
        verdict=verdict,
        before=before,
        back=request.args.get("said") == "back",
        pieces=annotated.parts,
        thought=lambda one: one.intent if one.intent in there.intents else "",
        **called(request.ctx.language),
    )


@pages.post("/<utterance_id:row>/reopen", ctx_may=May.TEACH)
async def reopen(request: Request, utterance_id: int) -> HTTPResponse:
    """Take back what was said of a message: it is not learnt, and waits on the desk again."""
    who = {"by": request.ctx.seller.email, "now": utc_now()}
    await change(request, str(utterance_id), utterances.reopen, utterance_id, **who)
    where = "&what=ignored" if access.field(request, "what") == Verdict.IGNORED else ""
    return redirect(f"/training/taught?said=back{where}", status=303)


def _asked(given: Mapping[str, object]) -> Verdict:
    return Verdict.IGNORED if given.get("what") == Verdict.IGNORED else Verdict.TAUGHT


def _list(session: Session, verdict: Verdict, before: str) -> _Found:
    found = utterances.decided(session, verdict, before=before)
    return _Found(
        found, people.names(session, {one.decided_by for one in found.utterances if one.decided_by})
    )
