"""Becomes the program in its arguments, as a child that must not disturb or outlive its parent: `python -m
training.child PARENT NICENESS PROGRAM …`. It gives way to others by so much, and ends when the process PARENT (an id)
does.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Replace this process by the program."""
    parent, niceness, program, *arguments = sys.argv[1:]
    os.nice(int(niceness))
    if sys.platform == "linux":
        # It stays set when the program takes this process over.
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(parent):  # it has ended since
        sys.exit(1)
    os.execv(program, [program, *arguments])  # noqa: S606 (our own program, and no shell is wanted)


if __name__ == "__main__":
    main()
