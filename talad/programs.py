"""The processes that are not Python of ours to import: Rasa in its own environment, and the simulator.

`talad run rasa` and `talad run simulator` become these programs, with what they need to know from the settings.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn
from urllib.parse import urlsplit

from talad.settings import Settings
from training import model, present

NAMES = ("rasa", "simulator")

#: Rasa computes where others answer: when processors are short a webhook, which Meta gives little time, goes first.
_RASA_NICENESS = 5


def become(name: str, settings: Settings) -> NoReturn:
    """Replace this process by the program; its process id stays."""
    arguments, environment = (_rasa if name == "rasa" else _simulator)(settings)
    os.chdir(model.ROOT)
    if name == "rasa":
        os.nice(_RASA_NICENESS)
    os.execve(arguments[0], arguments, {**os.environ, **environment})


def _rasa(settings: Settings) -> tuple[list[str], dict[str, str]]:
    """Rasa's server. The token goes by the environment: arguments can be read by everybody on the machine."""
    trained = present.to_start_with(settings)
    if trained is None:
        raise ValueError("there is no trained model for the present domain and data: talad train")
    address = urlsplit(settings.rasa_url)
    arguments = [str(model.RASA_PYTHON), "-m", "bot.run", "--model", str(trained)]
    arguments += ["--host", str(address.hostname), "--port", str(address.port)]
    return arguments, {
        "TALAD_RASA_TOKEN": settings.rasa_token,
        "TALAD_RASA_DATABASE_URL": settings.rasa_database_url,
        "TALAD_ACTIONS_URL": settings.actions_url,
        "TALAD_RASA_MODELS": os.pathsep.join(map(str, model.folders(settings.var))),
    }


def _simulator(settings: Settings) -> tuple[list[str], dict[str, str]]:
    address, webhook = settings.simulator_bind, f"{settings.gateway_bind.local_url}/webhooks/messenger"
    arguments = [sys.executable, "-m", "simulator", "--bind", str(address), "--public-url", address.local_url]
    arguments += ["--webhook", webhook]
    return arguments, {}
