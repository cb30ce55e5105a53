"""One row of a table of products: its cells read and checked, and what they would change of the variant they name.
What rows mean together is in shop.product_plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shop import categories, inventory, options, product_sheet, products, variants
from shop.fields import Fields
from shop.models import Variant
from shop.models.catalogue import Names
from shop.money import as_decimal
from shop.spreadsheets import Row

#: What is the product's, not the variant's, by column: how many letters it may have.
TEXTS = {
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

    `cells` are what was typed, by column, and `values` what is to be written. A new SKU's values of its product's
    options are in `options`; `named` are those options, should the product be new.
    """

    number: int
    sku: str
    name: str
    wrong: dict[str, str]
    changes: dict[str, tuple[str, str]]
    values: Values
    cells: Mapping[str, str]
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


def cell(row: Row, name: str) -> str:
    """What stands in this column of the row, on one line."""
    return " ".join(row.cells.get(name, "").split())


def name_of(row: Row) -> str:
    """The name by which a row with a new SKU finds its product."""
    return cell(row, "name_th") or cell(row, "name_en")


def read(fields: Fields, row: Row, variant: Variant | None, currency: str) -> Line:
    """The row's cells, checked; of a known SKU only those that say something else than now."""
    sku, values = fields.text("sku", variants.MOST_SKU, required=True), _values(fields, row, currency)
    if variant is None:
        changes = {name: ("", _shown(name, value, currency)) for name, value in values.items()}
        return Line(row.number, sku, name_of(row), fields.wrong, changes, values, row.cells)
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
        row.number, sku, variant.product.name("th"), fields.wrong, changes, values, row.cells, variant
    )


def named_options(fields: Fields) -> tuple[list[Names], list[Names]]:
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


def _values(fields: Fields, row: Row, currency: str) -> Values:
    values: Values = {}
    for name, most in TEXTS.items():
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
        word = cell(row, "hidden").casefold()
        if word not in product_sheet.YES + product_sheet.NO:
            fields.refuse("hidden", "yes_or_no")
        values["hidden"] = word in product_sheet.YES
    return values


def _same(name: str, value: str | int | bool, now: Values, variant: Variant) -> bool:
    category = variant.product.category
    if name == "category" and category is not None and value in (category.name_th, category.name_en):
        return True
    return now.get(name) == value


def _now(variant: Variant) -> Values:
    product, category = variant.product, variant.product.category
    now: Values = {name: getattr(product, name) for name in TEXTS}
    now |= {"price": variant.price, "stock": variant.stock, "weight": variant.weight}
    now["category"] = product_sheet.both(category.name_th, category.name_en) if category else ""
    now["hidden"] = not (variant.active and product.active)
    if variant.low_stock is not None:
        now["low_stock"] = variant.low_stock
    return now


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
