"""What trainers say of what customers type."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """What was said of an utterance."""

    OPEN = ""
    TAUGHT = "taught"
    IGNORED = "ignored"
