"""From measured times to the printed table. Nothing here starts or waits for anything."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Times:
    """Median and 99th percentile of some times, in milliseconds."""

    p50: float
    p99: float

    @classmethod
    def of(cls, milliseconds: Iterable[float]) -> Times:
        """Those of at least one time. Raises ValueError for none."""
        ordered = sorted(milliseconds)
        return cls(percentile(ordered, 50), percentile(ordered, 99))

    def __str__(self) -> str:
        return f"{_number(self.p50)} / {_number(self.p99)}"


@dataclass(frozen=True)
class Result:
    """What one stack did under one load; `cpu` is processor time per message in milliseconds, by process."""

    messages_per_second: float
    webhook: Times
    tap: Times
    answers: int
    cpu: dict[str, float] = field(default_factory=dict)


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The smallest of the ascending values that at least `percent` of them do not exceed (nearest rank).

    Raises ValueError when there are none.
    """
    if not ordered:
        raise ValueError("no values, no percentile")
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def ratio(larger_is_better: float, than: float) -> str:
    """`3.2x` when the first is 3.2 times the second."""
    return f"{_number(larger_is_better / than)}x" if than else "-"


def load_rows(load: str, stock: Result, talad: Result) -> list[tuple[str, ...]]:
    """Three rows of the table: each stack's figures, and how many times better Talad's are."""
    return [
        (load, "stock Rasa", *_figures(stock)),
        ("", "Talad", *_figures(talad)),
        (
            "",
            "better by",
            ratio(talad.messages_per_second, stock.messages_per_second),
            _faster(stock.webhook, talad.webhook),
            _faster(stock.tap, talad.tap),
            "",
            ratio(sum(stock.cpu.values()), sum(talad.cpu.values())),
        ),
    ]


HEAD = (
    "load",
    "",
    "messages/s",
    "webhook ms p50 / p99",
    "tap to answer ms p50 / p99",
    "answers",
    "CPU ms a message",
)


def _figures(result: Result) -> tuple[str, ...]:
    parts = ", ".join(f"{name} {_number(spent)}" for name, spent in result.cpu.items())
    return (
        _number(result.messages_per_second),
        str(result.webhook),
        str(result.tap),
        str(result.answers),
        parts,
    )


def _faster(stock: Times, talad: Times) -> str:
    return f"{ratio(stock.p50, talad.p50)} / {ratio(stock.p99, talad.p99)}"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"
