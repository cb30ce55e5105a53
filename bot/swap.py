"""Gives a running server another model: it is loaded beside the one in use and takes the turns that begin afterwards.

Turns under way end on the model that they began with. Both share the store of conversations and its locks, so that the
turns of one conversation never overlap, whichever model takes them.
"""

from __future__ import annotations

import asyncio
import copy
import logging
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent

from bot.turn import TurnProcessor

logger = logging.getLogger(__name__)

#: Folders of models, as in PATH; `talad run rasa` sets it. From no other place is a model taken.
FOLDERS = "TALAD_RASA_MODELS"
_NAME = re.compile(r"talad-[0-9A-Za-z]+")


class NoSuchModel(Exception):
    """None of the folders has a model of this name."""


class CannotLoad(Exception):
    """The file is no model that this server can run; the text says why."""


class Swap:
    """Exchanges the model of a server, one at a time. `folders` are where models lie, as `talad-….tar.gz`."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._one_at_a_time = asyncio.Lock()

    @classmethod
    def from_environment(cls) -> Swap:
        """With the folders of the environment."""
        return cls([Path(folder) for folder in os.environ.get(FOLDERS, "").split(os.pathsep) if folder])

    async def to(self, context: Any, name: str) -> None:
        """Let `context.agent` be one with the model of this name. Raises NoSuchModel and CannotLoad."""
        async with self._one_at_a_time:
            old = context.agent
            if loaded(old) == name:
                return
            file = self._find(name)
            try:
                new = await asyncio.get_running_loop().run_in_executor(None, beside, old, file)
            except Exception as error:  # a broken file breaks anywhere
                logger.exception("%s could not be loaded", name)
                raise CannotLoad(f"{type(error).__name__}: {error}") from error
            context.agent = new
            logger.info("%s takes turns instead of %s", name, loaded(old))
            if isinstance(old.processor, TurnProcessor):
                await old.processor.retire()

    def _find(self, name: str) -> Path:
        if _NAME.fullmatch(name):
            for folder in self._folders:
                if (file := folder / f"{name}.tar.gz").is_file():
                    return file
        raise NoSuchModel(name)


def loaded(agent: Agent | None) -> str | None:
    """The name of the model that the agent has, None without one."""
    processor = getattr(agent, "processor", None)
    return processor.model_filename.removesuffix(".tar.gz") if processor is not None else None


def beside(old: Agent, file: Path) -> Agent:
    """An agent like `old` with the model in `file`, ready for its first turn. Blocks; raises what Rasa raises."""
    new = copy.copy(old)
    # Of their own, as each holds what belongs to its model; what lies behind (database, threads) is shared.
    new.tracker_store = copy.copy(getattr(old.tracker_store, "_tracker_store", old.tracker_store))
    new.nlg = copy.copy(old.nlg)
    new.load_model(file)
    assert isinstance(new.processor, TurnProcessor)
    new.processor.warm_up()
    return new
