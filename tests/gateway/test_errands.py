"""The gateway does what the console asks for, at the simulated Messenger."""

from __future__ import annotations

from typing import Any

import pytest

from channels.messenger import utility
from gateway import errands as working
from shop import accounts, errands, message_templates
from shop.db import Database, utc_now
from shop.errands import Kind
from shop.models import Channel, Errand
from shop.vault import Vault
from tests.factories import make_shop
from tests.gateway.messenger import DEMO_SECRETS, Messenger
from tests.gateway.waiting import until
from tests.gateway.world import PAGE, SECRET_KEY, Web, running, said
from tests.seller_console.support import free_port

TYPED = {**DEMO_SECRETS, "account_id": PAGE, "name": "Baan Fai", "app_id": "200000000000001"}
VAULT = Vault(SECRET_KEY)


@pytest.fixture
def chat_environment(chat_environment: dict[str, str]) -> dict[str, str]:
    """Nobody answers where the actions should be, whatever else runs on this machine."""
    return {**chat_environment, "TALAD_ACTIONS_URL": f"http://127.0.0.1:{free_port()}"}


@pytest.fixture
def ask(database: Database) -> Any:
    def ask(kind: Kind, **asked: Any) -> int:
        with database.transaction() as session:
            return errands.ask(session, kind, by="ploy@example.com", now=utc_now(), **asked).id

    return ask


@pytest.fixture
def shop(database: Database) -> None:
    with database.transaction() as session:
        make_shop(session, menu_products_en="Items", greeting_en="Welcome")


def connecting(**changes: str) -> dict[str, str]:
    return vars(accounts.typed(VAULT, {**TYPED, **changes}))


async def done(database: Database, errand_id: int) -> Errand:
    def look() -> Errand | None:
        with database.reading() as session:
            errand = errands.get(session, errand_id)
            return errand if errand.done_at else None

    return await until(look)


async def profile_of(messenger: Messenger) -> dict[str, Any]:
    found: dict[str, Any] = (await messenger.control(f"pages/{PAGE}"))["profile"]
    return found


async def test_a_page_is_connected_once_messenger_takes_its_token(
    chat_settings: Any, messenger: Messenger, database: Database, shop: None, ask: Any
) -> None:
    async with running(chat_settings):
        errand = await done(database, ask(Kind.CONNECT, detail=connecting()))
    assert errand.ok and errand.detail == {}
    with database.reading() as session:
        [channel] = accounts.connected(session)
    assert errand.channel_id == channel.id
    assert (channel.name, channel.app_id) == ("Baan Fai", "200000000000001")
    assert VAULT.open(channel.token) == DEMO_SECRETS["token"]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"token": "wrong"}, "token", "does not take this token"),
        ({"app_secret": "wrong"}, "app_secret", "not the secret of the app"),
        ({"account_id": "55"}, "token", "belongs to another Page"),
    ],
)
async def test_what_messenger_does_not_take_is_named_and_changes_nothing(
    chat: Web, database: Database, ask: Any, changes: dict[str, str], field: str, words: str
) -> None:
    errand = await done(database, ask(Kind.CONNECT, detail=connecting(**changes)))
    [line] = errands.lines(errand)
    assert not errand.ok and words in str(line.says["en"])
    assert errand.detail["field"] == field
    assert not {"token", "app_secret"} & errand.detail.keys()
    with database.reading() as session:
        [channel] = accounts.connected(session)
    assert VAULT.open(channel.token) == DEMO_SECRETS["token"]


async def test_a_page_is_set_up_with_a_line_for_each_step(
    chat: Web, messenger: Messenger, database: Database, shop: None, page: int, ask: Any
) -> None:
    errand = await done(database, ask(Kind.SET_UP, channel_id=page))
    assert errand.ok, errand.lines
    assert len(errand.lines) == 3 + len(list(utility.templates()))
    with database.reading() as session:
        channel = accounts.get(session, page)
        assert channel.shown_at is not None
        assert len(message_templates.of_channel(session, page)) == len(list(utility.templates()))
    shown = await profile_of(messenger)
    assert shown["greeting"][0]["text"] == "Welcome"
    assert shown["persistent_menu"][0]["call_to_actions"][0]["title"] == "Items"


async def test_a_new_greeting_is_sent_again_by_itself_until_messenger_takes_it(
    chat: Web, messenger: Messenger, database: Database, shop: None, page: int, ask: Any, hasty: None
) -> None:
    await messenger.control(
        "scenario", {"graph_errors": [{"error": "temporary", "edge": "messenger_profile", "times": 2}]}
    )
    errand = await done(database, ask(Kind.SHOW, channel_id=page))
    assert errand.ok and errand.attempts == 3
    assert (await profile_of(messenger))["greeting"][0]["text"] == "Welcome"


async def test_a_greeting_that_messenger_will_never_take_says_why(
    chat: Web, messenger: Messenger, database: Database, shop: None, page: int, ask: Any
) -> None:
    await messenger.control(
        "scenario", {"graph_errors": [{"error": "permission", "edge": "messenger_profile"}]}
    )
    errand = await done(database, ask(Kind.SHOW, channel_id=page))
    [line] = errands.lines(errand)
    assert not errand.ok and "permissions" in str(line.says["en"])
    with database.reading() as session:
        assert accounts.get(session, page).shown_at is None


async def test_the_whole_installation_is_looked_at(
    chat: Web, database: Database, shop: None, ask: Any
) -> None:
    errand = await done(database, ask(Kind.EXAMINE))
    by_name = {str(line.about["en"]): line for line in errands.lines(errand)}
    for fine in ("database", "pictures", "gateway", "console", "Page Baan Fai: token"):
        assert by_name[fine].ok, fine
    assert not by_name["actions"].ok and "is it running?" in str(by_name["actions"].says["en"])
    assert "are missing" in str(by_name["Page Baan Fai: message templates"].says["en"])
    assert "ยังขาด" in str(by_name["Page Baan Fai: message templates"].says["th"])


async def test_what_crashes_is_answered_all_the_same(
    chat: Web, database: Database, page: int, ask: Any
) -> None:
    errand = await done(database, ask(Kind.SET_UP, channel_id=page))  # there is no shop
    [line] = errands.lines(errand)
    assert not line.ok and "log" in str(line.says["en"])


async def test_it_is_known_when_a_page_was_last_heard_of(web: Web, database: Database, channel: int) -> None:
    def seen() -> Any:
        with database.reading() as session:
            return session.get_one(Channel, channel).seen_at

    assert seen() is None
    assert await web.deliver(said("nok", "hello")) == 200
    first = seen()
    assert first is not None
    assert await web.deliver(said("nok", "again")) == 200
    assert seen() == first  # to the minute: a burst does not write it with every event


def test_the_fields_it_names_are_those_of_the_form() -> None:
    assert {working.TOKEN, working.APP_SECRET} == set(accounts.SECRETS)
