"""`python -m benchmarks.console [--sizes 1000,100000,1000000] [--tries 40] [--on sqlite,postgresql]`."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from benchmarks.console import asking, filling, phone
from benchmarks.console.asking import Times
from benchmarks.report import machine, table
from shop import db
from shop.db import Database
from tests.support.postgres import Postgres, running_postgres

_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_PAGES = ("/orders", "/orders?only=attention", "/orders/TL-{number}")


def main() -> None:
    """Fill shops of each size, ask a console about them and print how long it takes; what a phone loads, at the end."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.console", description=main.__doc__)
    parser.add_argument(
        "--sizes", default="1000,100000,1000000", help="numbers of orders, the smallest first"
    )
    parser.add_argument("--tries", type=int, default=40, help="how often each question is asked")
    parser.add_argument("--on", default="sqlite,postgresql", help="the databases")
    given = parser.parse_args()
    sizes, kinds = [int(size) for size in given.sizes.split(",")], given.on.split(",")
    print(machine(), flush=True)
    server: Any = running_postgres(durable=True) if "postgresql" in kinds else nullcontext()
    with tempfile.TemporaryDirectory(prefix="talad-benchmark-") as path, server as postgres:
        for kind in kinds:
            found: dict[int, dict[str, Times]] = {}
            for size in sizes:
                with (
                    _shop(kind, size, Path(path), postgres) as url,
                    asking.console(url, Path(path)) as seller,
                ):
                    asked = asking.questions(size)
                    found[size] = {name: seller.times(path, given.tries) for name, path in asked.items()}
                    if size == sizes[0] and kind == kinds[0]:
                        loaded = list(_loading(seller, size))
            print(
                f"\n{_NAMES[kind]}: milliseconds p50 / p95 (processor time of the console), growth of p50,"
                " and how many orders the answers listed:\n"
            )
            headings = ("", *(f"{size:,}" for size in sizes), "growth", "listed")
            print(table(headings, _rows(found)), flush=True)
    print("\nWhat a page weighs, and when a slow phone (slow 4G, processor 6 times slower) shows it first:\n")
    print(table(("", "page", "CSS and JS", "all", "shown", "usable"), loaded))


def _rows(found: dict[int, dict[str, Times]]) -> Iterator[tuple[str, ...]]:
    sizes = list(found)
    for question in found[sizes[0]]:
        times = [found[size][question] for size in sizes]
        cells = (f"{one.p50:.1f} / {one.p95:.1f} ({one.processor:.1f})" for one in times)
        listed = " → ".join(f"{one.listed:.0f}" for one in times)
        yield (question, *cells, f"{times[-1].p50 / times[0].p50:.1f}x", listed)


def _loading(seller: asking.Seller, size: int) -> Iterator[tuple[str, ...]]:
    newest = filling.made(size, size, db.utc_now()).number
    for path in _PAGES:
        address = path.format(number=newest)
        page, rest = phone.weight(seller, address)
        shown, usable = phone.first_view(seller, address)
        kilobytes = (f"{size / 1000:.1f} KB" for size in (page, rest, page + rest))
        yield (path.replace("/TL-{number}", "/TL-…"), *kilobytes, f"{shown:.0f} ms", f"{usable:.0f} ms")


@contextmanager
def _shop(kind: str, size: int, folder: Path, server: Postgres | None) -> Iterator[str]:
    """The URL of a filled database, which is gone afterwards."""
    name = f"shop_{size}"
    url = f"sqlite:///{folder / name}.db" if server is None or kind == "sqlite" else server.create(name)
    db.migrate(url)
    database = Database(url)
    filling.fill(database, size)
    database.close()
    yield url
    for file in folder.glob(f"{name}.db*"):
        file.unlink()


if __name__ == "__main__":
    main()
