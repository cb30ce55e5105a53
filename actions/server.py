"""The action server: Rasa posts the name of an action and the conversation, and gets events and answers back.

rasa-sdk's own server brings gRPC and OpenTelemetry, logs every call and listens on all addresses; its executor and
Sanic are all that is needed of it. Anything that is raised becomes a 500, so that the turn is tried again.
"""

from __future__ import annotations

import json
import logging
import warnings
from typing import Any
from urllib.parse import urlsplit

from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.interfaces import ActionNotFoundException
from sanic import Request, Sanic
from sanic.response import HTTPResponse

# Importing a topic puts its actions on the list.
from actions import also, cart, catalogue, checkout, choose, handoff, orders, payment, smalltalk, store  # noqa: F401
from actions.registry import ACTIONS, Answer
from actions.say import Say
from actions.turn import Events, Turn
from shop.db import Database
from talad.settings import Settings

logger = logging.getLogger(__name__)

#: Rasa sends the whole conversation with each call; the gateway's texts are far below this.
_LARGEST_CALL = 20 * 1024 * 1024


class Executor(ActionExecutor):
    """rasa-sdk's executor over the list of actions, without the domain: no action reads it.

    Rasa 3.6 with `selective_domain` sends neither the domain nor its digest, which rasa-sdk takes for a lost domain.
    """

    def update_and_return_domain(self, payload: dict[str, Any], action_name: str) -> dict[str, Any]:
        return {}


def executor(db: Database, public_url: str, secret_key: str) -> Executor:
    """An executor that knows every action, each bound to the database and the address of pictures and store."""
    known = Executor()
    for name, answer in ACTIONS.items():
        known.register_function(name, _bound(name, answer, db, public_url, secret_key))
    return known


def _bound(name: str, answer: Answer, db: Database, public_url: str, secret_key: str) -> Any:
    async def run(dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        turn, say = Turn.of(tracker), Say(dispatcher, public_url, secret_key)
        events = await answer(turn, say, db)
        await also.answer(name, turn, say, db)
        return events

    return run


def create_app(settings: Settings) -> Sanic[Any, Any]:
    """The server: `POST /webhook` as Rasa calls it, `GET /health`."""
    app: Sanic[Any, Any] = Sanic("talad-actions", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = _LARGEST_CALL
    db = Database(settings.database_url)
    known = executor(db, settings.public_url, settings.secret_key)

    @app.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        try:
            call = json.loads(request.body)
        except ValueError:
            return _answer({"error": "the body is no JSON"}, 400)
        try:
            result = await known.run(call)
        except ActionNotFoundException as error:
            return _answer({"error": error.message, "action_name": error.action_name}, 404)
        except Exception as error:
            logger.exception("Action %s failed", call.get("next_action"))
            return _answer({"error": f"{type(error).__name__}: {error}"}, 500)
        return _answer({"events": result.events, "responses": result.responses} if result else {})

    @app.get("/health")
    async def health(_request: Request) -> HTTPResponse:
        return _answer({"status": "ok"})

    @app.after_server_stop
    async def close(*_: Any) -> None:
        db.close()

    return app


def _answer(body: dict[str, Any], status: int = 200) -> HTTPResponse:
    return HTTPResponse(json.dumps(body), status, content_type="application/json")


def run(settings: Settings) -> None:
    """Serve at TALAD_ACTIONS_URL until SIGTERM or Ctrl-C; calls under way are finished first."""
    # pkg_resources and the like, inside rasa-sdk's and Sanic's own imports
    warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"(rasa_sdk|sanic)\b")
    address = urlsplit(settings.actions_url)
    create_app(settings).run(
        host=address.hostname, port=address.port, single_process=True, access_log=False, motd=False
    )
