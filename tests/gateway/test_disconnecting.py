"""A Page is disconnected and used again, at the simulated Messenger: what its customers see, and what becomes of what
waits.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from gateway import page_setup
from shop import accounts, connections, errands, notices, payments
from shop.db import Database, utc_now
from shop.errands import Kind
from shop.models import Channel, Errand, Notice
from shop.vault import Vault, WrongKey
from talad.settings import Settings
from tests.factories import make_shop
from tests.gateway.messenger import DEMO_SECRETS, Messenger
from tests.gateway.notices import notice
from tests.gateway.rows import all_done, inbox, outbox
from tests.gateway.silence import NOK, Silence, becomes
from tests.gateway.waiting import until
from tests.gateway.world import PAGE, SECRET_KEY, Web, running

BY = "ploy@example.com"
SET = {"get_started", "greeting", "persistent_menu"}


class Seller:
    """Who disconnects the Page and uses it again, as the console does."""

    def __init__(self, database: Database, page: int, messenger: Messenger) -> None:
        self.database, self.page, self.messenger = database, page, messenger

    async def sets_up(self) -> Errand:
        with self.database.transaction() as session:
            asked = errands.ask(session, Kind.SET_UP, channel_id=self.page, by=BY, now=utc_now())
        return await self.done(asked.id)

    async def disconnects(self) -> Errand:
        return await self.done(self.asks_to_disconnect())

    def asks_to_disconnect(self) -> int:
        with self.database.transaction() as session:
            return connections.disconnect(session, self.page, by=BY, now=utc_now()).id

    async def uses_again(self) -> Errand:
        with self.database.transaction() as session:
            asked = connections.use_again(session, self.page, by=BY, now=utc_now())
        assert asked is not None
        return await self.done(asked.id)

    async def done(self, errand_id: int) -> Errand:
        def look() -> Errand | None:
            with self.database.reading() as session:
                errand = errands.get(session, errand_id)
                return errand if errand.done_at else None

        found: Errand = await until(look)
        return found

    async def shown(self) -> tuple[set[str], list[str]]:
        """What customers see of the shop before the first word, and which events Meta sends us."""
        found = await self.messenger.control(f"pages/{PAGE}")
        return set(found["profile"]), found["fields"]

    async def calls(self, edge: str) -> list[str]:
        calls = (await self.messenger.control("graph-calls", edge=edge))["calls"]
        return [call["method"] for call in calls]

    def channel(self) -> Channel:
        with self.database.reading() as session:
            return accounts.get(session, self.page)


@pytest.fixture
async def ploy(chat: Web, database: Database, page: int, messenger: Messenger) -> AsyncIterator[Seller]:
    """She has set the Page up."""
    with database.transaction() as session:
        make_shop(session)
    ploy = Seller(database, page, messenger)
    assert (await ploy.sets_up()).ok
    assert (await ploy.shown())[0] == SET
    yield ploy


def says(errand: Errand) -> list[tuple[bool, str]]:
    return [(line.ok, str(line.says["en"])) for line in errands.lines(errand)]


async def test_menu_greeting_and_subscription_are_gone_at_messenger(ploy: Seller) -> None:
    errand = await ploy.disconnects()
    assert errand.ok and [ok for ok, _ in says(errand)] == [True, True]
    assert await ploy.shown() == (set(), [])
    assert not ploy.channel().active and ploy.channel().shown_at is None
    await ploy.messenger.meet(NOK)
    await ploy.messenger.says(NOK, "anybody there?")
    await ploy.messenger.control("idle")
    assert not [event for event in inbox(ploy.database) if event.kind == "message"]


async def test_once_more_finds_nothing_to_do(ploy: Seller) -> None:
    await ploy.disconnects()
    assert (await ploy.disconnects()).ok
    assert (await ploy.calls("messenger_profile")).count("DELETE") == 1


async def test_a_menu_that_another_app_has_set_since_stays(ploy: Seller) -> None:
    theirs = {"get_started": {"payload": "THEIRS"}, "greeting": [{"locale": "default", "text": "Theirs"}]}
    await ploy.messenger.control(f"pages/{PAGE}", {"profile": theirs})
    errand = await ploy.disconnects()
    assert errand.ok and "another app" in says(errand)[0][1]
    assert await ploy.shown() == (set(theirs), [])


async def test_a_dead_token_is_said_in_plain_words_with_what_to_do_by_hand(ploy: Seller) -> None:
    await ploy.messenger.control(f"pages/{PAGE}", {"token_valid": False})
    errand = await ploy.disconnects()
    [dead, by_hand] = says(errand)
    assert not errand.ok and errand.attempts == 1
    assert "no longer takes the Page's token" in dead[1] and "Business Integrations" in by_hand[1]
    assert "โทเค็น" in str(errands.lines(errand)[0].says["th"])
    assert await ploy.calls("subscribed_apps") == ["POST"]  # with the same token it would fail too
    assert not ploy.channel().active and ploy.channel().shown_at is not None


@pytest.mark.parametrize("edge", ["messenger_profile", "subscribed_apps"])
@pytest.mark.parametrize("error", ["temporary", "html"])
async def test_after_a_passing_error_it_is_tried_again_by_itself(
    ploy: Seller, hasty: None, edge: str, error: str
) -> None:
    await ploy.messenger.goes_wrong({"error": error, "edge": edge, "times": 2})
    errand = await ploy.disconnects()
    assert errand.ok and errand.attempts == 3
    assert await ploy.shown() == (set(), [])


async def test_what_messenger_will_never_do_says_why_and_the_other_step_is_done_all_the_same(
    ploy: Seller,
) -> None:
    await ploy.messenger.goes_wrong({"error": "permission", "edge": "messenger_profile"})
    errand = await ploy.disconnects()
    assert [ok for ok, _ in says(errand)] == [False, True, False]
    assert "permissions" in says(errand)[0][1] and "Business Integrations" in says(errand)[2][1]
    assert await ploy.shown() == (SET, [])


async def test_used_again_everything_is_back(ploy: Seller) -> None:
    await ploy.disconnects()
    errand = await ploy.uses_again()
    assert errand.ok
    shown, fields = await ploy.shown()
    assert shown == SET and "messages" in fields
    assert ploy.channel().active and ploy.channel().shown_at is not None


async def test_new_secrets_bring_it_back_too(ploy: Seller) -> None:
    await ploy.disconnects()
    typed = {**DEMO_SECRETS, "name": "Baan Fai", "app_id": "200000000000001"}
    new = vars(accounts.typed(Vault(SECRET_KEY), typed, ploy.channel()))
    with ploy.database.transaction() as session:
        asked = errands.ask(session, Kind.CONNECT, detail=new, by=BY, now=utc_now())
    assert (await ploy.done(asked.id)).ok

    async def is_back() -> bool:
        shown, fields = await ploy.shown()
        return shown == SET and "messages" in fields

    await until(is_back)
    with ploy.database.reading() as session:
        setting_up = errands.latest(session, (Kind.SET_UP,), ploy.page)
    assert setting_up is not None and setting_up.asked_by == BY


async def test_nothing_brings_a_disconnected_page_back_by_itself(
    ploy: Seller, chat_settings: Settings
) -> None:
    """Neither what was asked for before, nor `talad channel setup`, nor a gateway that starts with the Page's secrets
    in its settings."""
    await ploy.disconnects()
    for kind in (Kind.SET_UP, Kind.SHOW):
        with ploy.database.transaction() as session:
            asked = errands.ask(session, kind, channel_id=ploy.page, by=BY, now=utc_now())
        errand = await ploy.done(asked.id)
        assert not errand.ok and "disconnected" in says(errand)[0][1]
    assert await page_setup.set_up_all(chat_settings, ploy.database) == []
    first_page = {f"messenger_{name}": value for name, value in DEMO_SECRETS.items() if name != "token"}
    values = {**first_page, "messenger_page_id": PAGE, "messenger_page_token": DEMO_SECRETS["token"]}
    async with running(chat_settings.model_copy(update=values)):
        assert not ploy.channel().active
    assert await ploy.shown() == (set(), [])


async def test_what_was_to_be_taken_down_stays_when_the_page_is_used_again_before(
    chat_settings: Settings, database: Database, page: int, messenger: Messenger
) -> None:
    """No gateway runs while the seller changes their mind."""
    with database.transaction() as session:
        make_shop(session)
    ploy = Seller(database, page, messenger)
    down = ploy.asks_to_disconnect()
    with database.transaction() as session:
        connections.use_again(session, page, by=BY, now=utc_now())
    async with running(chat_settings):
        assert not (await ploy.done(down)).ok
        await until(lambda: ploy.channel().shown_at)
    assert "DELETE" not in await ploy.calls("messenger_profile") + await ploy.calls("subscribed_apps")


async def test_a_page_is_not_taken_down_while_it_is_being_set_up(ploy: Seller) -> None:
    await ploy.messenger.behaves(graph_delay=0.1)
    with ploy.database.transaction() as session:
        up = errands.ask(session, Kind.SET_UP, channel_id=ploy.page, by=BY, now=utc_now()).id

    def has_begun() -> bool:
        with ploy.database.reading() as session:
            return errands.get(session, up).fence > 0

    await until(has_begun)
    errand = await ploy.disconnects()
    assert errand.ok and await ploy.shown() == (set(), [])
    assert (await ploy.done(up)).done_at <= errand.done_at  # type: ignore[operator]


async def test_news_of_an_order_wait_on_the_order_and_are_told_when_the_page_is_used_again(
    nok: Silence, ploy: Seller
) -> None:
    order = nok.order()
    await ploy.disconnects()
    notice_id = nok.pays(order)
    waiting = notice(ploy.database, notice_id)
    assert (waiting.state, waiting.reason) == ("not_told", notices.DISCONNECTED)
    await ploy.uses_again()
    await becomes(nok, notice_id, "told")
    assert [one["text"] for one in await nok.seen()] == ["re: notice"]


async def test_news_that_are_already_on_their_way_to_the_bot_wait_on_the_order_too(
    nok: Silence, ploy: Seller, chat: Web
) -> None:
    order = nok.order()
    with ploy.database.transaction() as session:
        accounts.switch_off(accounts.get(session, ploy.page))
    await chat.service.directory.refresh()
    with ploy.database.transaction() as session:  # somebody confirmed a moment before
        accounts.go_on(accounts.get(session, ploy.page))
        payments.confirm(session, order.id, by=BY, now=utc_now())
        down = connections.disconnect(session, ploy.page, by=BY, now=utc_now()).id
        notice_id = session.query(Notice.id).filter_by(order_id=order.id).scalar()
    waiting = await becomes(nok, notice_id, "not_told")
    assert (waiting.reason, waiting.parked) == (notices.DISCONNECTED, True)
    await ploy.done(down)
    await ploy.uses_again()
    await becomes(nok, notice_id, "told")
    assert [one["text"] for one in await nok.seen()] == ["re: notice"]


async def test_messages_that_wait_stay_and_go_out_when_the_page_is_used_again(
    nok: Silence, ploy: Seller, chat: Web
) -> None:
    await nok.messenger.goes_wrong({"error": "rate_limit", "times": 1})
    await nok.messenger.says(NOK, "how much?")
    await until(lambda: any(row.state == "open" for row in outbox(ploy.database)))
    await ploy.disconnects()
    await chat.service.directory.refresh()
    with ploy.database.reading() as session:
        assert [one.messages for one in connections.waiting(session)] == [1]
    assert len(await nok.seen()) == 0
    await ploy.uses_again()
    await until(nok.messenger.has_seen(NOK, 2))
    await until(lambda: all_done(ploy.database))
    assert [one["text"] for one in await nok.seen()] == ["re: how much?"]


async def test_nothing_is_asked_of_a_page_whose_secrets_cannot_be_read(
    ploy: Seller, chat_settings: Settings, database: Database
) -> None:
    other = chat_settings.model_copy(update={"secret_key": "another key " * 4})
    async with aiohttp.ClientSession() as http:
        channel = ploy.channel()

        async def report(lines: Any) -> None:
            raise AssertionError("nothing can have been done")

        with pytest.raises(WrongKey):
            await page_setup.take_down(other, database, http, channel, report)
    assert (await ploy.shown())[0] == SET
