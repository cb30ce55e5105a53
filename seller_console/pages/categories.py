"""The categories of the shop's goods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import forms
from seller_console.changes import change
from seller_console.rendering import page
from shop import categories as shop_categories
from shop.errors import BadFields
from shop.models import Category
from shop.roles import May

pages = Blueprint("categories", url_prefix="/products/categories")


@pages.get("/", ctx_may=May.KEEP_PRODUCTS)
async def categories(request: Request) -> HTTPResponse:
    """All of them, each with its form, and one for a new one."""
    return await _page(request, "", {}, {})


@pages.post("/", ctx_may=May.KEEP_PRODUCTS)
async def add(request: Request) -> HTTPResponse:
    """A new category, at the end."""
    return await _save(request, None)


@pages.post("/<category_id:row>", ctx_may=May.KEEP_PRODUCTS)
async def change_one(request: Request, category_id: int) -> HTTPResponse:
    """Rename a category, or what the pressed button says: `up`, `down`, `remove`."""
    typed = forms.fields(request)
    subject = str(category_id)
    if "remove" in typed:
        await change(request, subject, shop_categories.remove, category_id)
    elif "up" in typed or "down" in typed:
        await change(request, subject, shop_categories.move, category_id, -1 if "up" in typed else 1)
    else:
        return await _save(request, category_id)
    return redirect("/products/categories?said=saved", status=303)


async def _save(request: Request, category_id: int | None) -> HTTPResponse:
    typed = forms.fields(request)
    form = "new" if category_id is None else str(category_id)
    try:
        await change(request, form, shop_categories.save, category_id, typed)
    except BadFields as error:
        return await _page(request, form, typed, error.reasons, status=409)
    return redirect("/products/categories?said=saved", status=303)


async def _page(
    request: Request, form: str, typed: Mapping[str, str], wrong: Mapping[str, str], status: int = 200
) -> HTTPResponse:
    def read(session: Session) -> tuple[Sequence[Category], Mapping[int, int]]:
        return shop_categories.all_of_them(session), shop_categories.sizes(session)

    found, sizes = await request.app.ctx.database.read(read)
    return page(
        request,
        "categories.html",
        status=status,
        categories=found,
        sizes=sizes,
        form=form,
        typed=typed,
        wrong=wrong,
        saved=request.args.get("said") == "saved" and not form,
    )
