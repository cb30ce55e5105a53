"""The gateway over HTTP: the webhook, health, metrics, public pictures. The work behind it is in service.py."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import secrets
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.exceptions import SanicException
from sanic.response import text
from sqlalchemy.exc import SQLAlchemyError

from bills import addresses as bills
from channels.messenger import webhook
from gateway import deletions, metrics
from gateway.bodies import TooLarge, body_of
from gateway.service import STOP_SECONDS, Service
from gateway.turn import PAUSES
from shop.media import PUBLIC
from storefront import app as storefront
from talad.settings import Settings

logger = logging.getLogger(__name__)

MOST_BYTES = 1024 * 1024
_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
}
_PICTURE_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",  # a changed picture gets a new key
    "Content-Security-Policy": "default-src 'none'",
}


def run(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C. The process is one process: a supervisor restarts it."""
    create_app(settings).run(
        host=settings.gateway_bind.host,
        port=settings.gateway_bind.port,
        single_process=True,
        motd=False,
        access_log=False,
    )


def create_app(settings: Settings, *, pauses: tuple[float, ...] = PAUSES) -> Sanic[Any, Any]:
    """The application. Its service is started with the server and stopped with it; `pauses` see turn.py."""
    # The name has to differ from others in this process: tests make several.
    app: Sanic[Any, Any] = Sanic(f"gateway-{secrets.token_hex(4)}", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 2 * storefront.MOST_BYTES  # exact limits are checked where bodies are read
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = STOP_SECONDS + 5
    app.config.FALLBACK_ERROR_FORMAT = "text"
    app.config.KEEP_ALIVE_TIMEOUT = 75  # longer than proxies in front keep a connection

    @app.before_server_start
    async def start(app: Sanic[Any, Any]) -> None:
        app.ctx.service = Service(settings, pauses=pauses)
        await app.ctx.service.start()
        bills.opened(app, settings.secret_key, app.ctx.service.database)
        storefront.opened(app, settings, app.ctx.service.database, app.ctx.service.store)

    @app.after_server_stop
    async def stop(app: Sanic[Any, Any]) -> None:
        await app.ctx.service.stop()

    @app.on_response  # type: ignore[untyped-decorator]
    async def never_guess_types(_: Request, response: HTTPResponse) -> None:
        response.headers["X-Content-Type-Options"] = "nosniff"

    app.add_route(_shake_hands, "/webhooks/messenger", methods=["GET"])
    app.add_route(_receive, "/webhooks/messenger", methods=["POST"], stream=True)
    app.add_route(_deletion, deletions.PATH, methods=["POST"], stream=True)
    app.add_route(_deletion_status, "/data-deletion/<code:str>")
    app.add_route(_live, "/health/live")
    app.add_route(_ready, "/health/ready")
    app.add_route(_metrics, "/metrics")
    app.add_route(_picture, "/media/<key:path>")
    storefront.mount(app)
    bills.mount(app)
    return app


def _service(request: Request) -> Service:
    service: Service = request.app.ctx.service
    return service


async def _shake_hands(request: Request) -> HTTPResponse:
    service = _service(request)
    tokens = {*service.directory.verify_tokens(), service.settings.messenger_verify_token or ""}
    query = {name: values[0] for name, values in request.args.items()}
    challenge = webhook.handshake(query, tokens)
    return text("wrong verify token", 403) if challenge is None else text(challenge)


async def _receive(request: Request) -> HTTPResponse:
    service = _service(request)
    try:
        raw = await body_of(request, MOST_BYTES)
    except TooLarge:
        return text("the body is larger than 1 MiB", 413)
    secrets_of_apps = {*service.directory.app_secrets(), service.settings.messenger_app_secret or ""}
    if not webhook.verify(raw, request.headers.get("x-hub-signature-256"), secrets_of_apps):
        logger.warning("a webhook without a good signature; if it was Meta's, the app secret is wrong")
        return text("missing or wrong signature", 401)
    try:
        await service.inbox.receive(raw)
    except ValueError:
        return text("the body is not JSON", 400)
    except (SQLAlchemyError, TimeoutError) as error:
        logger.error("a webhook could not be kept and has to come again: %s", type(error).__name__)
        return text("cannot be kept now", 503, headers={"Retry-After": "5"})
    return text("EVENT_RECEIVED")


async def _deletion(request: Request) -> HTTPResponse:
    return await _service(request).deletions.receive(request)


async def _deletion_status(request: Request, code: str) -> HTTPResponse:
    return await _service(request).deletions.status(code)


async def _live(_: Request) -> HTTPResponse:
    return text("live")


async def _ready(request: Request) -> HTTPResponse:
    ready = await _service(request).is_ready()
    return text("ready" if ready else "not ready", 200 if ready else 503)


async def _metrics(request: Request) -> HTTPResponse:
    # A proxy on this machine connects from loopback too, but says for whom.
    forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    if forwarded or not ipaddress.ip_address(request.ip).is_loopback:
        return text("only on this machine", 403)
    page = await metrics.page(_service(request))
    return HTTPResponse(page, content_type=metrics.CONTENT_TYPE)


async def _picture(request: Request, key: str) -> HTTPResponse:
    kind = _TYPES.get(key.rpartition(".")[2].lower())
    if kind is None or not key.startswith(f"{PUBLIC}/"):
        raise SanicException("no such picture", status_code=404, quiet=True)
    try:
        data = await asyncio.to_thread(_service(request).store.get, key)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError, ValueError):
        raise SanicException("no such picture", status_code=404, quiet=True) from None
    return HTTPResponse(data, content_type=kind, headers=_PICTURE_HEADERS)
