"""The door through which the gateway, and nobody else, hands turns to Rasa: `POST /webhooks/talad/turn`. With
`PUT /webhooks/talad/model` it says which model shall take them.

What goes in and out is checked here; what a turn does is `bot.turn`, how the model is exchanged `bot.swap`.
`credentials.yml` names this channel.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import swap
from bot import turn as turns
from bot.turn import CHANNEL, Turn, TurnFailed, TurnProcessor

logger = logging.getLogger(__name__)

T = TypeVar("T")

LANGUAGES = ("th", "en")

# Rasa looks again after this many seconds whether the conversation's turn before has ended; its default is 1.
LOCK_POLL = 0.05
# A turn may take as long as its slowest action may (Rasa gives up on one after 300 s); the default lock ends after 60.
LOCK_LIFETIME = 900


class BadRequest(ValueError):
    """A request that cannot be understood; the text says which part is wrong."""


class GatewayInput(InputChannel):
    """Rasa input channel `talad`. Every request needs `Authorization: Bearer <token>`."""

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> GatewayInput:
        """The channel as `credentials.yml` describes it; `token` is required. Rasa calls this before loading one."""
        token = (credentials or {}).get("token")
        if not token or not isinstance(token, str):
            raise RasaException(
                "credentials.yml: the channel of the gateway needs a token (TALAD_RASA_TOKEN)"
            )
        turns.install()
        return cls(token)

    def __init__(self, token: str) -> None:
        self._authorization = f"Bearer {token}".encode()
        self._swap = swap.Swap.from_environment()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. `on_new_message` is not used: it gives no answer and knows nothing of ids."""
        door = Blueprint("talad_door")

        @door.get("/")
        async def health(request: Request) -> HTTPResponse:
            agent = _agent(request)
            ready = isinstance(getattr(agent, "processor", None), TurnProcessor)
            status = "ok" if ready else "no model"
            return _answer({"status": status, "model": swap.loaded(agent)}, 200 if ready else 503)

        @door.post("/turn")
        async def take_turn(request: Request) -> HTTPResponse:
            return await self._checked(request, read_turn, _take)

        @door.put("/model")
        async def take_model(request: Request) -> HTTPResponse:
            return await self._checked(request, read_model, self._exchange)

        return door

    async def _checked(
        self,
        request: Request,
        read: Callable[[bytes], T],
        do: Callable[[Request, T], Awaitable[HTTPResponse]],
    ) -> HTTPResponse:
        """Do what the body asks for, if whoever asks has the token and it can be understood."""
        if not self._allowed(request):
            return _answer({"error": "wrong or missing token"}, 401)
        try:
            wanted = read(request.body)
        except BadRequest as error:
            return _answer({"error": str(error)}, 400)
        return await do(request, wanted)

    async def _exchange(self, request: Request, name: str) -> HTTPResponse:
        if _agent(request) is None:
            return _answer({"error": "Rasa is still starting"}, 503)
        try:
            await self._swap.to(request.app.ctx, name)
        except swap.NoSuchModel:
            return _answer({"error": "there is no such model here"}, 404)
        except swap.CannotLoad as error:
            return _answer({"error": str(error)}, 422)
        return _answer({"model": name})

    def _allowed(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._authorization)


async def _take(request: Request, turn: Turn) -> HTTPResponse:
    agent = _agent(request)
    if agent is None or not isinstance(agent.processor, TurnProcessor):
        return _answer({"error": "no model is loaded"}, 503)
    try:
        async with agent.lock_store.lock(turn.conversation, LOCK_LIFETIME, LOCK_POLL):
            # Whatever model is there now: it may have been exchanged while the conversation's turn before ran.
            taken = await request.app.ctx.agent.processor.take(turn)
            return _answer({"replies": taken.replies, "understood": taken.understood})
    except TurnFailed as error:
        logger.error("Turn %s of %s failed: %s", turn.id, turn.conversation, error)
        return _answer({"error": str(error)}, 503)
    except Exception as error:
        logger.exception("Turn %s of %s failed", turn.id, turn.conversation)
        return _answer({"error": f"{type(error).__name__}: {error}"}, 500)


def _agent(request: Request) -> Agent | None:
    return getattr(request.app.ctx, "agent", None)


def _answer(body: Mapping[str, Any], status: int = 200) -> HTTPResponse:
    # Not Sanic's own encoder: it refuses halves of emoji, which a customer's cut text may hold.
    return HTTPResponse(json.dumps(body), status, content_type="application/json")


def read_turn(body: bytes) -> Turn:
    """The turn in a request's body.

    {"conversation": "1:7654", "id": "8123", "language": "th" | "en", "metadata": {…},
     either "text": "…" or "intent": "buy_now", "entities": {"variant": "12"}, "notice": false}

    Raises BadRequest when it is anything else.
    """
    value = _whole(body)
    text, intent = _optional(value, "text"), _optional(value, "intent")
    if (text is None) == (intent is None):
        raise BadRequest("exactly one of text and intent is needed")
    if intent == "":
        raise BadRequest("intent is empty")
    notice = value.get("notice", False)
    if not isinstance(notice, bool) or (notice and intent is None):
        raise BadRequest("notice is true or false, and true only with an intent")
    if value.get("language") not in LANGUAGES:
        raise BadRequest(f"language is one of {', '.join(LANGUAGES)}")
    return Turn(
        conversation=_required(value, "conversation"),
        id=_required(value, "id"),
        language=value["language"],
        text=text,
        intent=intent,
        entities=_entities(value),
        notice=notice,
        metadata=_object(value, "metadata"),
    )


def read_model(body: bytes) -> str:
    """The name in a request for another model: {"model": "talad-…"}. Raises BadRequest when it is anything else."""
    return _required(_whole(body), "model")


def _whole(body: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(body)
    except ValueError as error:
        raise BadRequest(f"the body is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise BadRequest("the body must be an object")
    return value


def _required(value: Mapping[str, Any], name: str) -> str:
    part = _optional(value, name)
    if not part:
        raise BadRequest(f"{name} is missing")
    return part


def _optional(value: Mapping[str, Any], name: str) -> str | None:
    part = value.get(name)
    if part is not None and not isinstance(part, str):
        raise BadRequest(f"{name} must be a string")
    return part


def _object(value: Mapping[str, Any], name: str) -> dict[str, Any]:
    part = value.get(name) or {}
    if not isinstance(part, dict):
        raise BadRequest(f"{name} must be an object")
    return part


def _entities(value: Mapping[str, Any]) -> dict[str, Any]:
    entities = _object(value, "entities")
    for name, part in entities.items():
        if part is not None and not isinstance(part, (str, int, float, bool)):
            raise BadRequest(f"the entity {name} must be a plain value")
    if entities and value.get("intent") is None:
        raise BadRequest("entities come with an intent; those of a text are found by the model")
    return entities
