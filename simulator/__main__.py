"""``python -m simulator``: listen, say where, stop cleanly on SIGTERM or Ctrl-C."""

import socket
import sys
from collections.abc import Sequence

from simulator.app import create_app
from simulator.config import parse


def main(arguments: Sequence[str] | None = None) -> None:
    config = parse(arguments)
    listener = socket.socket(socket.AF_INET6 if ":" in config.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((config.host.strip("[]"), config.port))
    except OSError as error:
        sys.exit(f"simulator: cannot listen on {config.host}:{config.port}: {error.strerror}")
    address = f"http://{config.host}:{listener.getsockname()[1]}"
    app = create_app(config, config.public_url or address)
    print(f"simulator: chat at {address}/ , webhook events go to {config.webhook}", flush=True)
    app.run(sock=listener, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
