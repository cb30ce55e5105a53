"""The id of a product or variant that is gone never becomes another's: buttons in old chats still carry it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, inspect, text

import shop
from shop import db, options, products
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_variant

WHO = {"by": "ploy@example.com", "now": NOW}


def test_what_comes_after_something_deleted_has_an_id_of_its_own(database):
    with database.transaction() as session:
        make_shop(session)
        kept = make_variant(session).product
        gone = make_variant(session, "MUG").product
        ids = gone.id, gone.variants[0].id
        products.remove(session, gone.id, now=NOW)
        new = make_variant(session, "MUG").product
        assert new.id > ids[0] and new.variants[0].id > ids[1]
        options.save(session, kept.id, {"option-0-th": "สี", "option-0-add": "ดำ, ขาว"}, **WHO)
        white = kept.kept[1].id
        form = {"option-0-was": "สี", "option-0-th": "สี", "value-0-0-was": "ดำ", "value-0-0-th": "ดำ"}
        options.save(session, kept.id, form | {"value-0-1-was": "ขาว"}, **WHO)
        options.save(session, kept.id, form | {"option-0-add": "แดง"}, **WHO)
        assert [one.values[0]["th"] for one in kept.kept] == ["ดำ", "แดง"] and kept.kept[1].id > white


def test_an_older_sqlite_database_keeps_its_rows_and_rules_and_learns_it(tmp_path):
    url = f"sqlite:///{tmp_path}/old.db"
    config = Config()
    config.set_main_option("script_location", str(Path(shop.__file__).parent / "migrations"))
    config.attributes["url"] = url
    command.upgrade(config, "head")
    opened = db.Database(url)
    with opened.transaction() as session:
        make_shop(session)
        shirt = make_variant(session, stock=5)
        shirt.low_stock = 2
        make_order(session, make_customer(session, make_channel(session)), shirt)
        make_variant(session, "MUG")
    opened.close()
    command.downgrade(config, "0022")

    def looked_at():
        engine = create_engine(url)
        found = inspect(engine)
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
            rules = {
                table: [
                    sorted(str(one["sqltext"]) for one in found.get_check_constraints(table)),
                    sorted(one["referred_table"] for one in found.get_foreign_keys(table)),
                    sorted((one["name"], one["unique"]) for one in found.get_indexes(table)),
                    [one["column_names"] for one in found.get_unique_constraints(table)],
                    [(one["name"], one["nullable"], one["default"]) for one in found.get_columns(table)],
                ]
                for table in ("product", "variant")
            }
            rows = {
                table: connection.execute(text(f"SELECT * FROM {table}")).all()
                for table in ("product", "variant", "order_line", "product_gram")
            }
        engine.dispose()
        return rules, rows

    before = looked_at()
    command.upgrade(config, "head")
    assert looked_at() == before and all(before[1].values())
    opened = db.Database(url)
    with opened.transaction() as session:
        first = make_variant(session, "CAP").id
        products.remove(session, make_variant(session, "TEE").product_id, now=NOW)
        assert make_variant(session, "BAG").id == first + 2
    opened.close()
