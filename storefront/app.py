"""The store's pages put together, for a Sanic application whose context holds a `storefront` (storefront.visit)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from sanic import Sanic

from shop.db import Database
from shop.media import MediaStore
from storefront.pages import cart, checkout, orders, products
from storefront.rendering import Pages
from storefront.static import StaticFiles
from storefront.visit import Storefront
from talad.settings import Settings

#: The largest thing a customer sends: a photo of 15 MiB and what the form puts around it.
MOST_BYTES = 16 * 1024 * 1024
_LOOPBACK = ("localhost", "127.0.0.1")


def mount(app: Sanic[Any, Any]) -> None:
    """Add the store's routes. Its context is set by `opened`, once there is a database."""
    static = StaticFiles()
    app.ctx.store_files = static
    app.add_route(static.serve, "/store-files/<version:str>/<name:str>", name="store_files")
    for topic in (products, cart, checkout, orders):
        for method, path, handler in topic.ROUTES:
            app.add_route(
                handler,
                f"/store/<token:str>/{path}",
                methods=[method],
                stream=method == "POST",
                name=f"store_{method}_{handler.__name__}".lower(),
            )


def opened(app: Sanic[Any, Any], settings: Settings, database: Database, media: MediaStore) -> None:
    """Give the mounted store what it works with."""
    public_url = settings.public_url.rstrip("/")
    pages = Pages(app.ctx.store_files, public_url, _frames(settings.graph_url))
    app.ctx.storefront = Storefront(database, media, settings.secret_key, public_url, pages)


def _frames(graph_url: str) -> str:
    """A Messenger on this machine is the simulated one; it shows the store in a frame."""
    graph = urlsplit(graph_url)
    if graph.hostname not in _LOOPBACK:
        return ""
    return " ".join(f"http://{host}:{graph.port or 80}" for host in _LOOPBACK)
