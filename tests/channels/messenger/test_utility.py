"""Our utility templates: what Meta's rules ask of their texts, and what creating and sending puts on the wire."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from channels.base import Credentials, SendError
from channels.messenger import limits, utility
from channels.messenger.events import parse_item
from channels.messenger.send import Client
from channels.messenger.utility import Status, Template
from channels.messenger.utility_texts import BUTTON, SAMPLES, WORDS
from shop.notices import NoticeKind
from tests.channels.messenger.conftest import PAGE
from tests.channels.messenger.fake_graph import Answer, FakeGraph
from tests.gateway.waiting import until
from tests.support.simulator import running_simulator

ALL = list(utility.templates())
RETIRED = ("CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE")
ROOT = Path(__file__).resolve().parents[3]
PRODUCT = ("actions", "channels", "gateway", "seller_console", "shop", "storefront", "talad", "training")


@pytest.fixture(scope="module")
def simulator() -> Iterator[str]:
    with running_simulator() as address:
        yield address


@pytest.fixture
async def page(simulator: str) -> AsyncIterator[Client]:
    """A client of the simulated Page, which has no templates yet."""
    async with aiohttp.ClientSession() as http:
        async with http.post(f"{simulator}/control/reset", json={}) as answer:
            assert answer.status == 200
        yield Client(http, Credentials(PAGE, "demo-page-token", "demo-app-secret", f"{simulator}/v26.0"))


async def control(client: Client, path: str, body: dict[str, Any]) -> None:
    address = client.credentials.api_url.removesuffix("/v26.0")
    async with client.session.post(f"{address}/control/{path}", json=body) as answer:
        assert answer.status < 300


async def is_approved(client: Client) -> bool:
    return {status.status for status in (await utility.listed(client)).values()} == {"APPROVED"}


def test_every_kind_of_notice_has_a_template_in_both_languages() -> None:
    assert set(NoticeKind) <= set(WORDS)
    assert {(one.kind, one.language) for one in ALL} == {
        (kind, tongue) for kind in WORDS for tongue in ("th", "en")
    }
    assert all(len(words) <= limits.TAP_TITLE for words in BUTTON.values())
    assert all(re.fullmatch(r"talad_order_[a-z_]+_\d", one.name) for one in ALL)


@pytest.mark.parametrize("one", ALL, ids=lambda one: f"{one.kind}-{one.language}")
def test_a_text_keeps_metas_rules(one: Template) -> None:
    assert 20 < len(one.body) <= 1024
    assert not re.search(r"^\s*\{\{|\}\}\s*$", one.body)
    assert re.findall(r"\{\{(\d)\}\}", one.body) == [str(n + 1) for n in range(len(one.values))]
    assert len(one.body.split()) >= 3 * len(one.values)
    assert set(one.values) <= set(SAMPLES[one.language])
    assert not re.search(r"\n|!|โปร|ลดราคา|discount|sale|offer", one.text)


@pytest.mark.parametrize("kind", sorted(WORDS))
def test_both_languages_say_the_same_values(kind: str) -> None:
    assert set(utility.template(kind, "th").values) == set(utility.template(kind, "en").values)


@pytest.mark.parametrize("language", utility.LANGUAGES)
def test_an_order_the_shop_made_may_be_paid_on_delivery_so_nobody_is_asked_to_transfer(language: str) -> None:
    one = utility.template("placed_by_shop", language)
    assert set(one.values) == {"order", "total"}
    assert not re.search(r"ชำระ|โอน|สลิป|\bpay|transfer|slip", one.text)


async def test_all_are_created_once_and_approved(page: Client) -> None:
    created = await utility.ensure(page)
    assert [(status.status, error) for status, error in created] == [("PENDING", None)] * len(ALL)
    again = await utility.ensure(page)
    assert {(status.name, status.language) for status, _ in again} == {
        (one.name, one.language) for one in ALL
    }
    await until(lambda: is_approved(page))


async def test_each_can_be_sent_once_it_is_approved(page: Client) -> None:
    await utility.ensure(page)
    await until(lambda: is_approved(page))
    await control(page, "customers", {"psid": "7001"})
    for one in ALL:
        made = utility.message(one, SAMPLES[one.language], "t1.signed.payload")
        assert (await page.send("7001", made, messaging_type="UTILITY", metadata="talad:1:0")).message_id


async def test_a_refused_template_is_named_and_the_others_are_created(
    client: Client, graph: FakeGraph
) -> None:
    graph.answers = [
        Answer({"data": []}),
        Answer({"error": {"message": "no such permission", "code": 10}}, 400),
        *[Answer({"id": "1", "status": "APPROVED", "category": "UTILITY"})] * (len(ALL) - 1),
    ]
    [(first, error), *others] = await utility.ensure(client)
    assert (first.status, isinstance(error, SendError)) == ("REFUSED", True)
    assert {status.status for status, _ in others} == {"APPROVED"}


async def test_the_list_is_read_page_by_page_and_foreign_templates_are_passed_over(
    client: Client, graph: FakeGraph
) -> None:
    first = {
        "name": "talad_order_paid_1",
        "language": "th",
        "status": "REJECTED",
        "rejected_reason": "INCORRECT_PARAMS",
    }
    graph.answers = [
        Answer({"data": [first], "paging": {"cursors": {"after": "x"}, "next": "https://…"}}),
        Answer({"data": [{**first, "language": "en", "status": "approved"}, {**first, "name": "other"}, 7]}),
    ]
    assert await utility.listed(client) == {
        ("talad_order_paid_1", "th"): Status("talad_order_paid_1", "th", "REJECTED", "INCORRECT_PARAMS"),
        ("talad_order_paid_1", "en"): Status("talad_order_paid_1", "en", "APPROVED"),
    }
    assert graph.asked[1].query["after"] == "x"


def test_a_value_that_is_missing_is_not_sent_empty() -> None:
    with pytest.raises(utility.MissingValue, match="parcel"):
        utility.message(utility.template("shipped", "en"), {"order": "TL-1", "parcel": " "}, "p")


def test_values_are_put_on_one_line() -> None:
    made = utility.message(utility.template("delivered", "en"), {"order": "TL-1\n two"}, "p")
    assert made["template"]["components"][0]["parameters"] == [{"type": "text", "text": "TL-1 two"}]


def test_the_webhook_tells_what_became_of_one_of_ours_only() -> None:
    value = {
        "event": "REJECTED",
        "message_template_id": 5,
        "message_template_name": "talad_order_paid_1",
        "message_template_language": "th",
        "reason": "TAG_SHOULD_BE_MARKETING",
    }

    def told(**changes: Any) -> Status | None:
        item = {"field": "message_template_status_update", "value": {**value, **changes}}
        return utility.told(parse_item(PAGE, "changes", item))

    assert told() == Status("talad_order_paid_1", "th", "REJECTED", "TAG_SHOULD_BE_MARKETING")
    assert told(event="APPROVED", reason="NONE") == Status("talad_order_paid_1", "th", "APPROVED")
    assert told(message_template_name="somebody_elses") is None
    assert told(message_template_language=None) is None
    assert (
        utility.told(parse_item(PAGE, "changes", {"field": "message_template_status_update", "value": 3}))
        is None
    )


async def test_a_persons_own_message_carries_the_one_tag_that_is_left(
    client: Client, graph: FakeGraph
) -> None:
    await client.send("7", {"text": "hello"}, messaging_type="HUMAN_AGENT")
    sent = graph.asked[0].json
    assert (sent["messaging_type"], sent["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")
    for kind in ("RESPONSE", "UPDATE", "UTILITY"):
        await client.send("7", {"text": "hello"}, messaging_type=kind)
        assert "tag" not in graph.asked[-1].json


@pytest.mark.parametrize("kind", [*RETIRED, "MESSAGE_TAG", "CUSTOMER_FEEDBACK", "", "response"])
async def test_no_other_type_or_tag_can_be_named(client: Client, graph: FakeGraph, kind: Any) -> None:
    with pytest.raises(KeyError):
        await client.send("7", {"text": "hello"}, messaging_type=kind)
    assert graph.asked == []


def test_retired_tags_stand_in_no_request_of_the_product() -> None:
    """Wherever one is named, it is in a comment."""
    for folder in PRODUCT:
        for path in (ROOT / folder).rglob("*.py"):
            code = "\n".join(line.partition("#")[0] for line in path.read_text().splitlines())
            assert not [tag for tag in RETIRED if tag in code], path


async def test_metadata_beside_a_template_is_left_out_if_meta_does_not_take_it(
    client: Client, graph: FakeGraph
) -> None:
    graph.answers = [Answer({"error": {"message": "Invalid keys", "code": 100}}, 400)]
    made = utility.message(utility.template("delivered", "en"), {"order": "TL-1"}, "p")
    assert (await client.send("7", made, messaging_type="UTILITY", metadata="talad:1:0")).message_id
    assert [("metadata" in asked.json["message"]) for asked in graph.asked] == [True, False]
