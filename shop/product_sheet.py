"""Products as a table for spreadsheets: one row for each variant, with the same columns out (`rows`) and in
(`shop.product_plan`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from shop import catalogue
from shop.models import Product, Variant
from shop.models.catalogue import Names
from shop.money import as_decimal
from shop.options import MOST as MOST_OPTIONS
from shop.spreadsheets import Cell

#: By column its heading in Thai and English, then what else people call it.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "sku": ("รหัสสินค้า", "SKU", "รหัส", "Code"),
    "name_th": ("ชื่อสินค้า", "Name (Thai)", "ชื่อ", "ชื่อ (ไทย)", "ชื่อสินค้า (ไทย)", "Name", "Product"),
    "name_en": ("ชื่อสินค้า (อังกฤษ)", "Name (English)", "ชื่อ (อังกฤษ)"),
    "category": ("หมวดหมู่", "Category", "หมวด", "ประเภท"),
    "description_th": ("รายละเอียด", "Description (Thai)", "รายละเอียด (ไทย)", "Description"),
    "description_en": ("รายละเอียด (อังกฤษ)", "Description (English)"),
    "option_1": ("ตัวเลือก 1", "Option 1"),
    "value_1": ("ค่า 1", "Value 1"),
    "option_2": ("ตัวเลือก 2", "Option 2"),
    "value_2": ("ค่า 2", "Value 2"),
    "option_3": ("ตัวเลือก 3", "Option 3"),
    "value_3": ("ค่า 3", "Value 3"),
    "price": ("ราคา", "Price", "ราคาขาย"),
    "stock": ("สต็อก", "Stock", "สต๊อก", "คงเหลือ", "จำนวนคงเหลือ", "จำนวน", "Quantity"),
    "received": ("รับเข้า", "Received"),
    "weight": ("น้ำหนัก (กรัม)", "Weight (g)", "น้ำหนัก", "Weight", "Weight in grams"),
    "low_stock": ("เตือนเมื่อต่ำกว่า", "Warn below"),
    "hidden": ("ซ่อน", "Hidden"),
}
#: Widths in characters, for XLSX.
WIDTHS = [
    18 if column in ("sku", "category") else 32 if column.startswith(("name", "desc")) else 12
    for column in HEADINGS
]
YES, NO = ("ใช่", "yes", "y", "1", "true", "x"), ("ไม่", "no", "n", "0", "false")
_TEE: Mapping[str, str | int] = {
    "name_th": "เสื้อยืด",
    "option_1": "สี / Colour",
    "option_2": "ขนาด / Size",
    "price": 250,
    "weight": 220,
}
_MUG: Mapping[str, str | int] = {"name_th": "แก้วเซรามิก", "name_en": "Ceramic mug", "category": "ของใช้ / Home"}
_EXAMPLES: Sequence[Mapping[str, str | int]] = (
    {"sku": "MUG-01", **_MUG, "price": 160, "stock": 12, "weight": 450},
    {"sku": "TEE-BLACK-M", "name_en": "T-shirt", **_TEE, "value_1": "ดำ / Black", "value_2": "M", "stock": 8},
    {"sku": "TEE-WHITE-L", **_TEE, "value_1": "ขาว / White", "value_2": "L", "stock": 5},
)


def heading(column: str, language: str) -> str:
    """What the column is called in `language` ("th" or "en")."""
    return HEADINGS[column][1 if language == "en" else 0]


def template(language: str) -> Iterator[Sequence[Cell]]:
    """The header, and rows that show how to fill it in."""
    yield [heading(column, language) for column in HEADINGS]
    for example in _EXAMPLES:
        yield [example.get(column) for column in HEADINGS]


def rows(session: Session, language: str) -> Iterator[Sequence[Cell]]:
    """The header, then every variant that is not archived, in the seller's order."""
    yield [heading(column, language) for column in HEADINGS]
    currency = catalogue.the_shop(session).currency
    query = select(Product).where(~Product.archived).order_by(Product.position, Product.id)
    found = session.scalars(query.options(joinedload(Product.category)).execution_options(yield_per=200))
    for product in found:
        for variant in product.kept:
            cells = _cells(product, variant, currency)
            yield [cells.get(column) for column in HEADINGS]


def both(thai: str, english: str) -> str:
    """Two languages in one cell: "ดำ / Black"; only one where they are the same."""
    return f"{thai} / {english}" if thai and english and thai != english else thai or english


def _cells(product: Product, variant: Variant, currency: str) -> dict[str, Cell]:
    category = product.category
    cells: dict[str, Cell] = {
        "sku": variant.sku,
        "name_th": product.name_th,
        "name_en": product.name_en,
        "category": both(category.name_th, category.name_en) if category else None,
        "description_th": product.description_th,
        "description_en": product.description_en,
        "price": as_decimal(variant.price, currency),
        "stock": variant.stock,
        "weight": variant.weight,
        "low_stock": variant.low_stock,
        "hidden": NO[0] if variant.active and product.active else YES[0],
    }
    for place in range(min(MOST_OPTIONS, len(product.options), len(variant.values))):
        cells[f"option_{place + 1}"] = _named(product.options[place])
        cells[f"value_{place + 1}"] = _named(variant.values[place])
    return cells


def _named(names: Names) -> str:
    return both(names["th"], names["en"])
