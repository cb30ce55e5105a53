"""The operator's commands on a real database: what they change, what they say, and how they refuse."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from shop import accounts, audit, connections, errands, mailbox, passwords, people, second_factor, sign_ins
from shop.db import Database, utc_now
from shop.errands import Kind
from shop.errors import SignInRefused
from shop.models import AuditEntry, InboxEvent, Utterance
from shop.vault import Vault
from talad import cli
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_variant
from training import model

KEY = "k" * 40
SECRETS = "page-token\napp-secret\nverify-words\n"

Command = Callable[..., Result]


@pytest.fixture
def talad(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`talad("inbox", "--replay", "3", typed="…")` in an empty folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TALAD_DATABASE_URL", database_url)
    monkeypatch.setenv("TALAD_SECRET_KEY", KEY)
    # Nothing listens at port 9 ("discard"): a command that needs Meta must say that it is not there.
    monkeypatch.setenv("TALAD_GRAPH_URL", "http://127.0.0.1:9/v26.0")
    for process in ("RASA", "ACTIONS"):
        monkeypatch.setenv(f"TALAD_{process}_URL", "http://127.0.0.1:9")
    for process in ("GATEWAY", "CONSOLE", "SIMULATOR"):
        monkeypatch.setenv(f"TALAD_{process}_BIND", "127.0.0.1:9")

    def run(*arguments: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(cli.cli, arguments, input=typed)

    return run


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def connect(talad: Command, page: str = "123456") -> Result:
    return talad("channel", "add", "messenger", "--page-id", page, "--name", "Baan Fai", typed=SECRETS)


def test_a_page_is_connected_with_sealed_secrets_that_are_not_shown(
    talad: Command, database: Database
) -> None:
    result = connect(talad)
    assert result.exit_code == 0
    assert "Page 123456 is channel 1" in result.output
    assert not any(secret in result.output for secret in SECRETS.split())
    with database.reading() as session:
        [channel] = accounts.connected(session)
        assert channel.token != "page-token"
        assert Vault(KEY).open(channel.token) == "page-token"


def test_a_page_given_again_gets_the_new_secrets_and_stays_one(talad: Command, database: Database) -> None:
    connect(talad)
    assert "Page 123456 is channel 1" in connect(talad).output
    with database.reading() as session:
        assert len(accounts.connected(session)) == 1
        assert not errands.is_due(session, utc_now())


def test_a_disconnected_page_given_again_is_put_back_at_messenger_as_in_the_console(
    talad: Command, database: Database
) -> None:
    connect(talad)
    with database.transaction() as session:
        connections.disconnect(session, 1, by="ploy@example.com", now=utc_now())
    connect(talad)
    with database.reading() as session:
        errand = errands.latest(session, (Kind.SET_UP,), 1)
        assert accounts.get(session, 1).active
        assert errand is not None and errand.asked_by == audit.OPERATOR


def test_a_person_added_can_sign_in(talad: Command, database: Database) -> None:
    added = talad("user", "add", "nok@example.com", "--name", "Nok", "--password", "a long enough password")
    assert added.exit_code == 0, added.output
    with database.reading() as session:
        nok = people.by_email(session, "nok@example.com")
        assert nok is not None
        assert (nok.name, nok.role, nok.active) == ("Nok", "owner", True)
        assert passwords.fits(nok.password, "a long enough password")


def test_people_get_roles_are_listed_and_let_in_at_night(talad: Command, database: Database) -> None:
    password = ("--password", "a long enough password")
    talad("user", "add", "nok@example.com", "--name", "Nok", *password)
    added = talad("user", "add", "Lek@Example.com", "--name", "Lek", "--role", "packer", *password)
    assert "lek@example.com can sign in now, as packer." in added.output
    with database.transaction() as session:
        lek = people.by_email(session, "lek@example.com")
        assert lek is not None
        vault, now = Vault(KEY), utc_now()
        second_factor.offer(session, vault, lek)
        lek.totp_since = now
        secret = sign_ins.sign_in(session, lek, now)
    listed = talad("user", "list").output
    assert "nok@example.com  owner  password only  never seen" in listed
    assert "lek@example.com  packer  two steps  last seen " in listed
    assert "password alone" in talad("user", "reset-second-step", "lek@example.com").output
    assert "lek@example.com  packer  password only" in talad("user", "list").output
    assert talad("user", "sign-out", "lek@example.com").exit_code == 0
    with database.reading() as session, pytest.raises(SignInRefused):
        sign_ins.signed_in(session, secret, now)
    with database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.by == audit.OPERATOR))
        done = [(entry.action, entry.subject) for entry in entries]
    assert done == [
        ("user.add", "nok@example.com"),
        ("user.add", "lek@example.com"),
        ("user.reset_second_step", "lek@example.com"),
        ("user.sign_out", "lek@example.com"),
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "nok@example.com", "--name", "Nok", "--password", "short"), "at least 10 characters"),
        (("add", "nok@example.com", "--name", "Nok", "--password", "1234567890"), "easy to guess"),
        (("add", "nok", "--name", "Nok", "--password", "a long enough password"), "not an email"),
        (("reset-second-step", "nobody@example.com"), "no account nobody@example.com"),
    ],
)
def test_what_cannot_be_done_with_people_is_said(
    talad: Command, database: Database, arguments: tuple[str, ...], words: str
) -> None:
    refused = talad("user", *arguments)
    assert refused.exit_code != 0
    assert words in f"{refused.output} {refused.exception}"


def test_the_only_owner_is_not_made_a_packer_by_command(talad: Command, database: Database) -> None:
    add = ("user", "add", "nok@example.com", "--name", "Nok", "--password", "a long enough password")
    talad(*add)
    refused = talad(*add, "--role", "packer")
    assert refused.exit_code != 0
    assert "nok@example.com  owner" in talad("user", "list").output


def test_what_was_set_aside_is_listed_and_tried_again(talad: Command, database: Database) -> None:
    with database.transaction() as session:
        channel = make_channel(session)
        event = mailbox.open_event(
            account_id="100",
            key="mid:1",
            channel_id=channel.id,
            conversation="1:nok",
            kind="message",
            raw={},
            now=NOW,
        )
        [event_id] = mailbox.keep_events(session, [{**event, "state": "dead"}])
    listed = talad("inbox")
    assert f"{event_id}  2026-11-02 03:04 UTC  1:nok  message" in listed.output
    assert "1 set aside" in listed.output

    assert talad("inbox", "--replay", str(event_id)).exit_code == 0
    with database.reading() as session:
        assert session.scalars(select(InboxEvent.state)).all() == ["open"]
    again = talad("inbox", "--replay", str(event_id))
    assert again.exit_code == 1
    assert "is not set aside" in again.output


def test_orders_are_exported_for_a_spreadsheet(talad: Command, database: Database, tmp_path: Path) -> None:
    with database.transaction() as session:
        make_shop(session)
        customer = make_customer(session, make_channel(session), name="=HYPERLINK(evil)")
        number = make_order(session, customer, make_variant(session), quantity=2).number
    assert "1 rows" in talad("export", "orders.csv").output
    file = tmp_path / "orders.csv"
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")  # without it Excel takes Thai for something else
    [row] = csv.DictReader(file.read_text("utf-8-sig").splitlines())
    assert row["number"] == number
    assert row["customer"] == "'=HYPERLINK(evil)"
    assert (row["quantity"], row["unit_price"], row["order_total"]) == ("2", "250.00", "540.00")


def test_what_was_taught_is_shown_and_put_into_the_files(
    talad: Command, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = tmp_path / "data/nlu/talk.yml"
    talk.parent.mkdir(parents=True)
    talk.write_text(
        "nlu:\n- intent: greet\n  examples: |\n    - สวัสดี\n- intent: thank\n  examples: |\n    - ขอบคุณ\n"
    )
    monkeypatch.setattr(model, "ROOT", tmp_path)
    with database.transaction() as session:
        for number, (text, intent) in enumerate((("โย่ว", "greet"), ("ขอบคุณ", "greet"))):
            values = {"key": text, "text": text, "taught_text": text, "taught_intent": intent}
            now = {"last_heard_at": NOW, "decided_at": NOW, "decided_by": "ploy@example.com"}
            sure = {"language": "th", "intent": intent, "confidence": 0.4, "certainty": 0.4}
            session.add(Utterance(id=number + 1, verdict="taught", **values, **now, **sure))
    said = talad("taught").output
    assert "not possible, other_intent: greet: ขอบคุณ (data/nlu/talk.yml, line 7: thank)" in said
    assert "1 new to the files" in said
    assert "+    - โย่ว\n" in talad("taught", "--diff").output
    assert "- โย่ว" not in talk.read_text()
    assert "1 put into the files" in talad("taught", "--write").output
    assert "    - สวัสดี\n    - โย่ว\n- intent: thank" in talk.read_text()
    assert "0 new to the files" in talad("taught").output


def test_the_demo_shop_needs_an_empty_database(talad: Command) -> None:
    first = talad("demo")
    assert "password: " in first.output
    assert talad("demo", "--if-empty").output == ""
    again = talad("demo")
    assert again.exit_code == 1
    assert "needs an empty one" in again.output


def test_the_doctor_says_what_to_do_about_each_thing_that_is_missing(talad: Command) -> None:
    result = talad("doctor")
    assert result.exit_code == 1
    for what, advice in {
        "database": "talad demo",
        "gateway": "is it running?",
        "rasa": "is it running?",
    }.items():
        assert any(
            line.startswith(f"FIX  {what}") and advice in line for line in result.output.splitlines()
        ), result.output
    assert "ok   pictures" in result.output


def test_a_page_that_cannot_be_reached_is_a_sentence_and_not_a_traceback(
    talad: Command, database: Database
) -> None:
    with database.transaction() as session:
        make_shop(session)
    connect(talad)
    result = talad("channel", "setup")
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "FIX  Baan Fai" in result.output


def test_without_a_page_the_next_command_is_named(talad: Command, database: Database) -> None:
    with database.transaction() as session:
        make_shop(session)
    assert "talad channel add messenger" in talad("channel", "setup").output


def test_a_malformed_setting_is_one_sentence(talad: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALAD_DATABASE_URL", "mysql://somewhere")
    monkeypatch.setattr("sys.argv", ["talad", "migrate"])
    with pytest.raises(SystemExit, match="TALAD_DATABASE_URL") as refused:
        cli.main()
    assert "\n" not in str(refused.value).strip()
