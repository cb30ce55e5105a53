"""The shop's own names become training data; without a database nothing happens."""

from __future__ import annotations

from pathlib import Path

import yaml

from shop.db import Database, migrate
from shop.models import Product, Variant
from talad.settings import Settings
from tests.factories import make_shop
from training import model, vocabulary


def _settings(folder: Path) -> Settings:
    return Settings(var=folder)


def _lookups(folder: Path) -> dict[str, list[str]]:
    found = yaml.safe_load(model.names_file(folder).read_text(encoding="utf-8"))
    return {table["lookup"]: [line[2:] for line in table["examples"].splitlines()] for table in found["nlu"]}


def _fill(settings: Settings) -> None:
    migrate(settings.database_url)
    database = Database(settings.database_url)
    with database.transaction() as session:
        make_shop(session)
        session.add_all(
            [
                Product(
                    name_th="เสื้อม่อฮ่อม (งานมือ)",
                    name_en="Mo hom: shirt",
                    options=[{"th": "สี", "en": "Colour"}, {"th": "ไซส์", "en": "Size"}],
                    variants=[
                        Variant(
                            sku="A",
                            price=1,
                            values=[{"th": "สีคราม", "en": "Indigo"}, {"th": "ไซส์ F", "en": "Size F"}],
                        )
                    ],
                ),
                Product(name_th="หมวกสีน้ำตาล", name_en="Hat", variants=[Variant(sku="B", price=1)]),
                Product(name_th="ของเก่า", name_en="Old", active=False, variants=[Variant(sku="C", price=1)]),
            ]
        )
    database.close()


def test_names_colours_and_sizes_of_what_is_on_sale_are_written(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    _fill(settings)
    vocabulary.write(settings)
    assert _lookups(tmp_path) == {
        "product": ["Hat", "Mo hom: shirt", "หมวก", "เสื้อม่อฮ่อม", "เสื้อม่อฮ่อม (งานมือ)"],
        "colour": ["Indigo", "คราม"],
        "size": ["F"],
    }


def test_a_new_name_asks_for_a_new_model_and_the_same_names_do_not(tmp_path: Path) -> None:
    settings, names = _settings(tmp_path), model.names_file(tmp_path)
    general = model.path(names)
    assert general == model.path()
    _fill(settings)
    vocabulary.write(settings)
    own = model.path(names)
    written = names.stat().st_mtime_ns
    vocabulary.write(settings)
    assert own != general
    assert names.stat().st_mtime_ns == written


def test_without_a_database_nothing_is_written_or_made(tmp_path: Path) -> None:
    vocabulary.write(_settings(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_cannot_be_read_leaves_the_names_of_last_time(tmp_path: Path) -> None:
    settings, names = _settings(tmp_path), model.names_file(tmp_path)
    names.parent.mkdir()
    names.write_text("last time")
    (tmp_path / "talad.db").write_bytes(b"no database at all, but some file of that name" * 50)
    vocabulary.write(settings)
    assert names.read_text() == "last time"
