"""Questions to a running console over HTTP, as a seller's browser sends them, and how long their answers take."""

from __future__ import annotations

import http.client
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from urllib.parse import quote, urlencode, urlsplit

from benchmarks.console.filling import EMAIL, PASSWORD, Made, made
from shop.db import utc_now
from tests.seller_console.support import free_port

#: The console as `talad run console` starts it, but for how often one person may ask: this one asks a thousand times.
_PROGRAM = """
import seller_console
from seller_console.limits import Limits
from talad import settings
Limits.wait = lambda *_: 0.0
seller_console.run(settings.load())
"""
_START_SECONDS = 120
#: Stands in the list's page once for each order.
_LISTED = b"<li data-key="


@dataclass(frozen=True)
class Times:
    """Of one question: milliseconds until the whole answer was there, and of the console's own processor time; and how
    many orders the answers listed, on average.
    """

    p50: float
    p95: float
    processor: float
    listed: float


@contextmanager
def console(database_url: str, folder: Path) -> Iterator[Seller]:
    """A console of its own process, and a seller who is signed in."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TALAD_")}
    environment |= {
        "TALAD_ENV_FILE": os.devnull,
        "TALAD_VAR": str(folder),
        "TALAD_DATABASE_URL": database_url,
        "TALAD_CONSOLE_BIND": f"127.0.0.1:{port}",
    }
    child = subprocess.Popen([sys.executable, "-c", _PROGRAM], env=environment)
    try:
        seller = Seller(f"http://127.0.0.1:{port}", child.pid)
        seller.sign_in()
        yield seller
    finally:
        child.terminate()
        child.wait()


class Seller:
    """A browser that keeps one connection and its cookies, and looks at answers only to sign in."""

    def __init__(self, url: str, process: int) -> None:
        self.url = url
        self.process = process
        self.cookies: dict[str, str] = {}
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)

    def sign_in(self) -> None:
        """Wait until the console answers, then sign in."""
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                form = self.get("/sign-in")
                break
            except OSError:
                self._connection.close()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        token = re.search(rb'name="csrf" value="([^"]+)"', form)
        assert token
        fields = {"email": EMAIL, "password": PASSWORD, "csrf": token[1].decode()}
        self._send("POST", "/sign-in", urlencode(fields))
        assert b"/orders/TL-" in self.get("/orders")

    def get(self, path: str) -> bytes:
        """The page at this path."""
        return self._send("GET", path)

    def times(self, path: Callable[[], str], tries: int) -> Times:
        """Ask so often, each time for what `path` gives; the first time, which fills caches, does not count."""
        self.get(path())
        took, listed, before = [], 0, self._processor()
        for _ in range(tries):
            asked = path()
            began = time.perf_counter()
            answer = self.get(asked)
            took.append(1000 * (time.perf_counter() - began))
            listed += answer.count(_LISTED)
        spent = 1000 * (self._processor() - before) / tries
        steps = quantiles(took, n=20, method="inclusive")
        return Times(steps[9], steps[18], spent, listed / tries)

    def _processor(self) -> float:
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _send(self, method: str, path: str, body: str | None = None) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {
            "Cookie": cookies,
            "Accept": "text/html",
            "Accept-Encoding": "gzip",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        data = answer.read()
        assert answer.status in (200, 303), (answer.status, path)
        return data


def questions(count: int) -> Mapping[str, Callable[[], str]]:
    """By name: what gives the address to ask for, another one each time.

    Asked so that shops of any size have about as much to show, as sellers do: whoever has more orders types more digits
    of a number, and asks for one amount instead of those around it.
    """
    chance, now = random.Random(1), utc_now()
    digits = max(4, len(str(count)))
    around = 120_000 // count  # baht

    def some() -> Made:
        return made(chance.randrange(1, count + 1), count, now)

    def shipped() -> Made:
        while (order := some()).state not in ("shipped", "delivered"):
            pass
        return order

    def amounts() -> str:
        least = some().total // 100
        return f"/orders?least={least}&most={least + around}"

    def phone() -> str:
        number = some().phone
        return f"0{number[:2]}-{number[2:5]}-{number[5:]}"

    def search(typed: Callable[[], str]) -> Callable[[], str]:
        return lambda: f"/orders?q={quote(typed())}"

    def page(query: str) -> Callable[[], str]:
        return lambda: f"/orders?{query}"

    return {
        "Orders": lambda: "/orders",
        "one channel": page("channel=3"),
        "slips to check": page("only=to_check"),
        "waiting for payment": page("only=to_pay"),
        "paid": page("payment=paid"),
        "to pack": page("state=confirmed"),
        "delivered, one channel": page("state=delivered&channel=2"),
        "today": page("days=today"),
        "30 days, paid": page("days=30days&payment=paid"),
        "needs attention": page("only=attention"),
        "customer not told": page("only=untold"),
        "an amount": amounts,
        "amounts, paid, delivered": page("least=500&most=1000&payment=paid&state=delivered"),
        "filters that never meet": page("payment=paid&state=cancelled"),
        "deep page": lambda: f"/orders?before={chance.randrange(1, count + 1)}",
        "deep page, delivered": lambda: f"/orders?state=delivered&before={chance.randrange(1, count + 1)}",
        "search number": search(lambda: f"TL-{some().number}"),
        "search number's end": search(lambda: some().number[-digits:]),
        "search phone": search(phone),
        "search whole name": search(lambda: " ".join(some().recipient)),
        "search first name": search(lambda: some().recipient[0]),
        "search two letters": search(lambda: some().recipient[0][:2]),
        "search customer": search(lambda: f"Customer{some().customer}"),
        "search tracking": search(lambda: shipped().tracking),
        "search slip reference": search(lambda: shipped().reference),
        "search, no such name": search(lambda: f"ไม่มี{chance.randrange(10**6)}"),
        "order page": lambda: f"/orders/TL-{some().number}",
    }
