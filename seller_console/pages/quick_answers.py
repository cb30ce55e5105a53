"""Quick answers: the list with a form for each, and one for a new one."""

from __future__ import annotations

from collections.abc import Mapping

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from seller_console import access
from seller_console.changes import change
from seller_console.rendering import page
from shop import quick_answers
from shop.errors import BadInput
from shop.roles import May

pages = Blueprint("quick_answers", url_prefix="/chats/answers")

_FIELDS = ("shortcut", "text_th", "text_en")


@pages.get("/", ctx_may=May.CHAT)
async def list_(request: Request) -> HTTPResponse:
    """All of them."""
    return await _page(request, saved=request.args.get("saved") == "1")


@pages.post("/", ctx_may=May.CHAT)
async def add(request: Request) -> HTTPResponse:
    """A new one."""
    return await _save(request, None)


@pages.post("/<answer_id:row>", ctx_may=May.CHAT)
async def save(request: Request, answer_id: int) -> HTTPResponse:
    """A known one is written anew."""
    return await _save(request, answer_id)


@pages.post("/<answer_id:row>/remove", ctx_may=May.CHAT)
async def remove(request: Request, answer_id: int) -> HTTPResponse:
    """It is not needed any more."""
    await change(request, str(answer_id), quick_answers.remove, answer_id)
    return redirect("/chats/answers?saved=1", status=303)


async def _save(request: Request, answer_id: int | None) -> HTTPResponse:
    fields = {name: access.field(request, name) for name in _FIELDS}
    try:
        await change(request, str(answer_id or ""), quick_answers.save, answer_id, fields)
    except BadInput as error:
        refused = {"id": answer_id or 0, "field": error.field, "reason": error.reason}
        return await _page(request, status=409, typed=fields, refused=refused)
    return redirect("/chats/answers?saved=1", status=303)


async def _page(
    request: Request,
    *,
    saved: bool = False,
    status: int = 200,
    typed: Mapping[str, str] | None = None,
    refused: Mapping[str, object] | None = None,
) -> HTTPResponse:
    """The page; `typed` is what could not be used in the form of answer `refused["id"]` (0: the new one)."""
    answers = await request.app.ctx.database.read(quick_answers.every)
    return page(
        request,
        "quick_answers.html",
        status=status,
        answers=answers,
        saved=saved,
        typed=typed or {},
        refused=refused or {"id": None, "field": "", "reason": ""},
        placeholders=quick_answers.PLACEHOLDERS,
        most_shortcut=quick_answers.LONGEST_SHORTCUT,
    )
