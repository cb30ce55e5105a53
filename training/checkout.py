"""The project's files as a git checkout: whether a change may be committed there, and committing one.

Git runs as a child process with a time limit. It takes along nothing but the files that are given, runs no hooks and
asks nobody anything.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from training.files import TRAINED, write

_SECONDS = 20.0
#: What a checkout is set up to do for people at a terminal and must not do here.
_PLAIN = (
    "-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false", "-c", "core.fsmonitor=false",
    "-c", "core.quotePath=false", "-c", "gc.auto=0", "-c", "maintenance.auto=false",
)  # fmt: skip
_GOING_ON = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")


class Why(StrEnum):
    """Why nothing can be committed."""

    NO_GIT = "no_git"  # the program is not there
    NO_CHECKOUT = "no_checkout"  # the files are not under git's care, or git refuses to look at them
    READ_ONLY = "read_only"
    BUSY = "busy"  # no branch is checked out, or a merge or rebase goes on
    CHANGED = "changed"  # somebody has changed the files and not committed that
    FAILED = "failed"


@dataclass(frozen=True)
class Author:
    """Whose commit it is."""

    name: str
    email: str


class NotPossible(Exception):
    """Nothing was committed: `why`, and what git `said`."""

    def __init__(self, why: Why, said: str = "") -> None:
        super().__init__(f"{why}: {said}" if said else why)
        self.why, self.said = why, said


def check(root: Path) -> None:
    """Whether a change of the files below `root` could be committed now. Raises NotPossible."""
    try:
        tracked = _git(root, "ls-files", "-z", "--", TRAINED)
    except NotPossible as error:
        raise NotPossible(Why.NO_CHECKOUT if error.why is Why.FAILED else error.why, error.said) from error
    if not tracked:
        raise NotPossible(Why.NO_CHECKOUT)
    own, objects = (
        root / _git(root, "rev-parse", "--git-path", name).strip() for name in ("HEAD", "objects")
    )
    files = [root / path for path in tracked.split("\0") if path]
    if not all(os.access(path, os.W_OK) for path in (own.parent, objects, root / TRAINED, *files)):
        raise NotPossible(Why.READ_ONLY)
    if any((own.parent / name).exists() for name in _GOING_ON):
        raise NotPossible(Why.BUSY)
    if not _git(root, "branch", "--show-current").strip():
        raise NotPossible(Why.BUSY)
    if _git(root, "status", "--porcelain", "--", TRAINED):
        raise NotPossible(Why.CHANGED)


def commit(
    root: Path, before: Mapping[str, str], after: Mapping[str, str], message: str, author: Author
) -> str:
    """Write the files `after`, which are now as in `before`, and commit them; the commit's short name.

    Raises NotPossible; then the files are as they were.
    """
    check(root)
    if any((root / path).read_bytes() != text.encode() for path, text in before.items()):
        raise NotPossible(Why.CHANGED)
    try:
        write(root, after)
        _git(root, "commit", "--quiet", "--message", message, "--only", "--", *after, author=author)
    except (OSError, NotPossible) as error:
        write(root, before)
        raise error if isinstance(error, NotPossible) else NotPossible(Why.FAILED, str(error)) from error
    return _git(root, "rev-parse", "--short", "HEAD").strip()


def _git(root: Path, *arguments: str, author: Author | None = None) -> str:
    """What git answers. Raises NotPossible."""
    try:
        child = subprocess.Popen(
            ["git", *_PLAIN, *arguments],
            cwd=root,
            env=_environment(author),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    except FileNotFoundError as error:
        raise NotPossible(Why.NO_GIT) from error
    try:
        out, said = child.communicate(timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        child.terminate()  # so that it takes its locks away
        child.communicate()
        raise NotPossible(Why.FAILED, f"git took longer than {_SECONDS:.0f} s") from None
    if child.returncode:
        raise NotPossible(Why.FAILED, said.strip())
    return out


def _environment(author: Author | None) -> dict[str, str]:
    # A GIT_DIR or GIT_INDEX_FILE of whoever started this process would lead to another checkout.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    plain |= {"LC_ALL": "C.UTF-8", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
    if author is None:
        return plain
    name = "".join(letter for letter in author.name if letter.isprintable() and letter not in "<>").strip(
        " .,:;\"'"
    )
    ident = {"NAME": name or author.email, "EMAIL": author.email}
    return plain | {
        f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in ident.items()
    }
