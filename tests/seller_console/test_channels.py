"""An owner connects Pages and sets them up; the gateway's errands and the simulated Messenger answer."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import asynccontextmanager

import aiohttp
import pytest
from sqlalchemy import select

from channels.messenger import utility
from gateway.errands import Errands
from gateway.groupcommit import GroupCommit
from seller_console import patience
from shop import accounts, audit, connections, errands, payments, people, trial_messages
from shop.db import Database, utc_now
from shop.models import Channel, Customer, Errand, OutboxMessage
from shop.vault import Vault
from talad.settings import Settings
from tests.factories import make_customer
from tests.gateway.waiting import until
from tests.support.simulator import running_simulator

KEY = "k" * 40
PAGE = "100000000000001"
TYPED = {
    "name": "Cotton House", "account_id": PAGE, "token": "demo-page-token", "app_secret": "demo-app-secret",
    "app_id": "200000000000001", "verify_token": "my own words",
}  # fmt: skip
SECRETS = ("demo-page-token", "demo-app-secret")


@pytest.fixture(scope="module")
def simulator():
    with running_simulator() as address:
        yield address


@pytest.fixture
def settings(database_url, tmp_path, simulator):
    return Settings(
        _env_file=None,
        var=tmp_path,
        TALAD_DATABASE_URL=database_url,
        TALAD_SECRET_KEY=KEY,
        graph_url=f"{simulator}/v26.0",
        public_url="https://chat.example.com",
    )


@pytest.fixture
async def control(simulator):
    async with aiohttp.ClientSession() as http:

        async def post(path, body):
            async with http.post(f"{simulator}/control/{path}", json=body) as answer:
                assert answer.status < 300, await answer.text()
                return await answer.json()

        await post("reset", {})
        yield post


@asynccontextmanager
async def doing_errands(settings):
    """As the gateway does them."""
    database = Database(settings.database_url)
    writer = GroupCommit(database)
    async with aiohttp.ClientSession() as http:
        task = asyncio.create_task(Errands(settings, database, writer, http).for_ever(0.05))
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await writer.close()
    database.close()


@pytest.fixture
async def gateway(settings, control):
    async with doing_errands(settings):
        yield


async def follow(visitor, answer, body):
    """The page that a browser ends on."""
    while answer.status == 303:
        answer, body = await visitor.get(answer.headers["Location"].partition("#")[0])
    return answer, body


async def submit(visitor, path, **fields):
    return await follow(visitor, *await visitor.post(path, **fields))


def page_of(database, account_id=PAGE):
    with database.reading() as session:
        return accounts.by_account(session, account_id)


async def test_a_page_is_connected_and_its_secrets_are_never_shown_again(database, ploy, gateway):
    answer, body = await submit(ploy, "/channels/new", **TYPED)
    assert answer.status == 200 and "Messenger takes its token" in body
    channel = page_of(database)
    assert (channel.name, channel.active) == ("Cotton House", True)
    assert Vault(KEY).open(channel.token) == "demo-page-token"
    assert "https://chat.example.com/webhooks/messenger" in body and "my own words" in body
    for path in ("/channels", f"/channels/{channel.id}", f"/channels/{channel.id}/secrets"):
        _, body = await ploy.get(path)
        assert "Cotton House" in body
        assert not any(secret in body for secret in (*SECRETS, channel.token, channel.app_secret))
    with database.reading() as session:
        entries, _ = audit.find(session, audit.Question(actions=["channels.connect"]))
        kept = json.dumps([entry.detail for entry in entries])
        asked = session.scalars(select(Errand)).all()
    assert [entry.subject for entry in entries] == [PAGE]
    assert not any(secret in kept for secret in SECRETS)
    assert [errand.detail for errand in asked] == [{}]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("token", "wrong", "does not take this token"),
        ("app_secret", "wrong", "not the secret of the app"),
        ("account_id", "5555", "belongs to another Page"),
        ("account_id", "my page", "not a number"),
        ("token", "two words", "without spaces"),
        ("name", "", "fill this in"),
    ],
)
async def test_what_cannot_be_used_is_said_at_its_field_and_the_rest_stays(
    database, ploy, gateway, field, value, words
):
    _, body = await submit(ploy, "/channels/new", **{**TYPED, field: value})
    wrong = "token" if (field, value) == ("account_id", "5555") else field
    assert re.search(rf'id="{wrong}-wrong">[^<]*{words}', body), body
    assert 'value="200000000000001"' in body and 'value="my own words"' in body
    assert not any(secret in body for secret in SECRETS)
    assert page_of(database, value if field == "account_id" else PAGE) is None


async def test_only_the_token_is_replaced_when_only_it_is_given(database, ploy, gateway):
    await submit(ploy, "/channels/new", **TYPED)
    before = page_of(database)
    with database.transaction() as session:
        accounts.get(session, before.id).problem = "the token has ended"
    changed = {**TYPED, "name": "Fai", "app_secret": ""}
    _, body = await submit(ploy, f"/channels/{before.id}/secrets", **{**changed, "token": "bad"})
    assert "does not take this token" in body and page_of(database).name == "Cotton House"
    _, body = await submit(ploy, f"/channels/{before.id}/secrets", **changed)
    after = page_of(database)
    assert (after.id, after.name, after.problem) == (before.id, "Fai", None)
    assert after.app_secret == before.app_secret and after.app_secret_at == before.app_secret_at


async def test_a_page_is_set_up_from_the_console_with_a_line_for_each_step(database, ploy, gateway, control):
    await control("scenario", {"template_review": "hold"})
    await submit(ploy, "/channels/new", **TYPED)
    channel = page_of(database)
    _, body = await submit(ploy, f"/channels/{channel.id}/set-up")
    assert "Get started, the greeting and the menu are set." in body
    assert "The Page sends its messages here." in body
    texts = len(list(utility.templates()))
    assert f"The other {texts} steps went well" in body
    assert "message template talad_order_paid_1 (th): pending" in body
    assert f"0 of {texts} approved" in body and "being checked by Meta" in body
    assert page_of(database).shown_at is not None


async def test_what_went_wrong_in_setting_up_is_a_line_to_fix(database, ploy, gateway, control):
    await submit(ploy, "/channels/new", **TYPED)
    channel = page_of(database)
    await control("scenario", {"graph_errors": [{"error": "permission", "edge": "message_templates"}]})
    _, body = await submit(ploy, f"/channels/{channel.id}/set-up")
    assert "To fix:</span> message templates: The app may not write for this Page" in body
    await ploy.post("/language", language="th", next="/channels")
    _, body = await ploy.get(f"/channels/{channel.id}")
    assert "ต้องแก้:</span> ข้อความแจ้งเตือน: แอปยังไม่มีสิทธิ์" in body


async def test_without_a_gateway_the_page_says_so_and_it_is_done_as_soon_as_there_is_one(
    database, ploy, settings, control, monkeypatch
):
    monkeypatch.setattr(patience, "_SECONDS", 0.0)
    answer, _ = await ploy.post("/channels/new", **TYPED)
    waiting = answer.headers["Location"]
    answer, body = await ploy.get(waiting)
    assert "The gateway has not taken this up yet" in body and 'http-equiv="refresh"' in body
    async with doing_errands(settings):
        await until(lambda: page_of(database))
    _, body = await follow(ploy, *await ploy.get(waiting))
    assert "Messenger takes its token" in body


async def at_messenger(control):
    found = await control(f"pages/{PAGE}", {})
    return set(found["profile"]), found["fields"]


@pytest.fixture
async def set_up(database, ploy, gateway):
    """The id of a Page that is connected and set up."""
    await submit(ploy, "/channels/new", **TYPED)
    channel_id = page_of(database).id
    await submit(ploy, f"/channels/{channel_id}/set-up")
    return channel_id


async def test_what_disconnecting_means_for_customers_is_said_before(ploy, set_up):
    _, body = await ploy.get(f"/channels/{set_up}")
    for consequence in (
        "The bot goes silent.",
        "Menu, start button and greeting disappear from Messenger.",
        "Orders, customers and chats stay.",
        "Messages that still wait stay here",
        "You may use the Page again at any time",
    ):
        assert consequence in body
    assert "Yes, disconnect Cotton House" in body


async def test_a_page_is_disconnected_at_messenger_too_and_used_again(database, ploy, set_up, control):
    assert "persistent_menu" in (await at_messenger(control))[0]
    _, body = await submit(ploy, f"/channels/{set_up}/disconnect")
    assert "The Page is disconnected." in body and "Menu, start button and greeting are taken out" in body
    assert "The Page no longer sends its messages here." in body
    assert "Set up the Page" not in body and "Take the menu out of Messenger" not in body
    assert not page_of(database).active and await at_messenger(control) == (set(), [])
    _, body = await submit(ploy, f"/channels/{set_up}/go-on")
    assert "The Page is in use again. Menu and greeting come back" in body
    assert "Get started, the greeting and the menu are set." in body
    shown, fields = await at_messenger(control)
    assert page_of(database).active and "persistent_menu" in shown and "messages" in fields
    with database.reading() as session:
        entries, _ = audit.find(session, audit.Question(subject=PAGE))
        assert {"channels.disconnect", "channels.go_on"} <= {entry.action for entry in entries}


async def test_with_a_dead_token_the_page_says_what_to_do_by_hand_and_it_can_be_tried_again(
    database, ploy, set_up, control
):
    await control(f"pages/{PAGE}", {"token_valid": False})
    _, body = await submit(ploy, f"/channels/{set_up}/disconnect")
    assert "Messenger no longer takes the Page&#39;s token" in body and "Business Integrations" in body
    assert "Take the menu out of Messenger" in body
    await control(f"pages/{PAGE}", {"token_valid": True})
    _, body = await submit(ploy, f"/channels/{set_up}/disconnect")
    assert "Menu, start button and greeting are taken out" in body and "Business Integrations" not in body
    assert await at_messenger(control) == (set(), [])


async def test_without_a_gateway_a_page_is_disconnected_here_and_there_as_soon_as_one_runs(
    database, ploy, settings, control, monkeypatch
):
    monkeypatch.setattr(patience, "_SECONDS", 0.0)
    _, body = await submit(ploy, "/channels/1/disconnect")
    assert "The Page is disconnected." in body and "The gateway has not taken this up yet" in body
    assert not page_of(database, "100").active
    _, body = await submit(ploy, "/channels/1/go-on")
    assert "in use again" in body and page_of(database, "100").active


async def test_a_page_that_was_only_out_of_order_just_goes_on(database, ploy):
    with database.transaction() as session:
        session.get_one(Channel, 1).problem = "the token has ended"
    _, body = await submit(ploy, "/channels/1/go-on")
    assert "Messages that waited are being sent." in body
    with database.reading() as session:
        assert session.scalars(select(Errand)).all() == []


async def test_messages_that_wait_for_a_disconnected_page_are_counted_there_and_among_the_problems(
    database, ploy, visitor
):
    with database.transaction() as session:
        nok = make_customer(session, session.get_one(Channel, 1))
        nok.last_inbound_at = utc_now()
        trial_messages.send(session, 1, nok.id, form="f", by="x", now=utc_now())
        connections.disconnect(session, 1, by="x", now=utc_now())
        people.add_user(
            session, email="lek@example.com", name="Lek", password="a long password", role="staff"
        )
    _, body = await ploy.get("/channels/1")
    assert "Messages that wait here: 1." in body
    _, body = await ploy.get("/problems")
    assert "Messages that wait until the Page is used again: 1" in body and 'href="/channels/1"' in body
    lek = visitor()
    await lek.sign_in("lek@example.com", "a long password")
    _, body = await lek.get("/problems")
    assert "จนกว่าจะกลับมาใช้เพจ 1" in body and 'href="/channels/1"' not in body


async def test_where_one_could_write_it_says_that_the_page_is_disconnected(database, ploy, order):
    with database.transaction() as session:
        customer = session.get_one(Customer, order.customer_id)
        customer.last_inbound_at = utc_now()
        customer.channel.active = False
        payments.confirm(session, order.id, by="x", now=utc_now())
    for path in (f"/chats/{order.customer_id}", f"/orders/{order.number}"):
        _, body = await ploy.get(path)
        assert "This Page is disconnected, so nobody can be written to here." in body
        # The chat's form is there, unseen, for when the Page is used again.
        hidden = re.findall(r'<form [^>]*action="[^"]+/write"[^>]* hidden>', body)
        assert body.count('name="text"') == len(hidden)
    assert "The customer is told when it is used again." in body and "m.me" not in body
    answer, body = await ploy.post(f"/orders/{order.number}/write", text="My own words", form="f")
    assert answer.status == 409 and "My own words" in body and "This Page is disconnected" in body
    answer, body = await ploy.post(f"/chats/{order.customer_id}/write", text="My own words", form="f")
    assert answer.status == 409 and "My own words" in body and "This Page is disconnected" in body
    with database.reading() as session:
        written = select(OutboxMessage).where(OutboxMessage.written_by.is_not(None))
        assert session.scalars(written).all() == []


async def test_a_page_with_a_problem_says_what_it_is(database, ploy):
    with database.transaction() as session:
        session.get_one(Channel, 1).problem = '{"th": "โทเค็นหมดอายุ", "en": "The token has <b>ended</b>."}'
    _, body = await ploy.get("/channels")
    assert "Does not work" in body
    _, body = await ploy.get("/channels/1")
    assert "The token has &lt;b&gt;ended&lt;/b&gt;." in body and "Use the Page again" in body


async def test_a_test_message_goes_to_somebody_who_wrote_lately(database, ploy):
    _, body = await ploy.get("/channels/1")
    assert "Write to the Page from your own Facebook account first" in body
    with database.transaction() as session:
        nok = make_customer(session, session.get_one(Channel, 1), name="<script>Nok")
        nok.last_inbound_at = utc_now()
    _, body = await ploy.get("/channels/1")
    assert "&lt;script&gt;Nok" in body
    form = re.search(r'name="form" value="([^"]+)"', body)[1]
    for _ in range(2):
        _, body = await submit(ploy, "/channels/1/test", customer=str(nok.id), form=form)
    assert "Is being sent" in body
    with database.reading() as session:
        assert len(session.scalars(select(OutboxMessage)).all()) == 1
    answer, body = await ploy.post("/channels/2/test", customer=str(nok.id), form="x")
    assert answer.status == 409 and "cannot be written to any more" in body
    answer, _ = await ploy.post("/channels/1/test", customer="nobody", form="x")
    assert answer.status == 409


async def test_channels_are_for_owners(database, visitor):
    with database.transaction() as session:
        people.add_user(
            session, email="lek@example.com", name="Lek", password="a long password", role="staff"
        )
    lek = visitor()
    await lek.sign_in("lek@example.com", "a long password")
    for answer, _ in (await lek.get("/channels/1"), await lek.post("/channels/1/disconnect")):
        assert answer.status == 403
    assert page_of(database, "100").active


async def test_a_page_that_is_none_is_not_found(ploy):
    for path in ("/channels/99", "/channels/99/secrets", "/channels/connecting/99", "/channels/x"):
        answer, _ = await ploy.get(path)
        assert answer.status == 404, path
    answer, _ = await ploy.post("/channels/99/set-up")
    assert answer.status == 404


async def test_the_errands_of_others_are_no_connections(database, ploy):
    """Any errand's number may be put in the address."""
    with database.transaction() as session:
        errand = errands.ask(session, errands.Kind.EXAMINE, by="x", now=utc_now())
        claim = errands.claim_one(session, utc_now())
        errands.finish(session, claim, [], utc_now())
    answer, _ = await ploy.get(f"/channels/connecting/{errand.id}")
    assert answer.status == 404
