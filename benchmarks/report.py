"""What every benchmark prints: the machine it ran on, and tables."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime


def machine() -> str:
    """When and where this is measured, on one line. A load above 0 means that others shared the machine."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Talad on Python {platform.python_version()}; load before: {os.getloadavg()[0]:.1f}"
    )


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """The rows under their head as a Markdown table, aligned for a terminal."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]

    def written(line: tuple[str, ...]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"

    rule = tuple("-" * width for width in widths)
    return "\n".join(written(line) for line in (head, rule, *lines[1:]))
