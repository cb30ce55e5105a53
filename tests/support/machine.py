"""Where this machine has PostgreSQL's programs and a browser. What is missing, scripts/tools_for_tests.py fetches."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Where scripts/tools_for_tests.py puts what it fetches.
TOOLS = ROOT / ".tools"


def postgres_programs() -> Path | None:
    """The folder with a working `initdb` and `postgres`, or None."""
    for folder in _postgres_folders():
        if all(_answers(folder / name) for name in ("initdb", "postgres")):
            return folder
    return None


def browser() -> Path | None:
    """A working Chromium, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    installed = (Path(path) for name in names if (path := shutil.which(name)))
    return next((path for path in (*installed, *_playwrights_browsers()) if _answers(path)), None)


def has_thai_font() -> bool:
    """Whether the browser can show Thai letters. Without fontconfig's `fc-list` the answer is no."""
    if not (program := shutil.which("fc-list")):
        return False
    return bool(
        subprocess.run([program, ":lang=th", "family"], capture_output=True, text=True).stdout.strip()
    )


def has_fribidi() -> bool:
    """Whether Pillow can place Thai vowels and tone marks where they belong (libraqm needs libfribidi)."""
    from PIL import features

    return bool(features.check("raqm"))


def _postgres_folders() -> Iterator[Path]:
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    yield from _newest_first(Path("/usr/lib/postgresql").glob("*/bin"))
    yield from _newest_first((TOOLS / "postgres").glob("*/pginstall*/bin"))


def _playwrights_browsers() -> Iterator[Path]:
    """Playwright's own downloads (https://playwright.dev/python/docs/browsers#managing-browser-binaries)."""
    kept = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    folders = (
        [Path(kept)]
        if kept
        else [Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright"]
    )
    for folder in folders:
        yield from _newest_first(folder.glob("chromium-*/chrome-*/chrome"))
        yield from _newest_first(folder.glob("chromium-*/chrome-*/*.app/Contents/MacOS/*"))


def _newest_first(paths: Iterable[Path]) -> list[Path]:
    """By the numbers inside the names, so that 15 comes before 9.6."""
    return sorted(paths, key=lambda path: [int(part) for part in re.findall(r"\d+", str(path))], reverse=True)


def _answers(program: Path) -> bool:
    """Whether the program starts: a file may be there and a library it needs not."""
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
