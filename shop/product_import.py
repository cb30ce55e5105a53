"""Products from a spreadsheet: read, planned (shop.product_plan), and applied only when the seller has seen the plan
and says so.

One row is one variant, known by its SKU. A row with a known SKU changes what its filled cells say; one with a new SKU
adds a variant to the product of that name, or a new product. Rows that cannot be used are left out, and say why; all
others are applied together or not at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from shop import (
    audit,
    catalogue,
    categories,
    inventory,
    product_plan,
    product_rows,
    product_sheet,
    spreadsheets,
)
from shop.errors import NotFound, PlanMoved, StockMoved
from shop.models import Product, ProductImport, StockChange, Variant
from shop.product_plan import Plan
from shop.product_rows import Kind, Line, Values

#: More would keep other writers waiting for too long while they are applied.
MOST_ROWS = 1_000
_KEEP_PLANS = timedelta(days=1)


@dataclass(frozen=True)
class Brought:
    """The table in a file that somebody has brought; `digest` names the file's content."""

    name: str
    digest: str
    rows: list[list[str]]


def read(name: str, data: bytes) -> Brought:
    """The table in a CSV or XLSX file. Takes seconds, so call it in a thread and in no transaction. Raises BadSheet."""
    rows = spreadsheets.read(data, most_rows=MOST_ROWS)
    spreadsheets.sheet(rows, product_sheet.HEADINGS)
    return Brought(name[:100], hashlib.sha256(data).hexdigest(), rows)


def keep(session: Session, brought: Brought, *, by: str, now: datetime) -> ProductImport:
    """Keep the table until it is applied, or for a day; nothing else changes."""
    old = (ProductImport.at < now - _KEEP_PLANS) & ProductImport.applied_at.is_(None)
    session.execute(delete(ProductImport).where(old))
    kept = ProductImport(by=by, at=now, **vars(brought))
    session.add(kept)
    session.flush()
    return kept


def existing(session: Session, import_id: int) -> ProductImport:
    """What was kept. Raises NotFound."""
    kept = session.get(ProductImport, import_id)
    if kept is None:
        raise NotFound(f"import {import_id}")
    return kept


def applied_before(session: Session, kept: ProductImport) -> datetime | None:
    """When the very same file was applied last, as another import."""
    same = (ProductImport.digest == kept.digest) & (ProductImport.id != kept.id)
    return session.scalar(select(func.max(ProductImport.applied_at)).where(same))


def apply(session: Session, import_id: int, mark: str, *, by: str, now: datetime) -> Plan | None:
    """Do what the plan with this `mark` says, all of it; None when it was done before.

    Raises NotFound, and PlanMoved when the plan is another one by now.
    """
    found = select(ProductImport).where(ProductImport.id == import_id).with_for_update()
    kept = session.scalar(found)
    if kept is None:
        raise NotFound(f"import {import_id}")
    if kept.applied_at is not None:
        return None
    catalogue.lock(session, {variant.product_id for variant in product_plan.changing(session, kept)})
    planned = product_plan.plan(session, kept)
    if planned.mark != mark:
        raise PlanMoved
    for line in planned.of(Kind.CHANGED):
        _change(session, line, kept.id, by=by, now=now)
    _add(session, planned.of(Kind.NEW), kept.id, by=by, now=now)
    kept.applied_at, kept.rows = now, []
    session.flush()
    audit.note(session, **{kind: len(planned.of(kind)) for kind in Kind})
    return planned


def _change(session: Session, line: Line, import_id: int, *, by: str, now: datetime) -> None:
    variant, values = line.variant, line.values
    assert variant is not None
    _describe(session, variant.product, values)
    _set(variant, values)
    if "hidden" in values:
        variant.active = not values["hidden"]
        variant.product.active = variant.product.active or variant.active
    cause = f"import {import_id} {variant.id}"
    try:
        if "stock" in values:
            counted = int(values["stock"])
            inventory.set_counted(
                session, variant.id, counted, "imported", seen=variant.stock, by=by, now=now, cause=cause
            )
    except StockMoved as error:
        raise PlanMoved from error
    if "received" in values:
        more = int(values["received"])
        inventory.change(
            session, variant.id, more, inventory.Reason.RECEIVED, by=by, now=now, cause=f"{cause} +"
        )


def _add(session: Session, lines: Sequence[Line], import_id: int, *, by: str, now: datetime) -> None:
    """New variants, and new products in the order of the file, before all others."""
    made: dict[str, Product] = {}
    new = {line.name for line in lines if not line.values["product"]}
    first = (session.scalar(select(func.min(Product.position))) or 0) - len(new)
    added = []
    for line in lines:
        if line.values["product"]:
            product = catalogue.any_product(session, int(line.values["product"]))
        elif line.name in made:
            product = made[line.name]
        else:
            product = Product(name_th="", name_en="", position=first + len(made), active=True)
            product.options = line.named
            made[line.name] = product
            session.add(product)
        _describe(session, product, line.values)
        stock = int(line.values.get("stock", 0)) + int(line.values.get("received", 0))
        variant = Variant(product=product, sku=line.sku, values=line.options, stock=stock)
        session.add(variant)
        _set(variant, line.values)
        variant.active = not line.values.get("hidden", False)
        added.append(variant)
    session.flush()
    session.add_all(
        StockChange(
            variant_id=one.id,
            change=one.stock,
            reason="imported",
            at=now,
            by=by,
            cause=f"import {import_id} {one.id}",
        )
        for one in added
        if one.stock
    )


def _describe(session: Session, product: Product, values: Values) -> None:
    for name in product_rows.TEXTS:
        if name in values:
            setattr(product, name, values[name])
    if "category" in values:
        thai, _, english = (part.strip() for part in str(values["category"]).partition("/"))
        product.category = categories.named(session, thai, english)


def _set(variant: Variant, values: Values) -> None:
    for name in ("price", "weight", "low_stock"):
        if name in values:
            setattr(variant, name, values[name])
