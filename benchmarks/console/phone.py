"""What a page weighs, and when a cheap phone on a slow net shows it: Chromium, with its processor and net held back."""

from __future__ import annotations

import gzip
import re
from statistics import median
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

from benchmarks.console.asking import Seller
from tests.conftest import CHROMIUM_ARGUMENTS
from tests.support.machine import browser

#: "Slow 4G" as Chrome's own tools have it, and a processor six times slower than this machine's.
_NET = {"latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
_SLOWER = 6
_TRIES = 5
_PHONE = {"width": 360, "height": 740}


def weight(seller: Seller, path: str) -> tuple[int, int]:
    """Bytes of the page, and of its stylesheets and scripts (with what these import), as they go over the net."""
    body = seller.get(path)
    seen: set[str] = set()
    ahead = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', body.decode())
    total = 0
    while ahead:
        address = ahead.pop()
        if address in seen:
            continue
        seen.add(address)
        data = seller.get(address)
        total += len(data)
        folder = address.rpartition("/")[0]
        ahead += [
            f"{folder}/{name}" for name in re.findall(r'from "\./([^"]+)"', gzip.decompress(data).decode())
        ]
    return len(body), total


def first_view(seller: Seller, path: str) -> tuple[float, float]:
    """Milliseconds until something is shown, and until the page can be used, with nothing in the cache (medians)."""
    found = browser()
    assert found, "no Chromium here; scripts/tools_for_tests.py fetches one"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(found), args=list(CHROMIUM_ARGUMENTS))
        times = []
        for _ in range(_TRIES):
            context = chromium.new_context(viewport=_PHONE, has_touch=True)
            host = urlsplit(seller.url).hostname
            context.add_cookies(
                [
                    {"name": name, "value": value, "domain": host, "path": "/"}
                    for name, value in seller.cookies.items()
                ]
            )
            page = context.new_page()
            held_back = context.new_cdp_session(page)
            held_back.send("Network.enable")
            held_back.send("Network.emulateNetworkConditions", {"offline": False, **_NET})
            held_back.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
            page.goto(seller.url + path, wait_until="load")
            times.append(_moments(page))
            context.close()
        chromium.close()
    return median(one for one, _ in times), median(other for _, other in times)


def _moments(page: Page) -> tuple[float, float]:
    painted = page.evaluate(
        """() => new Promise((done) => new PerformanceObserver((list) => {
            const one = list.getEntriesByName('first-contentful-paint')[0];
            if (one) done(one.startTime);
        }).observe({ type: 'paint', buffered: true }))"""
    )
    # scripts are modules: they have run when this event is over
    usable = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    return float(painted), max(float(painted), float(usable))
