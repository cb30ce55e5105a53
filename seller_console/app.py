"""The console's web application: its parts put together, and the process that serves it."""

from __future__ import annotations

import asyncio
import gc
import itertools
import logging
from functools import partial

from sanic import Sanic

from seller_console import access, body_limits, headers, limits, refusals, way_back
from seller_console.addresses import row_id
from seller_console.lately import Lately
from seller_console.live import Live
from seller_console.looks import Looks
from seller_console.pages import (
    account,
    alerts,
    bills,
    bot_files,
    bot_models,
    categories,
    channels,
    chat_pictures,
    chats,
    events,
    export,
    figures,
    first_day,
    fulfilment,
    health,
    join,
    language,
    lines,
    menu,
    money,
    new_order,
    order,
    orders,
    parcels,
    pay_and_send,
    people,
    problems,
    product,
    product_imports,
    product_pictures,
    products,
    quick_answers,
    review,
    second_step,
    shop_settings,
    sign_in,
    slips,
    stock,
    taught,
    training,
    who_did_what,
    writing,
)
from seller_console.rendering import Pages
from seller_console.static import StaticFiles
from shop import checklist
from shop.db import Database
from shop.media import MediaStore
from talad.settings import Settings

_THREADS = 8
_PAGES = (
    sign_in.pages,
    join.pages,
    account.pages,
    second_step.pages,
    language.pages,
    menu.pages,
    orders.pages,
    parcels.pages,
    export.pages,
    alerts.pages,
    order.pages,
    bills.pages,
    money.pages,
    lines.pages,
    review.pages,
    fulfilment.pages,
    writing.pages,
    slips.pages,
    products.pages,
    product_imports.pages,
    categories.pages,
    product.pages,
    product_pictures.pages,
    stock.pages,
    figures.pages,
    problems.pages,
    training.pages,
    taught.pages,
    bot_files.pages,
    bot_models.pages,
    chats.pages,
    chat_pictures.pages,
    new_order.pages,
    quick_answers.pages,
    channels.pages,
    pay_and_send.payment,
    pay_and_send.sending,
    first_day.pages,
    shop_settings.pages,
    people.pages,
    who_did_what.pages,
    events.pages,
    health.pages,
)

log = logging.getLogger(__name__)
_numbers = itertools.count(1)


def create_app(settings: Settings) -> Sanic:  # type: ignore[type-arg]  # generic over config and context, both plain here
    """The application, not yet serving. It opens the database of `settings`, which must be migrated."""
    # Sanic keeps every application of a process under its name, so each gets its own.
    app = Sanic(f"talad-console-{next(_numbers)}", configure_logging=False)
    app.config.update(
        REQUEST_MAX_SIZE=body_limits.MOST,
        # An address may name a thousand orders (seller_console.chosen), and stand in the referrer too.
        REQUEST_MAX_HEADER_SIZE=16 * 1024,
        ACCESS_LOG=False,
        GRACEFUL_SHUTDOWN_TIMEOUT=5,
        FALLBACK_ERROR_FORMAT="text",
        OAS=False,
    )
    static = StaticFiles()
    app.router.register_pattern("row", row_id, r"^[0-9]+$")
    app.ctx.settings = settings
    app.ctx.database = Database(settings.database_url, threads=_THREADS)
    app.ctx.media = MediaStore(settings.media_url)
    app.ctx.pages = Pages(static)
    app.ctx.looks = Looks()
    app.ctx.figures = Lately()
    app.ctx.live = Live(
        app.ctx.database, {"first_day": partial(checklist.left, public_url=settings.public_url)}
    )
    for blueprint in (*_PAGES, static.pages()):
        app.blueprint(blueprint)
    access.guard(app)
    limits.limit(app)
    body_limits.limit(app)
    headers.protect(app)
    way_back.keep(app)
    refusals.answer(app)
    app.before_server_start(_start)
    app.before_server_stop(_stop_streams)
    app.after_server_stop(_close)
    return app


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    host, port = settings.console_bind
    app = create_app(settings)
    app.after_server_start(_keep)
    log.info("console on %s", settings.console_bind.local_url)
    app.run(host=host, port=port, single_process=True, motd=False, access_log=False)


async def _start(app: Sanic) -> None:  # type: ignore[type-arg]
    app.ctx.live_task = asyncio.create_task(app.ctx.live.watch())


async def _keep(_app: Sanic) -> None:  # type: ignore[type-arg]
    """What there is now stays: looking through all of it for garbage would hold up a page for a tenth of a second."""
    gc.collect()
    gc.freeze()


async def _stop_streams(app: Sanic) -> None:  # type: ignore[type-arg]
    """Open streams end first: the server waits for its connections, and they would never end by themselves."""
    app.ctx.live.stop()
    await app.ctx.live_task


async def _close(app: Sanic) -> None:  # type: ignore[type-arg]
    await asyncio.to_thread(app.ctx.database.close)
