"""Models of the bot: having one made, what it understands before and now, publishing it, going back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound as NoPage
from sanic.response import raw, redirect
from sqlalchemy.orm import Session

from seller_console import scores
from seller_console.addresses import row_id
from seller_console.changes import change
from seller_console.meanings import called
from seller_console.rendering import page
from shop import bot_models, people
from shop.db import utc_now
from shop.errors import ComparedWithAnother, GotWorse, MadeOfOtherFiles, NotReady, TrainingGoesOn
from shop.models import BotModel
from shop.roles import May

pages = Blueprint("bot_models", url_prefix="/training/models")

_MANY = 20
#: Of messages that are understood otherwise a page shows so many of each kind.
_MOST_CHANGED = 40


@dataclass(frozen=True)
class _Seen:
    """What both pages show: the model in use, the one that is being made, how many `new` messages were taught; of the
    models on the page who is meant by emails, and what keeps each from being published (an error's name or "").
    """

    in_use: BotModel | None
    under_way: BotModel | None
    new: int
    names: Mapping[str, str]
    hindrances: Mapping[int, str]


@pages.get("/", ctx_may=May.TEACH)
async def list_(request: Request) -> HTTPResponse:
    """What waits to be learnt, the model in use, how far the next one is, and all before."""
    return await _list(request)


@pages.post("/", ctx_may=May.TEACH)
async def train(request: Request) -> HTTPResponse:
    """Have a model made of all that was taught."""
    by = request.ctx.seller.email
    try:
        model: BotModel = await change(request, "", bot_models.ask, by=by, now=utc_now())
    except TrainingGoesOn:
        return await _list(request, refused=True)
    return redirect(f"/training/models/{model.id}", status=303)


@pages.get("/<model_id:row>", ctx_may=May.TEACH)
async def one(request: Request, model_id: int) -> HTTPResponse:
    """How far it is; when it is made, what it understands, before and now."""
    return await _one(request, model_id)


@pages.post("/<model_id:row>/publish", ctx_may=May.TEACH)
async def publish(request: Request, model_id: int) -> HTTPResponse:
    """Let customers be answered with it; with an earlier one again, too."""
    by = request.ctx.seller.email
    try:
        await change(request, str(model_id), bot_models.publish, model_id, by=by, now=utc_now())
    except (NotReady, GotWorse, ComparedWithAnother, MadeOfOtherFiles):
        return await _one(request, model_id, refused=True)
    return redirect(f"/training/models/{model_id}?said=published", status=303)


@pages.get("/<model_id:row>/confusion", ctx_may=May.TEACH)
async def confusion(request: Request, model_id: int) -> HTTPResponse:
    """The picture of what is taken for what. It never changes, but is nobody else's."""
    model: BotModel = await request.app.ctx.database.read(bot_models.get, model_id)
    try:
        picture = await asyncio.to_thread(request.app.ctx.media.get, model.picture)
    except FileNotFoundError as error:
        raise NoPage(f"model {model_id} has no picture") from error
    return raw(
        picture,
        content_type="image/png",
        headers={
            "cache-control": "private, max-age=86400, immutable",
            "content-security-policy": "default-src 'none'; sandbox",
            "content-disposition": f'inline; filename="model-{model_id}.png"',
        },
    )


async def _list(request: Request, refused: bool = False) -> HTTPResponse:
    before = request.args.get("before", "")
    try:
        last = row_id(before)
    except ValueError:
        last = 0
    seen, models = await request.app.ctx.database.read(_all, last)
    return page(
        request,
        "models.html",
        fragment="_models.html",
        status=409 if refused else 200,
        seen=seen,
        models=models[:_MANY],
        more=models[_MANY - 1].id if len(models) > _MANY else 0,
        before=last,
        refused=refused,
        **_drawn(request, seen),
    )


async def _one(request: Request, model_id: int, refused: bool = False) -> HTTPResponse:
    seen, model = await request.app.ctx.database.read(_model, model_id)
    return page(
        request,
        "model.html",
        fragment="_model.html",
        status=409 if refused else 200,
        seen=seen,
        model=model,
        refused=refused,
        published=request.args.get("said") == "published",
        changed=_changed(model),
        most=_MOST_CHANGED,
        **_drawn(request, seen),
    )


def _drawn(request: Request, seen: _Seen) -> dict[str, Any]:
    language = request.ctx.language
    return {
        "now": utc_now(),
        "hindrances": seen.hindrances,
        "understood": scores.understood,
        "groups": scores.groups,
        "intents": scores.intents,
        "entities": scores.entities,
        "group_word": lambda name: scores.group_word(name, language),
        "worse_words": lambda sentence: scores.worse_words(sentence, language),
        **called(language),
    }


def _changed(model: BotModel) -> Sequence[tuple[str, Sequence[Mapping[str, Any]]]]:
    """What is understood otherwise: what got worse, what got better, the rest."""
    sorts = {"worse": False, "better": True, "otherwise": None}
    found = (
        (name, [one for one in model.changed if one.get("better") is better])
        for name, better in sorts.items()
    )
    return [(name, some) for name, some in found if some]


def _all(session: Session, before: int) -> tuple[_Seen, Sequence[BotModel]]:
    models = bot_models.latest(session, _MANY + 1, before)
    return _seen(session, models), models


def _model(session: Session, model_id: int) -> tuple[_Seen, BotModel]:
    model = bot_models.get(session, model_id)
    return _seen(session, [model]), model


def _seen(session: Session, models: Sequence[BotModel]) -> _Seen:
    in_use, under_way = bot_models.in_use(session), bot_models.under_way(session)
    every = [model for model in (*models, in_use, under_way) if model]
    emails = {email for model in every for email in (model.asked_by, model.published_by) if email}
    hindrances = {model.id: bot_models.hindrance(session, model) for model in every}
    return _Seen(
        in_use,
        under_way,
        bot_models.count_new_lessons(session),
        people.names(session, emails),
        {model_id: type(why).__name__ if why else "" for model_id, why in hindrances.items()},
    )
