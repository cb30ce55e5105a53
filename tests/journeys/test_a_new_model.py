"""The bot takes another model while customers type: no message is lost, none is answered twice, none out of order."""

from __future__ import annotations

import json
import random
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from shop import bot_models, media
from shop.db import Database, utc_now
from shop.media import MediaStore
from shop.models import BotModel, InboxEvent, OutboxMessage
from tests.journeys.simulated import Simulator
from tests.journeys.test_nothing_is_lost import wait_until_quiet
from tests.support.stack import Stack
from training import model

CUSTOMERS = 12
SWAPS = 10
TRAINER = "fern@example.com"
#: What is typed, each with an answer of its own that does not depend on what was said before.
TYPED = ("thank you", "what is in my cart?", "how do I pay?", "my orders please", "goodbye")
#: What it is like without another model, for comparison.
_CALM_SECONDS = 10


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """All that a message passes through, with models of its own."""
    folder = tmp_path_factory.mktemp("new-model")
    with Stack(folder, processes=("rasa", "actions", "simulator", "gateway")) as running:
        yield running


@pytest.fixture(scope="module")
def database(stack: Stack) -> Iterator[Database]:
    opened = Database(stack.settings.database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def simulator(stack: Stack) -> Simulator:
    return Simulator(stack.addresses["simulator"])


def until(what: Callable[[], Any], seconds: float = 60) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, f"waited {seconds} s in vain"
        time.sleep(0.1)
    return found


def runs(stack: Stack) -> str:
    """The model that Rasa has."""
    with urllib.request.urlopen(stack.addresses["rasa"] + "/webhooks/talad/", timeout=30) as answer:
        return str(json.load(answer)["model"])


def in_use(database: Database) -> BotModel | None:
    with database.reading() as session:
        return bot_models.in_use(session)


def publish(database: Database, model_id: int) -> str:
    with database.transaction() as session:
        return bot_models.publish(session, model_id, by=TRAINER, now=utc_now()).name


def another(stack: Stack, database: Database, name: str) -> int:
    """The model of the files under another name, known as one that was published before. Its id."""
    store, key = MediaStore(stack.settings.media_url), media.new_key(media.PRIVATE, "models", "tar.gz")
    store.put(key, model.path().read_bytes())
    parts: dict[str, Any] = {"taught": "", "taught_count": 0, "archive": key, "now": utc_now()}
    with database.transaction() as session:
        files = model.fingerprint(with_examples=False)
        return bot_models.of_the_files(session, name=name, files=files, **parts).id


def answers(simulator: Simulator, psid: str) -> list[str]:
    """What the shop said, without the numbers that tell messages apart."""
    said = [{**message, "metadata": None} for message in simulator.said(psid)]
    return [json.dumps(message, sort_keys=True, ensure_ascii=False) for message in said]


def arrived(database: Database) -> int:
    """How many messages of customers the gateway has."""
    with database.reading() as session:
        return session.scalar(select(func.count(InboxEvent.id)).where(InboxEvent.kind == "message")) or 0


def say(database: Database, simulator: Simulator, psid: str, text: str) -> list[str]:
    """The answers to what a customer types while nobody else does."""
    before, there = len(answers(simulator, psid)), arrived(database)
    simulator.post(f"customers/{psid}/text", text=text)
    until(lambda: arrived(database) == there + 1)
    wait_until_quiet(database)
    return answers(simulator, psid)[before:]


def come(database: Database, simulator: Simulator, psid: str) -> None:
    simulator.post("customers", psid=psid, name="Nok", locale="en_US")
    say(database, simulator, psid, "hello")


def test_models_are_exchanged_under_load_and_every_message_is_answered_once_and_in_order(
    stack: Stack, database: Database, simulator: Simulator
) -> None:
    until(lambda: in_use(database))
    ids = [another(stack, database, name) for name in ("talad-first", "talad-second")]
    until(lambda: runs(stack) == "talad-second")
    people = [f"9000000000000{number:03d}" for number in range(CUSTOMERS + 1)]
    for psid in people:
        come(database, simulator, psid)
    expected = learnt(database, simulator, people.pop())
    greeted = {psid: answers(simulator, psid) for psid in people}
    there = arrived(database)
    with database.reading() as session:
        last_event = session.scalar(select(func.max(InboxEvent.id))) or 0

    over = threading.Event()

    def types(psid: str) -> list[str]:
        typed = []
        while not over.is_set():
            typed.append(random.choice(TYPED))
            simulator.post(f"customers/{psid}/text", text=typed[-1])
            time.sleep(random.uniform(0.5, 2.5))
        return typed

    with ThreadPoolExecutor(CUSTOMERS) as crowd:
        typing = {psid: crowd.submit(types, psid) for psid in people}
        try:
            time.sleep(_CALM_SECONDS)
            begin = utc_now()
            seconds = [exchange(stack, database, ids[number % 2]) for number in range(SWAPS)]
        finally:
            over.set()
        typed = {psid: done.result() for psid, done in typing.items()}
    until(lambda: arrived(database) == there + sum(map(len, typed.values())))
    wait_until_quiet(database)

    for psid in people:
        heard = answers(simulator, psid)[len(greeted[psid]) :]
        assert heard == [answer for text in typed[psid] for answer in expected[text]], psid
    with database.reading() as session:
        events = session.scalars(select(InboxEvent).where(InboxEvent.id > last_event)).all()
        said = session.scalars(select(OutboxMessage)).all()
    messages = [event for event in events if event.kind == "message"]
    assert len(messages) == sum(map(len, typed.values()))
    assert {(event.state, event.error, event.attempts) for event in messages} == {("done", None, 1)}
    assert {message.state for message in said} == {"sent"}
    print(
        f"\n{len(messages)} messages of {CUSTOMERS} customers; {SWAPS} models exchanged, each running "
        f"{max(seconds):.1f} s after it was published at the latest"
    )
    for when, some in (
        ("before", [event for event in messages if event.created_at < begin]),
        ("meanwhile", [event for event in messages if event.created_at >= begin]),
    ):
        waits = sorted((one.done_at - one.created_at).total_seconds() for one in some if one.done_at)
        print(f"{when}: {len(waits)}, median {waits[len(waits) // 2]:.2f} s, longest wait {waits[-1]:.2f} s")

    name = runs(stack)
    stack.kill("rasa")
    stack.wait_until_up("rasa")
    assert runs(stack) == name  # it starts with what is published, not with the model of the files


def learnt(database: Database, simulator: Simulator, psid: str) -> dict[str, list[str]]:
    """What the bot answers to each text."""
    found = {text: say(database, simulator, psid, text) for text in TYPED}
    assert len({tuple(answer) for answer in found.values()}) == len(TYPED) and all(found.values()), found
    return found


def exchange(stack: Stack, database: Database, model_id: int) -> float:
    """Publish the model and wait until Rasa runs it; the seconds that took."""
    start = time.monotonic()
    name = publish(database, model_id)
    until(lambda: runs(stack) == name)
    return time.monotonic() - start
