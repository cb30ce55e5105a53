"""The names of the shop's goods, colours and sizes as training data, so that the next model knows them: `talad train`
writes them from the catalogue to `var/nlu/catalogue.yml`. The words that shops use in general stand in data/nlu.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from shop.db import Database
from shop.models import Product
from talad.settings import Settings
from training import model

_HEAD = 'version: "3.1"\n\n# Made by `talad train` from the catalogue; what is changed here is lost.\nnlu:\n'
_KINDS = {"colour": ("สี", "colour", "color"), "size": ("ไซส์", "ไซซ์", "ขนาด", "เบอร์", "size")}
#: "ไซส์ M", "Size M", "สีดำ": what is said is only the value.
_UNIT = re.compile(r"^(?:ไซส์|ไซซ์|เบอร์|ขนาด|สี|size|colou?r)\s*(?=\S)", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")
#: A colour at a name's end is an entity of its own.
_COLOUR = re.compile(r"\s*สี[^\s่้]\S*$")


def write(settings: Settings) -> None:
    """Write the present names, if they have changed. Without a database that can be read those of last time stay."""
    names = _read(settings)
    if names is None:
        return
    place = model.names_file(settings.var)
    text = training_data(names) if any(names.values()) else ""
    if not text:
        place.unlink(missing_ok=True)
    elif not place.exists() or place.read_text(encoding="utf-8") != text:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")


def _read(settings: Settings) -> dict[str, set[str]] | None:
    database = Database(settings.database_url)
    try:
        if database.is_sqlite and not Path(database.url.database or "").is_file():
            return None  # opening it would make an empty one
        with database.reading() as session:
            return names_of(session)
    except SQLAlchemyError:
        return None
    finally:
        database.close()


def names_of(session: Session) -> dict[str, set[str]]:
    """What the goods on sale are called in both languages, and their colours and sizes, by entity."""
    found: dict[str, set[str]] = {"product": set(), "colour": set(), "size": set()}
    for product in session.scalars(select(Product).where(Product.active)):
        for name in (product.name_th, product.name_en):
            found["product"] |= set(_spellings(name))
        for place, option in enumerate(product.options):
            kind = _kind(option.values())
            values = [v.values[place] for v in product.offered if place < len(v.values)]
            if kind:
                found[kind] |= {_UNIT.sub("", name).strip() for value in values for name in value.values()}
    return {kind: {name for name in some if name} for kind, some in found.items()}


def _kind(names: Iterable[str]) -> str | None:
    folded = " ".join(names).casefold()
    return next((kind for kind, words in _KINDS.items() if any(word in folded for word in words)), None)


def _spellings(name: str) -> Iterable[str]:
    short = " ".join(_BRACKETS.sub(" ", name).split())
    return {_COLOUR.sub("", short), _COLOUR.sub("", " ".join(name.split()))}


def training_data(names: dict[str, set[str]]) -> str:
    """The names as lookup tables of Rasa's training data."""
    tables = []
    for kind, some in names.items():
        if some:
            lines = "".join(f"    - {name}\n" for name in sorted(some))
            tables.append(f"- lookup: {json.dumps(kind)}\n  examples: |\n{lines}")
    return _HEAD + "".join(tables)
