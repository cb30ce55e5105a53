"""Products from a spreadsheet: read, planned, and applied only when the seller has seen the plan and says so.

One row is one variant, known by its SKU. A row with a known SKU changes what its filled cells say; one with a new SKU
adds a variant to the product of that name, or a new product. Rows that cannot be used are left out, and say why; all
others are applied together or not at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from shop import (
    audit,
    catalogue,
    categories,
    inventory,
    options,
    product_sheet,
    products,
    spreadsheets,
    variants,
)
from shop.errors import NotFound, PlanMoved, StockMoved
from shop.fields import Fields
from shop.models import Product, ProductImport, StockChange, Variant
from shop.models.catalogue import Names
from shop.money import as_decimal
from shop.spreadsheets import Row

#: More would keep other writers waiting for too long while they are applied.
MOST_ROWS = 1_000
_KEEP_PLANS = timedelta(days=1)
_AT_ONCE = 500
_TEXTS = {
    "name_th": products.MOST_LETTERS,
    "name_en": products.MOST_LETTERS,
    "description_th": products.MOST_DESCRIPTION,
    "description_en": products.MOST_DESCRIPTION,
}
Values = dict[str, str | int | bool]


class Kind(StrEnum):
    """What a row does."""

    WRONG = "wrong"
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass
class Line:
    """A row of the plan: its SKU, what is `wrong` by column, and what becomes different: (before, after) by column.

    `values` are what is to be written. A new SKU's values of its product's options are in `options`; `named` are those
    options, should the product be new.
    """

    number: int
    sku: str
    name: str
    wrong: dict[str, str]
    changes: dict[str, tuple[str, str]]
    values: Values
    variant: Variant | None = None
    named: list[Names] = field(default_factory=list)
    options: list[Names] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        """What the row does."""
        if self.wrong:
            return Kind.WRONG
        if self.variant is None:
            return Kind.NEW
        return Kind.CHANGED if self.changes else Kind.SAME


@dataclass(frozen=True)
class Plan:
    """What an import would do. `mark` is another one as soon as anything of it would be."""

    lines: Sequence[Line]
    unknown: Sequence[str]
    mark: str

    def of(self, kind: Kind) -> list[Line]:
        """The rows of this kind."""
        return [line for line in self.lines if line.kind == kind]


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


def plan(session: Session, kept: ProductImport) -> Plan:
    """What applying it now would do."""
    sheet = spreadsheets.sheet(kept.rows, product_sheet.HEADINGS)
    currency = catalogue.the_shop(session).currency
    known = _known(session, [_cell(row, "sku") for row in sheet.rows])
    groups = _Groups(session, [_name(row) for row in sheet.rows])
    seen: set[str] = set()
    said: dict[tuple[int, str], object] = {}
    lines = []
    for row in sheet.rows:
        fields = Fields(row.cells)
        line = _line(fields, row, known.get(_cell(row, "sku")), currency)
        if line.sku in seen:
            fields.refuse("sku", "twice")
        seen.add(line.sku)
        if line.variant is None and line.sku:
            groups.join(line, fields)
        elif line.variant is not None:
            for name in line.values.keys() & {*_TEXTS, "category"}:
                if said.setdefault((line.variant.product_id, name), line.values[name]) != line.values[name]:
                    fields.refuse(name, "differs")
        lines.append(line)
    told = repr([_told(line) for line in lines])
    return Plan(lines, sheet.unknown, hashlib.sha256(told.encode()).hexdigest())


def _told(line: Line) -> object:
    """All that the row would do, and to what: of a new SKU the values name the product it joins."""
    joined = (line.name, line.named, line.options) if line.variant is None else line.variant.id
    changes, wrong = sorted(line.changes.items()), sorted(line.wrong.items())
    return line.number, line.kind, line.sku, joined, changes, sorted(line.values.items()), wrong


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
    skus = [_cell(row, "sku") for row in spreadsheets.sheet(kept.rows, product_sheet.HEADINGS).rows]
    catalogue.lock(session, {variant.product_id for variant in _known(session, skus).values()})
    planned = plan(session, kept)
    if planned.mark != mark:
        raise PlanMoved
    for line in planned.of(Kind.CHANGED):
        _change(session, line, kept.id, by=by, now=now)
    _add(session, planned.of(Kind.NEW), kept.id, by=by, now=now)
    kept.applied_at, kept.rows = now, []
    session.flush()
    audit.note(session, **{kind: len(planned.of(kind)) for kind in Kind})
    return planned


class _Groups:
    """The products that rows with new SKUs belong to, by name: those of the shop, and those that come to be."""

    def __init__(self, session: Session, names: Iterable[str]) -> None:
        wanted = sorted({name for name in names if name})
        self._known: dict[str, Product] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            named = or_(Product.name_th.in_(some), Product.name_en.in_(some))
            for product in session.scalars(
                select(Product).where(named, ~Product.archived).order_by(Product.id)
            ):
                for name in (product.name_en, product.name_th):
                    self._known.setdefault(name, product)
        self._options: dict[str, list[Names]] = {}
        self._taken: dict[str, set[tuple[str, ...]]] = {}

    def join(self, line: Line, fields: Fields) -> None:
        """Find the product of a row with a new SKU, and whether its options fit there."""
        if not line.name:
            fields.refuse("name_th", "missing")
            return
        if "price" not in line.values:
            fields.refuse("price", "missing")
        names, values = _options(fields)
        if len(names) != len(values) or fields.wrong:
            return
        product = self._known.get(line.name)
        if line.name not in self._taken:
            self._options[line.name] = product.options if product else names
            kept = product.kept if product else []
            self._taken[line.name] = {tuple(value["th"] for value in one.values) for one in kept}
        key = tuple(value["th"] for value in values)
        if len(values) != len(self._options[line.name]):
            fields.refuse("value_1", "options")
        elif key in self._taken[line.name]:
            fields.refuse("value_1" if key else "name_th", "twice")
        elif len(self._taken[line.name]) >= options.MOST_VARIANTS:
            fields.refuse("sku", "many")
        if not fields.wrong:
            self._taken[line.name].add(key)
            line.named, line.options = names, values
            line.values["product"] = product.id if product else 0


def _line(fields: Fields, row: Row, variant: Variant | None, currency: str) -> Line:
    """The row's cells, checked; of a known SKU only those that say something else than now."""
    sku = fields.text("sku", variants.MOST_SKU, required=True)
    values: Values = {}
    for name, most in _TEXTS.items():
        if fields.has(name):
            values[name] = fields.lines(name, most) if name.startswith("desc") else fields.text(name, most)
    if fields.has("category"):
        values["category"] = _category(fields)
    if fields.has("price"):
        values["price"] = fields.amount("price", currency)
    for name, least, most in (
        ("stock", 0, inventory.MOST), ("received", 1, inventory.MOST), ("weight", 0, variants.MOST_GRAMS),
        ("low_stock", 0, inventory.MOST),
    ):  # fmt: skip
        if fields.has(name):
            values[name] = fields.whole(name, least, most)
    if fields.has("hidden"):
        word = _cell(row, "hidden").casefold()
        if word not in product_sheet.YES + product_sheet.NO:
            fields.refuse("hidden", "yes_or_no")
        values["hidden"] = word in product_sheet.YES
    changes: dict[str, tuple[str, str]] = {}
    if variant is not None:
        now = _now(variant)
        if variant.archived or variant.product.archived:
            fields.refuse("sku", "archived")
        if "received" in values and values.get("stock", now["stock"]) != now["stock"]:
            fields.refuse("received", "both")
        _check_options(fields, variant)
        values = {name: value for name, value in values.items() if not _same(name, value, now, variant)}
        changes = {
            name: (_shown(name, now.get(name, ""), currency), _shown(name, value, currency))
            for name, value in values.items()
        }
    return Line(
        row.number,
        sku,
        variant.product.name("th") if variant else _name(row),
        fields.wrong,
        changes,
        values,
        variant,
    )


def _same(name: str, value: str | int | bool, now: Values, variant: Variant) -> bool:
    category = variant.product.category
    if name == "category" and category is not None and value in (category.name_th, category.name_en):
        return True
    return now.get(name) == value


def _now(variant: Variant) -> Values:
    product, category = variant.product, variant.product.category
    now: Values = {name: getattr(product, name) for name in _TEXTS}
    now |= {"price": variant.price, "stock": variant.stock, "weight": variant.weight}
    now["category"] = product_sheet.both(category.name_th, category.name_en) if category else ""
    now["hidden"] = not (variant.active and product.active)
    if variant.low_stock is not None:
        now["low_stock"] = variant.low_stock
    return now


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
    for name in _TEXTS:
        if name in values:
            setattr(product, name, values[name])
    if "category" in values:
        thai, _, english = (part.strip() for part in str(values["category"]).partition("/"))
        product.category = categories.named(session, thai, english)


def _set(variant: Variant, values: Values) -> None:
    for name in ("price", "weight", "low_stock"):
        if name in values:
            setattr(variant, name, values[name])


def _options(fields: Fields) -> tuple[list[Names], list[Names]]:
    """The options' names and the values of a row with a new SKU."""
    names: list[Names] = []
    values: list[Names] = []
    for number in range(1, options.MOST + 1):
        if not fields.has(f"value_{number}"):
            break
        for kind, found in (("option", names), ("value", values)):
            text = fields.text(f"{kind}_{number}", options.MOST_LETTERS[kind], required=True)
            found += options.pairs(text.replace(",", " "))[:1]
    return names, values


def _check_options(fields: Fields, variant: Variant) -> None:
    """The options of a known SKU are changed on the product's page, where one sees what becomes of the variants."""
    for place in range(options.MOST):
        name = f"value_{place + 1}"
        now = variant.values[place] if place < len(variant.values) else {}
        if fields.has(name) and fields.text(name, 100) not in {
            *now.values(),
            product_sheet.both(*now.values()) if now else "",
        }:
            fields.refuse(name, "fixed")


def _category(fields: Fields) -> str:
    thai, _, english = (part.strip() for part in fields.text("category", 100).partition("/"))
    if max(len(thai), len(english)) > categories.MOST_LETTERS:
        fields.refuse("category", "long")
    return product_sheet.both(thai, english)


def _shown(name: str, value: str | int | bool, currency: str) -> str:
    if name == "price":
        return f"{as_decimal(int(value), currency).normalize():f}"
    if name == "hidden":
        return product_sheet.YES[0] if value else product_sheet.NO[0]
    return str(value)


def _known(session: Session, skus: Sequence[str]) -> Mapping[str, Variant]:
    found: dict[str, Variant] = {}
    for start in range(0, len(skus), _AT_ONCE):
        some = select(Variant).where(Variant.sku.in_(skus[start : start + _AT_ONCE]))
        found |= {variant.sku: variant for variant in session.scalars(some)}
    return found


def _cell(row: Row, name: str) -> str:
    return " ".join(row.cells.get(name, "").split())


def _name(row: Row) -> str:
    return _cell(row, "name_th") or _cell(row, "name_en")
