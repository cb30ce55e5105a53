"""`python -m benchmarks.slips FOLDER …`: how well slips are read, re-used ones found, and hostile pictures survived.

FOLDER holds pictures and a manifest.json: `{"slips": [{"file", "kind", "payload", "qr_visible", "amount_drawn"}, …]}`,
in the order in which they are sent. `payload` is the text of the picture's QR code, `qr_visible` whether it can be seen
at all, `amount_drawn` the amount that stands on it ("1250.00"). `kind` is one of genuine, resend, tampered_amount,
reused_qr, bad_crc, payment_qr, no_qr, not_a_slip. Amounts are read where the extra `ocr` is installed.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.report import machine, table
from benchmarks.slips import hostile, reuse
from shop.errors import BadPicture
from shop.slips.codes import Found, among
from shop.slips.picture import Picture, cleaned_apart


@dataclass(frozen=True)
class Read:
    """One picture of the manifest: what is known of it, what was made of it, and the milliseconds that took: on the
    clock, and of processor time, which other programs hardly change."""

    known: dict[str, Any]
    picture: Picture
    ms: float
    cpu_ms: float

    @property
    def found(self) -> Found:
        """What its codes come to."""
        return among(self.picture.codes)

    @property
    def is_wrong(self) -> bool:
        """Whether a transfer was read that the picture does not show."""
        slip = self.found.slip
        return slip is not None and slip.payload != self.known["payload"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.slips", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    folders = parser.parse_args().folders
    print(machine(), "\n", flush=True)
    for folder in folders:
        read = [_read(folder, known) for known in json.loads((folder / "manifest.json").read_text())["slips"]]
        figures = zip(_FIGURES, map(str, _figures(read)), strict=True)
        print(table(("", folder.name), figures), "\n", flush=True)
    print("Pictures that are made to do harm, each in a child process:\n")
    with tempfile.TemporaryDirectory(prefix="talad-hostile-") as path:
        print(table(("picture", "bytes", "outcome", "seconds", "most MiB"), hostile.outcomes(Path(path))))


_FIGURES = (
    "pictures",
    "codes that can be seen",
    "of them decoded",
    "wrong reads",
    "re-used slips with a code that was read",
    "of them found",
    "false alarms",
    "slips that are asked about",
    "other pictures that are not asked about",
    "slips on which amounts were read",
    "of them doubted, though the right one stands there",
    "milliseconds, median / 95th percentile",
    "of processor time",
)


def _read(folder: Path, known: dict[str, Any]) -> Read:
    data = (folder / known["file"]).read_bytes()
    began, used = time.perf_counter(), _children()
    try:
        picture = cleaned_apart(data)
    except BadPicture as error:
        raise SystemExit(f"{known['file']}: {error}") from error
    return Read(known, picture, (time.perf_counter() - began) * 1000, (_children() - used) * 1000)


def _children() -> float:
    """Seconds of processor time of all children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.0f} / {statistics.quantiles(values, n=20)[-1]:.0f}"


def _figures(read: list[Read]) -> tuple[object, ...]:
    visible = [one for one in read if one.known["qr_visible"]]
    decoded = [one for one in visible if one.known["payload"] in one.picture.codes]
    repeated = reuse.judged(read)
    slips = [one for one in read if one.known["kind"] not in ("payment_qr", "not_a_slip")]
    others = [one for one in read if one.known["kind"] in ("payment_qr", "not_a_slip")]
    with_amounts = [one for one in slips if one.picture.amounts]
    return (
        len(read),
        len(visible),
        f"{len(decoded) / len(visible):.1%}",
        sum(one.is_wrong for one in read),
        repeated.readable,
        repeated.found,
        repeated.false_alarms,
        sum(not reuse.is_taken(one.picture) for one in slips),
        sum(reuse.is_taken(one.picture) for one in others),
        f"{len(with_amounts)} of {len(slips)}",
        sum(
            int(Decimal(one.known["amount_drawn"]) * 100) not in (one.picture.amounts or ())
            for one in with_amounts
        ),
        _spread([one.ms for one in read]),
        _spread([one.cpu_ms for one in read]),
    )


if __name__ == "__main__":
    main()
