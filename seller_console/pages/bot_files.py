"""What was taught as a change of the project's files: looked at, downloaded as a patch, or committed."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw, redirect

from seller_console import access
from seller_console.changes import change
from seller_console.meanings import called
from seller_console.rendering import page
from shop import audit, utterances
from shop.db import utc_now
from shop.models import Utterance
from shop.roles import May
from shop.words import BANGKOK
from training import annotated, checkout, files
from training.additions import Planned
from training.checkout import Author, NotPossible
from training.files import BadFile, Example
from training.model import ROOT
from training.taught import examples_of, put_into_files

#: What git calls a commit.
_NAME = re.compile("[0-9a-f]{4,40}")

logger = logging.getLogger(__name__)

pages = Blueprint("bot_files", url_prefix="/training/export")


@dataclass(frozen=True)
class _Seen:
    """What the files would be, or why they cannot be read; and the messages that examples were made of."""

    planned: Planned | None
    broken: BadFile | None
    ids: Mapping[Example, int]

    @property
    def is_new(self) -> bool:
        """Whether there is anything to put in."""
        return self.planned is not None and bool(self.planned.added)

    @property
    def mark(self) -> str:
        """What tells this change from every other one."""
        return hashlib.sha256(self.planned.diff().encode()).hexdigest() if self.planned else ""


@pages.get("/", ctx_may=May.TEACH)
async def show(request: Request) -> HTTPResponse:
    """What would be put into which file, what cannot be, and the ways to do it."""
    return await _page(request, await _look(request))


@pages.get("/patch", ctx_may=May.TEACH)
async def patch(request: Request) -> HTTPResponse:
    """The change as a file for `git apply`."""
    seen = await _look(request)
    if seen.planned is None or not seen.is_new:
        return redirect("/training/export", status=303)
    name = f"taught-{utc_now().astimezone(BANGKOK):%Y-%m-%d-%H%M}.patch"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return raw(seen.planned.diff().encode(), content_type="text/x-diff; charset=utf-8", headers=headers)


@pages.post("/commit", ctx_may=May.TEACH)
async def commit(request: Request) -> HTTPResponse:
    """Put it, as the page showed it, into the files here and commit them in the name of whoever is signed in."""
    seen = await _look(request)
    if seen.planned is None or not seen.is_new:
        return redirect("/training/export", status=303)
    if access.field(request, "seen") != seen.mark:
        return await _page(request, seen, refused="moved")
    planned, author = seen.planned, Author(request.ctx.seller.name, request.ctx.seller.email)
    texts = planned.before, planned.after
    try:
        name = await asyncio.to_thread(checkout.commit, ROOT, *texts, planned.message(), author)
    except NotPossible as error:
        logger.warning("what was taught could not be committed: %s", error)
        return await _page(request, seen, refused=error.why)
    await change(request, name, lambda session: audit.note(session, examples=len(planned.added)))
    return redirect(f"/training/export?said={name}", status=303)


async def _look(request: Request) -> _Seen:
    taught = await request.app.ctx.database.read(utterances.taught)
    return await asyncio.to_thread(_plan, taught)


def _plan(taught: Sequence[Utterance]) -> _Seen:
    ids = {example: one.id for example, one in zip(examples_of(taught), taught, strict=True)}
    try:
        return _Seen(put_into_files(taught, ROOT), None, ids)
    except BadFile as error:
        return _Seen(None, error, ids)


async def _page(request: Request, seen: _Seen, refused: str = "") -> HTTPResponse:
    hindrance = await asyncio.to_thread(_hindrance) if seen.is_new else ""
    said = request.args.get("said", "")
    return page(
        request,
        "bot_files.html",
        status=409 if refused else 200,
        seen=seen,
        diff=seen.planned.diff().splitlines() if seen.planned else [],
        hindrance=hindrance,
        refused=refused,
        committed=said if _NAME.fullmatch(said) else "",
        pieces=lambda one: annotated.parts(one.text, files.entities(one)),
        **called(request.ctx.language),
    )


def _hindrance() -> str:
    """Why nothing can be committed on this machine."""
    try:
        checkout.check(ROOT)
    except NotPossible as error:
        return error.why
    return ""
