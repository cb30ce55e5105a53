"""`python -m benchmarks.ordering [--quick]`: ordering on SQLite and PostgreSQL, and what growth does to it."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.ordering import buyers, growth
from benchmarks.report import machine, table
from shop import db
from shop.db import Database
from tests.support.postgres import Postgres, running_postgres

_BUYERS = (1, 10, 50)
#: (products, orders): a small shop, then each number grown alone, then both.
_SIZES = ((100, 1_000), (10_000, 1_000), (100, 1_000_000), (10_000, 1_000_000))
_QUICK_SIZES = ((100, 1_000), (10_000, 1_000), (100, 100_000))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ordering", description=main.__doc__)
    parser.add_argument("--quick", action="store_true", help="a few minutes, with fewer orders")
    quick = parser.parse_args().quick
    print(machine(), flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="talad-benchmark-") as path,
        running_postgres(durable=True) as server,
    ):
        folder = Path(path)
        print("\nConfirm order, orders per second:\n")
        print(table(("buyers", "SQLite", "PostgreSQL"), _confirming(folder, server, 200 if quick else 1000)))
        print("\nMilliseconds (median), and times as long as in the small shop:\n")
        head = ("", "products", "orders", *growth.QUESTIONS)
        print(table(head, _growing(folder, server, _QUICK_SIZES if quick else _SIZES)))


def _confirming(folder: Path, server: Postgres, number: int) -> Iterator[tuple[str, ...]]:
    rates = {}
    for kind in ("sqlite", "postgresql"):
        with _database(kind, "confirming", folder, server) as database:
            buyers.prepare(database)
            rates[kind] = [buyers.confirmed_per_second(database, at_once, number) for at_once in _BUYERS]
    for at_once, *row in zip(_BUYERS, rates["sqlite"], rates["postgresql"], strict=True):
        yield (str(at_once), *(f"{rate:.0f}" for rate in row))


def _growing(folder: Path, server: Postgres, sizes: tuple[tuple[int, int], ...]) -> Iterator[tuple[str, ...]]:
    for kind, name in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
        small: dict[str, float] = {}
        for products, placed in sizes:
            with _database(kind, f"shop_{products}_{placed}", folder, server) as database:
                growth.prepare(database, products, placed)
                times = growth.milliseconds(database)
            small = small or times
            cells = (f"{took:.2f} ({took / small[question]:.1f}x)" for question, took in times.items())
            yield (name, f"{products:,}", f"{placed:,}", *cells)


@contextmanager
def _database(kind: str, name: str, folder: Path, server: Postgres) -> Iterator[Database]:
    url = f"sqlite:///{folder / name}.db" if kind == "sqlite" else server.create(name)
    db.migrate(url)
    database = Database(url, threads=max(_BUYERS))
    try:
        yield database
    finally:
        database.close()


if __name__ == "__main__":
    main()
