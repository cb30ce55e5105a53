"""Puts the emulator together as one Sanic application: Graph API, control API, chat page, media."""

from pathlib import Path
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.response import json as json_response
from sanic.response import raw, text

from simulator.config import Config
from simulator.control import Control, ControlError
from simulator.control_customers import CustomerControl
from simulator.graph import Graph
from simulator.graph import blueprint as graph_routes
from simulator.offers import NotOffered
from simulator.pages import Pages
from simulator.people import People
from simulator.state import World
from simulator.webhooks import WebhookSender

STATIC = Path(__file__).parent / "static"
LARGEST_BODY = 64 * 1024 * 1024  # several photos at once


def create_app(config: Config, base_url: str) -> Sanic[Any, Any]:
    """The application; ``base_url`` is the address it is reached under, for links to pictures."""
    app: Sanic[Any, Any] = Sanic("simulator")
    app.config.REQUEST_MAX_SIZE = LARGEST_BODY
    app.config.RESPONSE_TIMEOUT = 300  # long polls and slow-Graph scenarios
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 1.0
    app.config.OAS = False

    world = World(config, base_url)
    sender = WebhookSender(world)
    people = People(world, sender)
    page = world.pages[config.page_id]
    world.add_customer(page, "นก ใจดี")
    world.add_customer(page, "Alex Carter", locale="en_US")

    app.blueprint(graph_routes(Graph(world, sender, people)))
    app.blueprint(Control(world, sender, people).blueprint())
    app.blueprint(CustomerControl(world, sender, people).blueprint())
    app.blueprint(Pages(world, sender, people).blueprint())
    app.static("/static", STATIC, name="static")

    @app.get("/health/live")
    async def live(request: Request) -> HTTPResponse:
        return json_response({"status": "ok"})

    @app.get("/media/<token>/<name>")
    async def media(request: Request, token: str, name: str) -> HTTPResponse:
        """A picture under its expiring address; 403 as from fbcdn when it is too late or tampered with."""
        file = world.media.open(token, request.args.get("oh", ""), request.args.get("oe", ""))
        if file is None:
            return text("URL signature expired", status=403)
        headers = {"Cache-Control": "private, max-age=600", "X-Content-Type-Options": "nosniff"}
        return raw(file.data, content_type=file.content_type, headers=headers)

    @app.exception(ControlError)
    async def refused(request: Request, error: ControlError) -> HTTPResponse:
        return json_response({"error": str(error)}, status=error.status)

    @app.exception(NotOffered)
    async def not_offered(request: Request, error: NotOffered) -> HTTPResponse:
        return json_response({"error": str(error)}, status=409)

    @app.before_server_stop
    async def stop(app: Sanic[Any, Any]) -> None:
        world.live.close()
        await sender.stop()

    return app
