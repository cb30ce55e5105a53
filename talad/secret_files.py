"""Secrets that Talad makes for itself on first use and keeps as files only their owner can read."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path


def kept_secret(path: Path) -> str:
    """The secret in `path`; made (64 hexadecimal characters, mode 0600) when there is none yet.

    Processes that start at once agree: the file gets its name by a hard link, which the first one wins, and it is
    complete when it gets it.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 0600
        try:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(32))
                file.flush()
                os.fsync(file.fileno())
            os.link(unfinished, path)
        except FileExistsError:
            pass
        finally:
            Path(unfinished).unlink()
    return path.read_text().strip()
