"""Rasa's own command, `rasa run` and all, for .venv-bot: only Facebook's address is the simulator's.

fbmessenger has the address fixed in its code. Nothing else is changed, and none of Talad's parts is installed.
"""

import os
import sys
from typing import Any

from fbmessenger import MessengerClient
from rasa.__main__ import main

FACEBOOK = "https://graph.facebook.com"


def redirect(graph: str) -> None:
    """Let every client of fbmessenger made from now on speak to `graph` (http://host:port)."""
    original = MessengerClient.__init__

    def redirected(self: MessengerClient, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        if not self.graph_url.startswith(FACEBOOK):
            raise RuntimeError(f"this fbmessenger calls {self.graph_url}, not {FACEBOOK}")
        self.graph_url = graph + self.graph_url[len(FACEBOOK) :]

    MessengerClient.__init__ = redirected


if __name__ == "__main__":
    redirect(os.environ["BENCHMARK_GRAPH"])
    sys.exit(main())
