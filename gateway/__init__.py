"""Between the platforms and the bot: durable inbox, one turn at a time per conversation, durable outbox."""

from __future__ import annotations

from talad.settings import Settings


def run(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    from gateway import app  # here, so that whoever needs one small part does not load a web server

    app.run(settings)
