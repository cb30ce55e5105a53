"""What Messenger refuses is tried again where its error table says that this helps, else failed with the reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from channels.messenger import errors
from gateway import sentences
from shop import views
from shop.db import Database
from tests.gateway.fakes import FakeRasa
from tests.gateway.messenger import Messenger
from tests.gateway.rows import all_done, outbox
from tests.gateway.waiting import until
from tests.gateway.world import Web

#: How an error is called by the simulator → what the outbox shall have written.
PERMANENT = {
    "no_user": ("100/2018001", errors.NO_SUCH_PERSON),
    "unavailable": ("551/1545041", errors.UNAVAILABLE),
    "cannot_receive": ("10/2018108", errors.UNAVAILABLE),
    "thread": ("10/2018300", errors.OTHER_APP),
    "not_a_tester": ("200/2018028", errors.NOT_A_TESTER),
    "retired_tag": ("100/1893061", errors.INVALID),
    "attachment_size": ("100/2018109", errors.PICTURE),
    "deleted": ("9000001", errors.DELETED),
}
#: How an error is called → how often its message is sent at all, the first time included.
TEMPORARY = {"unknown": 8, "temporary": 8, "send_failed": 8, "html": 3, "drop": 3, "picture": 2}
UNKNOWN: dict[str, Any] = {"code": 4711, "message": "never heard of"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url  # which database it is makes no difference here


async def test_a_permanent_error_fails_its_message_at_once_and_lets_the_next_one_go(
    chat: Web, database: Database, messenger: Messenger
) -> None:
    people = {name: f"70{number:02d}" for number, name in enumerate(PERMANENT)}
    await messenger.meet(*people.values())
    await messenger.goes_wrong(*({"error": name, "psid": people[name], "times": 1} for name in PERMANENT))
    for psid in people.values():
        await messenger.says(psid, "one", "two")
    await until(lambda: len(outbox(database)) == 2 * len(people) and all_done(database))

    with database.reading() as session:
        unsent = {row.conversation: row for row in views.unsent(session)}
    assert len(unsent) == len(people)
    for name, (code, meaning) in PERMANENT.items():
        row = unsent[f"1:{people[name]}"]
        assert (name, row.state, row.code, row.attempts) == (name, "failed", code, 1)
        assert json.loads(row.error or "") == meaning.sentence
        assert await messenger.texts(people[name]) == ["re: two"]
    assert len(await messenger.sends()) == 2 * len(people)
    with database.reading() as session:
        assert not views.troubled_channels(session)


async def test_a_passing_error_is_tried_again_until_the_message_arrives(
    chat: Web, database: Database, messenger: Messenger, hasty: None
) -> None:
    people = {name: f"70{number:02d}" for number, name in enumerate(TEMPORARY)}
    await messenger.meet(*people.values())
    await messenger.goes_wrong(
        *(
            {"error": name, "psid": people[name], "times": min(most - 1, 3)}
            for name, most in TEMPORARY.items()
        )
    )
    for psid in people.values():
        await messenger.says(psid, "one")
    await until(lambda: len(outbox(database)) == len(people) and all_done(database))

    assert {(row.state, row.code, row.error) for row in outbox(database)} == {("sent", None, None)}
    for name, most in TEMPORARY.items():
        assert await messenger.texts(people[name]) == ["re: one"], name
        assert len(await messenger.sends(people[name])) == 1 + min(most - 1, 3), name


async def test_an_error_that_does_not_pass_is_given_up_after_its_tries(
    chat: Web, database: Database, messenger: Messenger, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels.base.LONGEST_PAUSE", 0.1)
    monkeypatch.setattr("gateway.outbox.ECHO_SECONDS", 0.0)
    people = {name: f"70{number:02d}" for number, name in enumerate([*TEMPORARY, "4711"])}
    await messenger.meet(*people.values())
    ever: list[dict[str, Any]] = [{"error": name, "psid": people[name]} for name in TEMPORARY]
    await messenger.goes_wrong(*ever, {"error": UNKNOWN, "psid": people["4711"]})
    for psid in people.values():
        await messenger.says(psid, "one")
    await until(lambda: len(outbox(database)) == len(people) and all_done(database), seconds=30)

    rows = {row.conversation: row for row in outbox(database)}
    for name, most in {**TEMPORARY, "4711": 3}.items():
        row = rows[f"1:{people[name]}"]
        assert (name, len(await messenger.sends(people[name]))) == (name, most)
        lost_answer = name in ("html", "drop")
        assert row.state == ("uncertain" if lost_answer else "failed"), name
        said = json.loads(row.error or "")
        assert all(said[language] for language in ("th", "en")), name
        assert (said == sentences.UNCERTAIN) == lost_answer, name
    assert rows[f"1:{people['temporary']}"].code == "2"
    assert rows[f"1:{people['4711']}"].code == "4711"


@pytest.mark.parametrize("cause", ["a payload too long", "an error of ours"])
async def test_a_reply_that_cannot_be_shown_fails_alone_and_at_once(
    chat: Web,
    database: Database,
    rasa: FakeRasa,
    messenger: Messenger,
    monkeypatch: pytest.MonkeyPatch,
    cause: str,
) -> None:
    too_long = [{"text": "choose", "buttons": [{"title": "this", "payload": "/" + "x" * 1200}]}]
    rasa.answer = lambda turn: too_long if turn["text"] == "bad" else None
    if cause == "an error of ours":
        monkeypatch.setattr("channels.messenger.render.choices", None)
    await messenger.meet("7001")
    await messenger.says("7001", "bad", "good")
    await until(messenger.has_seen("7001", 1))
    await until(lambda: all_done(database))
    bad, good = outbox(database)
    assert (bad.state, bad.attempts, good.state) == ("failed", 1, "sent")
    assert json.loads(bad.error or "") == sentences.CANNOT_BE_SHOWN
    assert await messenger.texts("7001") == ["re: good"]
