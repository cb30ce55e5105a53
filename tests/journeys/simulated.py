"""The simulator's control API, as tests use it: what customers do, and what reached their phones."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Simulator:
    """Calls the control API at `address`."""

    def __init__(self, address: str) -> None:
        self._address = address

    def post(self, path: str, **body: Any) -> Any:
        """POST /control/<path> with a JSON body; the answer's JSON."""
        request = urllib.request.Request(
            f"{self._address}/control/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        return _read(request)

    def get(self, path: str, **query: Any) -> Any:
        """GET /control/<path>; the answer's JSON."""
        return _read(
            urllib.request.Request(f"{self._address}/control/{path}?{urllib.parse.urlencode(query)}")
        )

    def said(self, psid: str) -> list[dict[str, Any]]:
        """The shop's messages to the customer, oldest first, as they were sent."""
        entries = self.get(f"customers/{psid}/transcript", limit=1000)["messages"]
        return [entry["message"] for entry in entries if entry["side"] == "shop"]


def _read(request: urllib.request.Request) -> Any:
    try:
        with _direct.open(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{request.full_url}: {error.code} {error.read().decode()}") from error
