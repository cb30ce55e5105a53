"""What a table of products would do, all rows together: which variants they change, which products the new ones join,
and where they contradict each other. Nothing is written here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from shop import catalogue, options, product_rows, product_sheet, spreadsheets
from shop.fields import Fields
from shop.models import Product, ProductImport, Variant
from shop.models.catalogue import Names
from shop.product_rows import Kind, Line
from shop.spreadsheets import Row

_AT_ONCE = 500


@dataclass(frozen=True)
class Plan:
    """What an import would do. `mark` is another one as soon as anything of it would be."""

    lines: Sequence[Line]
    unknown: Sequence[str]
    mark: str

    def of(self, kind: Kind) -> list[Line]:
        """The rows of this kind."""
        return [line for line in self.lines if line.kind == kind]


def plan(session: Session, kept: ProductImport) -> Plan:
    """What applying it now would do."""
    sheet = spreadsheets.sheet(kept.rows, product_sheet.HEADINGS)
    currency = catalogue.the_shop(session).currency
    known = _known(session, sheet.rows)
    groups = _Groups(session, [product_rows.name_of(row) for row in sheet.rows])
    seen: set[str] = set()
    said: dict[tuple[int, str], object] = {}
    lines = []
    for row in sheet.rows:
        fields = Fields(row.cells)
        line = product_rows.read(fields, row, known.get(product_rows.cell(row, "sku")), currency)
        if line.sku in seen:
            fields.refuse("sku", "twice")
        seen.add(line.sku)
        if line.variant is None and line.sku:
            groups.join(line, fields)
        elif line.variant is not None:
            for name in line.values.keys() & {*product_rows.TEXTS, "category"}:
                if said.setdefault((line.variant.product_id, name), line.values[name]) != line.values[name]:
                    fields.refuse(name, "differs")
        lines.append(line)
    told = repr([_told(line) for line in lines])
    return Plan(lines, sheet.unknown, hashlib.sha256(told.encode()).hexdigest())


def changing(session: Session, kept: ProductImport) -> Iterable[Variant]:
    """The variants that the table names."""
    return _known(session, spreadsheets.sheet(kept.rows, product_sheet.HEADINGS).rows).values()


def _known(session: Session, rows: Sequence[Row]) -> Mapping[str, Variant]:
    skus = [product_rows.cell(row, "sku") for row in rows]
    found: dict[str, Variant] = {}
    for start in range(0, len(skus), _AT_ONCE):
        some = select(Variant).where(Variant.sku.in_(skus[start : start + _AT_ONCE]))
        found |= {variant.sku: variant for variant in session.scalars(some)}
    return found


def _told(line: Line) -> object:
    """All that the row would do, and to what: of a new SKU the values name the product it joins."""
    joined = (line.name, line.named, line.options) if line.variant is None else line.variant.id
    changes, wrong = sorted(line.changes.items()), sorted(line.wrong.items())
    return line.number, line.kind, line.sku, joined, changes, sorted(line.values.items()), wrong


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
        names, values = product_rows.named_options(fields)
        for language in ("th", "en"):
            if len({name[language].casefold() for name in names}) < len(names):
                fields.refuse(f"option_{len(names)}", "twice")
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
