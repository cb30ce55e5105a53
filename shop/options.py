"""What a product's variants differ in: colour, size. Options and their values are made, renamed and taken away here,
and the variants follow: one for each combination.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product as combinations

from sqlalchemy.orm import Session

from shop import audit, catalogue, variants
from shop.fields import Fields
from shop.models import Product, Variant
from shop.models.catalogue import Names

MOST = 3
MOST_VARIANTS = 100
MOST_LETTERS = {"option": 20, "value": 40}


@dataclass(frozen=True)
class Value:
    """A value as it shall be; `was` is the Thai name it has now, empty for a new one."""

    names: Names
    was: str = ""


@dataclass(frozen=True)
class Option:
    """An option as it shall be; `place` is the one among the product's options that it has now, None for a new one."""

    names: Names
    values: Sequence[Value]
    place: int | None = None


@dataclass(frozen=True)
class Outcome:
    """How many variants came (`added`), and how many went: `deleted`, or `archived` because orders hold them."""

    added: int
    deleted: int
    archived: int


def values_of(product: Product, place: int) -> list[Names]:
    """The values of the product's option number `place`, in the order in which they came."""
    found = {variant.values[place]["th"]: variant.values[place] for variant in product.kept}
    return list(found.values())


def typed(product: Product, fields: Fields) -> list[Option]:
    """The options in a form. Of option n: `option-n-th`, `option-n-en`, `option-n-was` (the Thai name that the form
    showed), of its value m `value-n-m-th`, `value-n-m-en`, `value-n-m-was`, and new values in `option-n-add`,
    separated by commas, in two languages by a slash: "ดำ / Black, ขาว / White". What is emptied is taken away.

    Wrong: moved, when the form was drawn before somebody changed options or values: what it does not know of would be
    taken away, with its stock.
    """
    if _shown(fields) != _present(product):
        fields.refuse("option-0-th", "moved")
    found = [_option(fields, place) for place in range(MOST)]
    wanted = [option for option in found if option is not None]
    for language in ("th", "en"):
        if len({option.names[language].casefold() for option in wanted}) < len(wanted):
            fields.refuse("option-0-th", "twice")
    number = 1
    for option in wanted:
        number *= len(option.values)
    if number > MOST_VARIANTS:
        fields.refuse("option-0-add", "many")
    return wanted


def save(session: Session, product_id: int, form: Mapping[str, str], *, by: str, now: datetime) -> Outcome:
    """Have the product's options be those of the form (see `typed`).

    Variants keep what they have; with a new option they get its first value. Raises NotFound, BadFields.
    """
    product = catalogue.locked_product(session, product_id)
    fields = Fields(form)
    wanted = typed(product, fields)
    fields.check()
    lost = _rename(product, wanted)
    product.options = [option.names for option in wanted]
    session.flush()
    deleted = sum(variants.take_away(session, variant) for variant in lost)
    session.expire(product, ["variants"])
    added = variants.complete(session, product, combine(wanted), by=by, now=now)
    outcome = Outcome(added, deleted, len(lost) - deleted)
    audit.note(
        session,
        options=", ".join(option.names["th"] for option in wanted),
        added=added,
        deleted=deleted,
        archived=outcome.archived,
    )
    return outcome


def combine(options: Sequence[Option]) -> list[list[Names]]:
    """Every combination of the options' values; of no options the empty one."""
    return [
        [value.names for value in chosen] for chosen in combinations(*(option.values for option in options))
    ]


def pairs(text: str) -> list[Names]:
    """The values in "ดำ / Black, ขาว / White": a language that is missing has the other's word."""
    found = []
    for part in re.split(r"[,\n;]", text):
        thai, _, english = (" ".join(word.split()) for word in part.partition("/"))
        if thai or english:
            found.append({"th": thai or english, "en": english or thai})
    return found


def _shown(fields: Fields) -> list[tuple[str, set[str]]]:
    """The Thai names of options and their values that the form showed."""
    return [
        (
            fields.text(f"option-{place}-was", 100),
            {fields.text(f"value-{place}-{number}-was", 100) for number in range(MOST_VARIANTS)} - {""},
        )
        for place in range(MOST)
    ]


def _present(product: Product) -> list[tuple[str, set[str]]]:
    present = [
        (option["th"], {value["th"] for value in values_of(product, place)})
        for place, option in enumerate(product.options)
    ]
    return present + [("", set())] * (MOST - len(present))


def _option(fields: Fields, place: int) -> Option | None:
    """The option at a place of the form, None where there shall be none."""
    form = f"option-{place}"
    names = _names(fields, form, "option")
    kept = list(_kept_values(fields, place))
    new = [Value(names) for names in pairs(fields.text(f"{form}-add", 2000))]
    if any(len(word) > MOST_LETTERS["value"] for value in new for word in value.names.values()):
        fields.refuse(f"{form}-add", "long")
    if names is None:
        if new:
            fields.refuse(f"{form}-th", "missing")
        return None
    values = [*kept, *new]
    if not values:
        fields.refuse(f"{form}-add", "missing")
    for language in ("th", "en"):
        if len({value.names[language].casefold() for value in values}) < len(values):
            fields.refuse(f"{form}-add", "twice")
    return Option(names, values, place if fields.has(f"{form}-was") else None)


def _kept_values(fields: Fields, place: int) -> Sequence[Value]:
    found = []
    for number in range(MOST_VARIANTS):
        name = f"value-{place}-{number}"
        was = fields.text(f"{name}-was", 100)
        names = _names(fields, name, "value") if was else None
        if names:
            found.append(Value(names, was))
    return found


def _names(fields: Fields, name: str, kind: str) -> Names | None:
    thai, english = (fields.text(f"{name}-{language}", MOST_LETTERS[kind]) for language in ("th", "en"))
    return {"th": thai or english, "en": english or thai} if thai or english else None


def _rename(product: Product, wanted: Sequence[Option]) -> list[Variant]:
    """Give the variants their new values; returns those that have no place any more, or one that is taken."""
    taken: set[tuple[str, ...]] = set()
    lost = []
    for variant in product.kept:
        values = [_moved(variant, option) for option in wanted]
        key = tuple(value["th"] for value in values if value)
        if len(key) < len(wanted) or key in taken:
            lost.append(variant)
        else:
            taken.add(key)
            variant.values = [value for value in values if value]
    return lost


def _moved(variant: Variant, option: Option) -> Names | None:
    """The variant's value of the option as it shall be, None when that value is taken away."""
    if option.place is None:
        return option.values[0].names
    old = variant.values[option.place]["th"]
    return next((value.names for value in option.values if value.was == old), None)
