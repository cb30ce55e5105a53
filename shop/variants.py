"""Variants as the seller keeps them: a table of prices, stocks, SKUs and weights, of which many are changed at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shop import audit, catalogue, inventory
from shop.errors import BadFields, StockMoved
from shop.fields import Fields
from shop.models import CartLine, OrderLine, Product, StockChange, Variant
from shop.models.catalogue import Names
from shop.money import as_decimal

MOST_GRAMS = 1_000_000
MOST_SKU = 40
#: What one value for all variants can be typed for (`all-price` …).
FOR_ALL = ("price", "weight", "low_stock")


@dataclass(frozen=True)
class First:
    """What the variants of a new product begin with; `sku` may be empty."""

    price: int
    stock: int
    weight: int
    sku: str


def typed_first(session: Session, fields: Fields, currency: str) -> First:
    """The fields `price`, `stock`, `weight` and `sku` of a new product."""
    first = First(
        price=fields.amount("price", currency),
        stock=fields.whole("stock", 0, inventory.MOST, empty=0),
        weight=fields.whole("weight", 0, MOST_GRAMS, empty=0),
        sku=fields.text("sku", MOST_SKU),
    )
    if first.sku and _known(session, [first.sku]):
        fields.refuse("sku", "taken")
    return first


def make_all(
    session: Session,
    product: Product,
    wanted: Sequence[Sequence[Names]],
    first: First,
    *,
    by: str,
    now: datetime,
) -> None:
    """A new product's variants, one for each of the combinations."""
    for values in wanted:
        sku = first.sku if first.sku and not values else _free_sku(session, product, first.sku, values)
        add(session, product, values, sku, first, by=by, now=now)


def add(
    session: Session,
    product: Product,
    values: Sequence[Names],
    sku: str,
    first: First,
    *,
    by: str,
    now: datetime,
) -> Variant:
    """One more variant; its stock is noted as counted."""
    variant = Variant(product=product, sku=sku, values=list(values), price=first.price, weight=first.weight)
    session.add(variant)
    session.flush()
    cause = f"new variant {variant.id}"
    inventory.change(session, variant.id, first.stock, inventory.Reason.COUNTED, by=by, now=now, cause=cause)
    return variant


def complete(
    session: Session, product: Product, wanted: Sequence[Sequence[Names]], *, by: str, now: datetime
) -> int:
    """Make the combinations that are missing, priced like the first variant, with nothing in stock. Returns how many.

    One that was archived is brought back.
    """
    have = {_key(variant.values): variant for variant in product.variants}
    like = next(iter(product.kept or product.variants), None)
    first = First(like.price if like else 0, 0, like.weight if like else 0, "")
    added = 0
    for values in wanted:
        known = have.get(_key(values))
        if known is None:
            add(session, product, values, _free_sku(session, product, "", values), first, by=by, now=now)
        elif known.archived:
            known.archived, known.active, known.values = False, True, list(values)
        else:
            continue
        added += 1
    session.flush()
    return added


def take_away(session: Session, variant: Variant) -> bool:
    """Delete the variant (True), or archive it when an order holds it (False)."""
    if session.scalar(select(OrderLine.id).where(OrderLine.variant_id == variant.id).limit(1)) is not None:
        variant.archived, variant.active = True, False
        return False
    session.execute(delete(CartLine).where(CartLine.variant_id == variant.id))
    session.execute(delete(StockChange).where(StockChange.variant_id == variant.id))
    session.delete(variant)
    session.flush()
    return True


def save_table(
    session: Session, product_id: int, typed: Mapping[str, str], *, by: str, now: datetime
) -> None:
    """Write what the form's table has changed, or nothing.

    Of the variant with id n: `price-n`, `stock-n` with `seen-n` (what the form showed), `sku-n`, `weight-n`,
    `low_stock-n` (empty: the shop's), `picture-n` (an id, or empty) and `hidden-n`; all but the stock with
    `was-price-n` …, what the form showed: a cell that still says so is left alone. A price, weight or threshold in
    `all-price` … goes to all. `reason` says why stocks changed, and `once` is new for each form.
    Raises NotFound, BadFields (by cell: missing, long, number, range, taken, unknown, and moved when it is neither what
    was seen nor what was typed; of a stock `now-n` then says what it is).
    """
    product = catalogue.locked_product(session, product_id)
    currency = catalogue.the_shop(session).currency
    fields = Fields(dict(typed) | _for_all(product, typed))
    shown = Fields(
        {name.removeprefix("was-"): text for name, text in typed.items() if name.startswith("was-")}
    )
    reason = fields.one_of("reason", set(inventory.Reason) - {inventory.Reason.OTHER})
    cause = fields.text("once", 40, required=True)
    drawn = [variant for variant in product.kept if f"price-{variant.id}" in typed]  # others came later
    before = {variant.id: _said(variant, currency) for variant in drawn}
    changes = {variant.id: _changed(variant, fields, shown, currency) for variant in drawn}
    counted = {
        n: (fields.whole(f"stock-{n}", 0, inventory.MOST), fields.whole(f"seen-{n}", 0, inventory.MOST))
        for n in changes
    }
    skus = {variant.id: str(changes[variant.id].pop("sku", variant.sku)) for variant in drawn}
    _check_skus(session, skus, fields)
    fields.check()
    for variant in drawn:
        for name, value in changes[variant.id].items():
            setattr(variant, name, value)
    _rename_skus(session, product, skus)
    _count(session, counted, reason, by=by, now=now, cause=cause)
    for variant in drawn:
        _note(session, variant, before[variant.id], _said(variant, currency))


def _note(
    session: Session, variant: Variant, before: Mapping[str, object], after: Mapping[str, object]
) -> None:
    changed = {name: [was, after[name]] for name, was in before.items() if was != after[name]}
    if changed:
        audit.note(session, **{f"{variant.sku} {name}": both for name, both in changed.items()})


def _changed(variant: Variant, fields: Fields, shown: Fields, currency: str) -> dict[str, object]:
    """What was typed for the variant, by its attribute, of what is not as it was `shown`."""
    typed = _cells(variant, fields, currency)
    was = _cells(variant, shown, currency) if shown.has(f"price-{variant.id}") else {}
    changed = {}
    for cell, (attribute, value) in typed.items():
        present = getattr(variant, attribute)
        seen = was[cell][1] if was else present
        if value in (seen, present):
            continue
        if present != seen:
            fields.refuse(f"{cell}-{variant.id}", "moved")
        changed[attribute] = value
    return changed


def _cells(variant: Variant, fields: Fields, currency: str) -> dict[str, tuple[str, object]]:
    """The variant's attributes and what the cells say of them, by the cells' names."""
    n = variant.id
    own = fields.has(f"low_stock-{n}")
    pictures = {str(picture.id): picture.id for picture in variant.product.pictures}
    cells: dict[str, tuple[str, object]] = {
        "price": ("price", fields.amount(f"price-{n}", currency)),
        "weight": ("weight", fields.whole(f"weight-{n}", 0, MOST_GRAMS, empty=0)),
        "low_stock": ("low_stock", fields.whole(f"low_stock-{n}", 0, inventory.MOST) if own else None),
        "picture": ("picture_id", pictures.get(fields.one_of(f"picture-{n}", {*pictures, ""}))),
        "sku": ("sku", fields.text(f"sku-{n}", MOST_SKU, required=True)),
    }
    if (
        not variant.product.archived
    ):  # then none is active, and which were is kept for when it is brought back
        cells["hidden"] = ("active", not fields.ticked(f"hidden-{n}"))
    return cells


def _count(
    session: Session,
    counted: Mapping[int, tuple[int, int]],
    reason: str,
    *,
    by: str,
    now: datetime,
    cause: str,
) -> None:
    moved: dict[str, str] = {}
    for n, (number, seen) in sorted(counted.items()):
        try:
            one = f"{cause} {n}"
            inventory.set_counted(session, n, number, reason, seen=seen, by=by, now=now, cause=one)
        except StockMoved as error:
            moved |= {f"stock-{n}": "moved", f"now-{n}": str(error.left)}
    if moved:
        raise BadFields(moved)


def _for_all(product: Product, typed: Mapping[str, str]) -> dict[str, str]:
    given = {name: typed.get(f"all-{name}", "") for name in FOR_ALL}
    return {
        f"{name}-{variant.id}": value
        for name, value in given.items()
        if value.strip()
        for variant in product.kept
        if f"price-{variant.id}" in typed
    }


def _check_skus(session: Session, skus: Mapping[int, str], fields: Fields) -> None:
    others = {sku for sku, variant_id in _known(session, skus.values()).items() if variant_id not in skus}
    seen: set[str] = set()
    for n, sku in skus.items():
        if sku and (sku in others or sku in seen):
            fields.refuse(f"sku-{n}", "taken")
        seen.add(sku)


def _rename_skus(session: Session, product: Product, skus: Mapping[int, str]) -> None:
    """Two variants may change SKUs with each other: the database then needs a third one in between."""
    changed = [variant for variant in product.kept if skus.get(variant.id, variant.sku) != variant.sku]
    if {variant.sku for variant in changed} & {skus[variant.id] for variant in changed}:
        for variant in changed:
            variant.sku = f"\u2026{variant.id}"
        session.flush()
    for variant in changed:
        variant.sku = skus[variant.id]
    session.flush()


def _known(session: Session, skus: Collection[str]) -> dict[str, int]:
    found = session.execute(select(Variant.sku, Variant.id).where(Variant.sku.in_(skus)))
    return dict(found.all())


def _free_sku(session: Session, product: Product, beginning: str, values: Sequence[Names]) -> str:
    """A SKU that nobody has yet, readable where the values have Latin letters: P12-BLACK-M."""
    words = [re.sub(r"[^A-Z0-9]", "", value["en"].upper())[:8] for value in values]
    base = "-".join([beginning or f"P{product.id}", *(word for word in words if word)])[: MOST_SKU - 5]
    taken = set(session.scalars(select(Variant.sku).where(Variant.sku.startswith(base, autoescape=True))))
    if base not in taken:
        return base
    return next(sku for number in range(2, 10_000) if (sku := f"{base}-{number}") not in taken)


def _key(values: Sequence[Names]) -> tuple[str, ...]:
    return tuple(value["th"] for value in values)


def _said(variant: Variant, currency: str) -> dict[str, object]:
    """What the audit log says of a variant; its stock has a history of its own."""
    return {
        "price": str(as_decimal(variant.price, currency)),
        "sku": variant.sku,
        "weight": variant.weight,
        "low_stock": variant.low_stock,
        "active": variant.active,
    }
