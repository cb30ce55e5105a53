"""Starts Rasa for Talad: `.venv-bot/bin/python -m bot.run --port 5005 --model models`.

Rasa's own command would show the token to everybody who can list processes; here it comes from TALAD_RASA_TOKEN.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path

# Rasa and the libraries below it read these when they are imported.
os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ["SANIC_ACCESS_LOG"] = "false"
os.environ.setdefault(
    "TF_CPP_MIN_LOG_LEVEL", "2"
)  # Rasa imports TensorFlow, which has much to say about GPUs
# One message is too little work for several threads, and the shop's other processes need the cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def main() -> None:
    """Serve until SIGTERM or SIGINT. Wrong settings end the process with one sentence."""
    options = _options()
    token = os.environ.get("TALAD_RASA_TOKEN", "")
    if not token:
        sys.exit("TALAD_RASA_TOKEN is not set: the gateway and Rasa share this token")
    if options.host not in LOOPBACK:
        sys.exit(
            f"--host {options.host}: this process must not be reachable from outside (Python 3.10, Sanic 21.12)"
        )
    if not options.model.is_file() and not list(options.model.glob("*.tar.gz")):
        sys.exit(f"--model {options.model}: there is no trained model; `rasa train` makes one")

    _serve(options, token)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bot.run", description="Rasa with Talad's door, on loopback."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument(
        "--model", type=Path, default=Path("models"), help="a model, or a folder: its newest is taken"
    )
    parser.add_argument("--endpoints", default="endpoints.yml")
    parser.add_argument("--credentials", default="credentials.yml")
    return parser.parse_args()


def _serve(options: argparse.Namespace, token: str) -> None:
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    from bot import speed

    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.INFO)
    configure_logging_and_warnings(logging.INFO)
    configure_structlog(logging.INFO)
    speed.apply()

    endpoints = AvailableEndpoints.read_endpoints(options.endpoints)
    if os.environ.get("TALAD_ACTIONS_URL") and endpoints.action:
        endpoints.action.url = os.environ["TALAD_ACTIONS_URL"].rstrip("/") + "/webhook"
    serve_application(
        model_path=str(options.model),
        interface=options.host,
        port=options.port,
        credentials=options.credentials,
        endpoints=endpoints,
        auth_token=token,
    )


if __name__ == "__main__":
    main()
