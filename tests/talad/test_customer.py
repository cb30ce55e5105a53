"""`talad customer`: a whole customer into a file, and out of database, media store and Rasa's conversations."""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result
from cryptography.fernet import Fernet
from sqlalchemy import select

from shop import orders, privacy
from shop.db import Database, utc_now
from shop.media import MediaStore
from shop.models import Customer, Leftover, Order, Slip
from shop.slips import intake
from talad import cli
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_slip, make_variant

PSID = "7234567890123456"
TOKEN = "t" * 40
Command = Callable[..., Result]


@pytest.fixture
def talad(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TALAD_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("TALAD_SECRET_KEY", "k" * 40)
    monkeypatch.setenv("TALAD_RASA_TOKEN", TOKEN)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli.cli, arguments)

    return run


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    opened = Database(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(str(tmp_path / "var/media"))


@pytest.fixture
def number(database: Database, store: MediaStore, tmp_path: Path) -> str:
    """The number of Nok's open order, which has a slip; Rasa has their conversation."""
    with database.transaction() as session:
        make_shop(session)
        customer = make_customer(session, make_channel(session), PSID)
        order = make_order(session, customer, make_variant(session))
        orders.set_delivery(
            session, order.id, recipient="มะลิ", phone="0812345678", address="99 ถนนสุขุมวิท 10110"
        )
        slip = make_slip(session, customer)
        intake.take(session, customer.id, [slip.id], now=NOW)
        store.put(slip.picture, b"a picture")
    rasa = sqlite3.connect(tmp_path / "var/rasa.db")
    rasa.execute("CREATE TABLE rasa_conversations (id VARCHAR(255), events TEXT, changed_at FLOAT)")
    lines = '{"event": "user", "text": "สวัสดี"}\n{"event": "action", "name": "action_listen"}'
    key = base64.urlsafe_b64encode(hashlib.sha256(b"talad conversations\0" + TOKEN.encode()).digest())
    sealed = Fernet(key).encrypt(lines.encode()).decode()
    for conversation in (f"1:{PSID}", "1:chai"):
        rasa.execute("INSERT INTO rasa_conversations VALUES (?, ?, 1.0)", (conversation, sealed))
    rasa.commit()
    rasa.close()
    return order.number


def conversations(tmp_path: Path) -> list[str]:
    with sqlite3.connect(tmp_path / "var/rasa.db") as rasa:
        return [row[0] for row in rasa.execute("SELECT id FROM rasa_conversations")]


def test_export_writes_all_there_is_and_only_for_its_owner(
    talad: Command, number: str, tmp_path: Path
) -> None:
    done = talad("customer", "export", PSID, "--page", "100", "--to", "nok.zip")
    assert done.exit_code == 0, done.output
    assert "1 pictures in nok.zip" in done.output
    file = tmp_path / "nok.zip"
    assert file.stat().st_mode & 0o077 == 0
    with ZipFile(file) as archive:
        assert archive.namelist() == ["slips/1.jpg", "customer.json"]
        assert archive.read("slips/1.jpg") == b"a picture"
        held = json.loads(archive.read("customer.json"))
    assert held["page"] == {"id": "100", "name": "Baan Fai"}
    assert held["tables"]["orders"][0]["address"] == "99 ถนนสุขุมวิท 10110"
    assert held["tables"]["order_line"][0]["unit_price"] == 25000
    assert [event["event"] for event in held["rasa_conversation"]] == ["user", "action"]
    assert held["pictures_missing"] == []


def test_export_says_what_cannot_be_had(
    talad: Command, number: str, store: MediaStore, tmp_path: Path
) -> None:
    assert "customer 404" in str(talad("customer", "export", "404", "--to", "x.zip").exception)
    (tmp_path / "here.zip").write_bytes(b"mine")
    refused = talad("customer", "export", PSID, "--to", "here.zip")
    assert refused.exit_code == 1 and "exists already" in refused.output
    assert (tmp_path / "here.zip").read_bytes() == b"mine"
    store.delete("private/slips/s1.jpg")
    assert talad("customer", "export", PSID, "--to", "without.zip").exit_code == 0
    with ZipFile(tmp_path / "without.zip") as archive:
        assert json.loads(archive.read("customer.json"))["pictures_missing"] == ["slips/1"]


def test_erase_wants_to_be_meant_and_names_open_orders(
    talad: Command, number: str, database: Database, tmp_path: Path
) -> None:
    asked = talad("customer", "erase", PSID)
    assert asked.exit_code == 1 and "--yes" in asked.output
    refused = talad("customer", "erase", PSID, "--yes")
    assert refused.exit_code == 1 and number in refused.output and "--force" in refused.output
    with database.reading() as session:
        assert session.get_one(Customer, 1).external_id == PSID
    assert conversations(tmp_path) == [f"1:{PSID}", "1:chai"]


def test_erase_takes_pictures_and_conversation_too(
    talad: Command, number: str, database: Database, store: MediaStore, tmp_path: Path
) -> None:
    done = talad("customer", "erase", PSID, "--yes", "--force")
    assert done.exit_code == 0, done.output
    assert "customer 1 is erased" in done.output and "deleted: 2" in done.output
    with pytest.raises(FileNotFoundError):
        store.get("private/slips/s1.jpg")
    assert conversations(tmp_path) == ["1:chai"]
    with database.reading() as session:
        assert session.scalars(select(Leftover)).all() == []
        assert session.scalars(select(Slip.picture)).all() == [""]
        assert session.scalars(select(Order.address)).all() == [None]
    again = talad("customer", "erase", PSID, "--yes", "--page", "100")
    assert again.exit_code == 0 and f"nobody is known as {PSID}" in again.output


def test_what_a_crash_has_left_is_deleted_by_the_next_call(
    talad: Command, number: str, database: Database, store: MediaStore, tmp_path: Path
) -> None:
    with database.transaction() as session:
        privacy.erase(session, 1, now=utc_now(), force=True)
    assert store.get("private/slips/s1.jpg") == b"a picture"  # the process ended here
    assert "deleted: 2" in talad("customer", "erase", PSID, "--yes").output
    with pytest.raises(FileNotFoundError):
        store.get("private/slips/s1.jpg")
    assert conversations(tmp_path) == ["1:chai"]


def test_a_picture_that_cannot_be_deleted_now_is_kept_in_mind(
    talad: Command, number: str, database: Database, tmp_path: Path
) -> None:
    slips = tmp_path / "var/media/private/slips"
    (slips / "s1.jpg").unlink()
    (slips / "s1.jpg").mkdir()  # no file, so it cannot be deleted as one
    (slips / "s1.jpg/inside").touch()
    done = talad("customer", "erase", PSID, "--yes", "--force")
    assert "1 could not be deleted" in done.output
    with database.reading() as session:
        assert session.scalars(select(Leftover.key)).all() == ["private/slips/s1.jpg"]
