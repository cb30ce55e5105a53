"""When the emulator lets a message through: the window, tags, templates that need approval."""

import asyncio
from typing import Any

import pytest

from tests.simulator.support import NOK, PAGE, Simulator, refusal

TEXT = {"text": "ชำระเงินแล้วค่ะ"}


async def test_a_customer_who_never_wrote_cannot_be_written_to(sim: Simulator) -> None:
    assert refusal(await sim.send(TEXT)) == (10, 2018278)


@pytest.mark.parametrize("kind", ["RESPONSE", "UPDATE"])
async def test_the_window_is_open_for_24_hours_after_a_message(sim: Simulator, kind: str) -> None:
    await sim.say("สวัสดีค่ะ")
    await sim.control("/clock", {"hours": 23.99})
    assert (await sim.send(TEXT, messaging_type=kind))[0] == 200
    await sim.control("/clock", {"hours": 0.02})
    assert refusal(await sim.send(TEXT, messaging_type=kind)) == (10, 2018278)


@pytest.mark.parametrize(
    ("act", "body"),
    [("tap", {"forced": True, "payload": "P"}), ("referral", {"ref": "order-17"}), ("react", {})],
)
async def test_taps_links_and_reactions_open_the_window_again(
    sim: Simulator, act: str, body: dict[str, Any]
) -> None:
    await sim.say("hi")
    await sim.send(TEXT)
    await sim.control("/clock", {"hours": 30})
    assert refusal(await sim.send(TEXT)) == (10, 2018278)
    await sim.control(f"/customers/{NOK}/{act}", body)
    assert (await sim.send(TEXT))[0] == 200


async def test_reading_and_echoes_do_not_open_the_window(sim: Simulator) -> None:
    await sim.say("hi")
    await sim.send(TEXT)
    await sim.control("/clock", {"hours": 25})
    await sim.control(f"/customers/{NOK}/read", {})
    await sim.control(f"/customers/{NOK}/inbox", {"text": "from the inbox"})
    assert refusal(await sim.send(TEXT)) == (10, 2018278)


@pytest.mark.parametrize("tag", ["CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE"])
async def test_a_retired_tag_is_refused_inside_the_window_too(sim: Simulator, tag: str) -> None:
    await sim.say("hi")
    assert refusal(await sim.send(TEXT, messaging_type="MESSAGE_TAG", tag=tag)) == (100, 1893061)


async def test_human_agent_works_for_seven_days_with_the_feature_only(sim: Simulator) -> None:
    await sim.say("hi")
    tagged = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    assert refusal(await sim.send(TEXT, **tagged)) == (10, None)
    await sim.scenario(human_agent=True)
    await sim.control("/clock", {"days": 6.9})
    assert (await sim.send(TEXT, **tagged))[0] == 200
    await sim.control("/clock", {"days": 0.2})
    assert refusal(await sim.send(TEXT, **tagged)) == (10, 2018278)


async def approved(sim: Simulator) -> None:
    """Create the template ``order_paid`` and wait for its review."""
    body = {"type": "BODY", "text": "Your order {{1}} is paid.", "example": {"body_text": [["A-17"]]}}
    button = {"type": "BUTTONS", "buttons": [{"type": "POSTBACK", "text": "View order"}]}
    template = {"name": "order_paid", "language": "en", "category": "UTILITY", "components": [body, button]}
    status, answer = await sim.graph("POST", f"{PAGE}/message_templates", template)
    assert (status, answer["status"]) == (200, "PENDING")
    for _ in range(1500):
        _, found = await sim.graph("GET", f"{PAGE}/message_templates?name=order_paid")
        if found["data"][0]["status"] != "PENDING":
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the template was not reviewed")


def order_paid(*texts: str, language: str = "en") -> dict[str, Any]:
    parameters = [{"type": "text", "text": text} for text in texts]
    buttons = [{"type": "POSTBACK", "payload": "A-17"}]
    components = [{"type": "body", "parameters": parameters}, {"type": "buttons", "parameters": buttons}]
    return {"template": {"name": "order_paid", "language": {"code": language}, "components": components}}


async def test_an_approved_utility_template_reaches_the_customer_after_the_window(sim: Simulator) -> None:
    await sim.scenario(template_review_seconds=0.01)
    await sim.say("hi")
    await approved(sim)
    await sim.control("/clock", {"days": 3})
    assert (await sim.send(order_paid("TL-17"), messaging_type="UTILITY"))[0] == 200
    transcript = await sim.control(f"/customers/{NOK}/transcript")
    assert transcript["messages"][-1]["shown"] == {
        "text": "Your order TL-17 is paid.",
        "buttons": [{"type": "postback", "title": "View order", "payload": "A-17"}],
    }
    wrong = await sim.send(order_paid("a", "b"), messaging_type="UTILITY")
    assert refusal(wrong) == (100, 1893029)
    assert refusal(await sim.send(order_paid("a", language="th"), messaging_type="UTILITY")) == (100, None)
    assert refusal(await sim.send(order_paid("a"))) == (100, None)


async def test_a_rejected_or_pending_template_cannot_be_sent(sim: Simulator) -> None:
    await sim.scenario(template_review="reject", template_review_seconds=0.01)
    await approved(sim)
    assert refusal(await sim.send(order_paid("a"), messaging_type="UTILITY")) == (100, None)
