"""The real Rasa with the real model and the real action server, for conversations; the gateway is `chat.Chat`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from shop import accounts, customers
from shop.db import Database, migrate, utc_now
from shop.models import Channel, Product, Variant
from shop.vault import Vault
from talad import model
from tests.factories import make_shop
from tests.rasa.chat import Chat, Rasa

TOKEN = "a-token-for-the-tests-of-the-dialogue"
READY_SECONDS = 120

_people = count(1)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dialogue")


@pytest.fixture(scope="session")
def database_url(folder: Path) -> str:
    url = f"sqlite:///{folder}/talad.db"
    migrate(url)
    return url


@pytest.fixture(scope="session")
def rasa(folder: Path, database_url: str) -> Iterator[Rasa]:
    """Rasa and the action server on free ports, with databases of their own."""
    trained = model.train_if_changed(folder / "training.log", say=print)
    rasa_port, actions_port = _free_ports(2)
    environment = {
        **os.environ,
        "TALAD_VAR": str(folder),
        "TALAD_DATABASE_URL": database_url,
        "TALAD_RASA_DATABASE_URL": f"sqlite:///{folder}/rasa.db",
        "TALAD_RASA_TOKEN": TOKEN,
        "TALAD_ACTIONS_URL": f"http://127.0.0.1:{actions_port}",
    }
    commands = {
        "actions": [sys.executable, "-c", "from talad.cli import main; main()", "run", "actions"],
        "rasa": [str(model.RASA_PYTHON), "-m", "bot.run", "--port", str(rasa_port), "--model", str(trained)],
    }
    running = {
        name: _start(command, environment, folder / f"{name}.log") for name, command in commands.items()
    }
    try:
        _wait_for(f"http://127.0.0.1:{actions_port}/health", running["actions"], folder / "actions.log")
        _wait_for(f"http://127.0.0.1:{rasa_port}/webhooks/talad/", running["rasa"], folder / "rasa.log")
        yield Rasa(f"http://127.0.0.1:{rasa_port}", TOKEN)
    finally:
        for process in running.values():
            process.send_signal(signal.SIGTERM)
        codes = {name: process.wait(30) for name, process in running.items()}
    assert codes["actions"] == 0, "the action server did not stop cleanly"


@pytest.fixture(scope="session")
def database(database_url: str) -> Iterator[Database]:
    """The shop's database, holding a shop with one channel and a few products."""
    db = Database(database_url)
    with db.transaction() as session:
        make_shop(session)
        accounts.connect(
            session,
            Vault("k"),
            account_id="100",
            name="Baan Fai",
            token="t",
            app_secret="s",
            verify_token="v",
            app_id="9",
        )
        session.add_all(
            [
                Product(
                    name_th="หมวกสีน้ำตาล",
                    name_en="Brown hat",
                    picture="public/products/hat.jpg",
                    variants=[Variant(sku="HAT", price=32000, stock=100_000)],
                ),
                Product(
                    name_th="เสื้อยืด",
                    name_en="T-shirt",
                    variants=[
                        Variant(
                            sku="SHIRT-M", option_th="ไซส์ M", option_en="Size M", price=25000, stock=100_000
                        ),
                        Variant(
                            sku="SHIRT-L", option_th="ไซส์ L", option_en="Size L", price=27000, stock=100_000
                        ),
                    ],
                ),
                Product(
                    name_th="ผ้าพันคอสีแดง",
                    name_en="Red scarf",
                    variants=[Variant(sku="SCARF", price=39000, stock=0)],
                ),
            ]
        )
    yield db
    db.close()


@pytest.fixture
def meet(rasa: Rasa, database: Database) -> Callable[[str], Chat]:
    """A new customer who speaks "th" or "en"."""

    def new(language: str = "th") -> Chat:
        with database.transaction() as session:
            channel = session.query(Channel).one()
            customer = customers.meet(session, channel, f"psid-{next(_people)}", language, utc_now())
            return Chat(rasa, database, customer.id, customer.conversation, channel.id)

    return new


def _free_ports(number: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [open_socket.getsockname()[1] for open_socket in sockets]
    for open_socket in sockets:
        open_socket.close()
    return ports


def _start(command: list[str], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as file:
        return subprocess.Popen(command, env=environment, cwd=model.ROOT, stdout=file, stderr=file)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"ended early:\n{log.read_text()[-3000:]}"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(f"{url} did not answer within {READY_SECONDS} s:\n{log.read_text()[-3000:]}")
