"""Products from a spreadsheet and into one: upload, look at what it would do, apply."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound
from sanic.response import raw, redirect
from sqlalchemy.orm import Session

from seller_console import forms
from seller_console.changes import change
from seller_console.rendering import page
from shop import product_import, product_plan, product_sheet, spreadsheets
from shop.db import utc_now
from shop.errors import BadSheet, PlanMoved
from shop.models import ProductImport
from shop.product_plan import Plan
from shop.product_rows import Kind
from shop.roles import May
from shop.spreadsheets import Cell

pages = Blueprint("imports", url_prefix="/products")

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: So many rows of each kind are on one page.
_SHOWN = 100


@dataclass(frozen=True)
class _Planned:
    kept: ProductImport
    plan: Plan | None
    applied_before: datetime | None


@pages.get("/import", ctx_may=May.KEEP_PRODUCTS)
async def start(request: Request) -> HTTPResponse:
    """The form, what the columns are, and a table to begin with."""
    return _start(request)


@pages.post("/import", ctx_may=May.KEEP_PRODUCTS, ctx_most_bytes=spreadsheets.MOST_BYTES + 64 * 1024)
async def upload(request: Request) -> HTTPResponse:
    """Read the file and show what it would do."""
    file = next(iter(forms.files(request, "table")), None)
    if file is None:
        return _start(request, "missing")
    who = request.ctx.seller.email
    try:
        # Outside the transaction: on SQLite nobody else could write meanwhile.
        brought = await asyncio.to_thread(product_import.read, file.name, file.body)
        kept = await change(request, "", product_import.keep, brought, by=who, now=utc_now())
    except BadSheet as error:
        return _start(request, error.reason)
    return redirect(f"/products/import/{kept.id}", status=303)


@pages.get("/import/<import_id:row>", ctx_may=May.KEEP_PRODUCTS)
async def preview(request: Request, import_id: int) -> HTTPResponse:
    """Row by row what applying it now would do, what is wrong first; `kind` and `begin` go on to further rows."""
    return await _preview(request, import_id)


@pages.post("/import/<import_id:row>", ctx_may=May.KEEP_PRODUCTS)
async def apply(request: Request, import_id: int) -> HTTPResponse:
    """The seller has seen the plan and wants it. Pressed twice, it is done once."""
    mark, who = forms.fields(request).get("mark", ""), request.ctx.seller.email
    try:
        await change(request, str(import_id), product_import.apply, import_id, mark, by=who, now=utc_now())
    except PlanMoved:
        return await _preview(request, import_id, moved=True)
    return redirect(f"/products/import/{import_id}", status=303)


@pages.get("/import/template/<kind:str>", ctx_may=May.KEEP_PRODUCTS)
async def template(request: Request, kind: str) -> HTTPResponse:
    """A table to begin with, as `csv` or `xlsx`, its header in the seller's language."""
    return await _file(list(product_sheet.template(request.ctx.language)), "talad-products-template", kind)


@pages.get("/export/<kind:str>", ctx_may=May.KEEP_PRODUCTS)
async def export(request: Request, kind: str) -> HTTPResponse:
    """All products, in the columns that an import reads."""

    def read(session: Session) -> list[Sequence[Cell]]:
        return list(product_sheet.rows(session, request.ctx.language))

    return await _file(await request.app.ctx.database.read(read), "talad-products", kind)


async def _file(rows: Iterable[Sequence[Cell]], name: str, kind: str) -> HTTPResponse:
    if kind == "csv":
        data, content = b"".join(spreadsheets.csv_lines(rows)), "text/csv; charset=utf-8"
    elif kind == "xlsx":
        data = await asyncio.to_thread(spreadsheets.xlsx, rows, title=name, widths=product_sheet.WIDTHS)
        content = _XLSX
    else:
        raise NotFound(kind)
    headers = {"content-disposition": f'attachment; filename="{name}.{kind}"'}
    return raw(data, content_type=content, headers=headers)


def _start(request: Request, wrong: str = "") -> HTTPResponse:
    headings = [
        (column, product_sheet.heading(column, request.ctx.language)) for column in product_sheet.HEADINGS
    ]
    status = 409 if wrong else 200
    return page(
        request,
        "import_products.html",
        status=status,
        wrong=wrong,
        headings=headings,
        most_rows=product_import.MOST_ROWS,
    )


async def _preview(request: Request, import_id: int, *, moved: bool = False) -> HTTPResponse:
    def read(session: Session) -> _Planned:
        kept = product_import.existing(session, import_id)
        plan = None if kept.applied_at else product_plan.plan(session, kept)
        return _Planned(kept, plan, product_import.applied_before(session, kept))

    found = await request.app.ctx.database.read(read)
    language = request.ctx.language
    begin = {kind.value: _begin(request) if request.args.get("kind") == kind else 0 for kind in Kind}
    return page(
        request,
        "planned_import.html",
        status=409 if moved else 200,
        kept=found.kept,
        plan=found.plan,
        sums={kind.value: len(found.plan.of(kind)) if found.plan else 0 for kind in Kind},
        shown={
            kind: found.plan.of(Kind(kind))[at : at + _SHOWN] if found.plan else []
            for kind, at in begin.items()
        },
        begin=begin,
        applied_before=found.applied_before,
        heading=lambda column: product_sheet.heading(column, language),
        moved=moved,
    )


def _begin(request: Request) -> int:
    given = str(request.args.get("begin", ""))
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 5 else 0
