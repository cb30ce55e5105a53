"""A shirt as the product's form sends it, and the forms of what it has by then."""

from __future__ import annotations

from typing import Any

from shop.models import Product
from tests.factories import NOW

WHO: dict[str, Any] = {"by": "ploy@example.com", "now": NOW}
SHIRT = {
    "once": "f1", "name_th": "เสื้อลินิน", "name_en": "Linen shirt", "category": "", "price": "1,250.50", "stock": "4",
    "weight": "220", "sku": "LINEN",
}  # fmt: skip
COLOURS = {
    "option-0-th": "สี",
    "option-0-en": "Colour",
    "option-0-add": "ดำ / Black, ขาว/White",
    "option-1-th": "ขนาด",
    "option-1-en": "Size",
    "option-1-add": "S, M, L",
}
#: Of each variant's row, the cells that say what they were when the form was drawn.
_CELLS = ("price", "sku", "weight", "low_stock", "picture", "hidden")


def names_of(product: Product) -> list[str]:
    """The variants' names in English."""
    return [variant.option("en") for variant in product.kept]


def table(product: Product, **changes: str) -> dict[str, str]:
    """The form of the table of variants as the page shows it, with changes."""
    form = {"once": "t1", "reason": "counted"}
    for variant in product.kept:
        form |= {
            f"price-{variant.id}": str(variant.price / 100),
            f"stock-{variant.id}": str(variant.stock),
            f"seen-{variant.id}": str(variant.stock),
            f"sku-{variant.id}": variant.sku,
            f"weight-{variant.id}": str(variant.weight),
            f"low_stock-{variant.id}": "" if variant.low_stock is None else str(variant.low_stock),
            f"picture-{variant.id}": str(variant.picture_id or ""),
            f"hidden-{variant.id}": "" if variant.active else "on",
        }
    was = {f"was-{name}": text for name, text in form.items() if name.partition("-")[0] in _CELLS}
    return form | was | changes
