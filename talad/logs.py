"""The one logging setup: a line per record, in UTC, with the process's name. Tokens never reach a line."""

from __future__ import annotations

import logging
import re
import sys
import time
import warnings

# What people must not find in a log, whoever wrote it there: tokens in addresses and headers, Meta's Page tokens.
_SECRETS = re.compile(
    r"((?:appsecret_proof|password|\w*token)[\"']?\s*[=:]\s*[\"']?|Bearer\s+)[^\s&\"']+"
    r"|\bEAA[A-Za-z0-9]{20,}",
    re.IGNORECASE,
)
#: Libraries that would log every request, or texts of messages, at our level.
_TOO_TALKATIVE = (
    "sanic.access",
    "aiohttp.access",
    "asyncio",
    "alembic",
    "rasa_sdk",
    "PIL",
    "urllib3",
    "fsspec",
)


def setup(process: str, level: str = "INFO") -> None:
    """Send all records of `level` and above to standard error; `process` is written into every line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine(process))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _TOO_TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    silence_version_warning()


def silence_version_warning() -> None:
    """rasa-sdk 3.21 serves Rasa 3.6.21 well, but says at every action call that the two might not fit."""
    warnings.filterwarnings("ignore", message=r"Your versions of rasa and rasa_sdk might not be compatible")


class OneLine(logging.Formatter):
    """`2026-11-23T10:00:00.123Z INFO gateway gateway.inbox: text`; line breaks inside become ⏎."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self, process: str) -> None:
        super().__init__(f"%(asctime)s %(levelname)s {process} %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record).replace("\r", "").replace("\n", " ⏎ ")
        return _SECRETS.sub(lambda found: f"{found[1] or ''}…", text)
