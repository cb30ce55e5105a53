"""The Graph API's edges: tokens, bodies, profile, uploads, threads, errors on purpose."""

import hashlib
import hmac
import io
import json
import time
from typing import Any

import aiohttp
import pytest

from tests.simulator.support import APP, NOK, PAGE, TOKEN, Simulator, refusal

TEXT = {"text": "hi"}
TO_NOK = {"id": NOK}
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


async def test_a_message_may_come_as_json_form_or_multipart_with_the_token_anywhere(sim: Simulator) -> None:
    await sim.say("hi")
    fields = {"recipient": json.dumps(TO_NOK), "message": json.dumps(TEXT)}
    form = aiohttp.FormData(fields | {"access_token": TOKEN})
    multipart = aiohttp.FormData(fields | {"access_token": TOKEN}, default_to_multipart=True)
    body = {"recipient": TO_NOK, "message": TEXT}
    for path, arguments in (
        ("v26.0/me/messages", {"json": body, "headers": {"Authorization": f"Bearer {TOKEN}"}}),
        (f"v2.12/{PAGE}/messages", {"json": body, "params": {"access_token": TOKEN}}),
        ("v25.0/me/messages", {"json": {**body, "access_token": TOKEN}}),
        ("v25.0/me/messages", {"data": form}),
        ("v25.0/me/messages", {"data": multipart}),
    ):
        async with sim.session.post(f"{sim.url}/{path}", **arguments) as answer:  # type: ignore[arg-type]
            found = await answer.json()
            assert answer.status == 200, found
            assert found["recipient_id"] == NOK and found["message_id"].startswith("m_")
    calls = (await sim.control("/graph-calls?edge=messages"))["calls"]
    assert [call["version"] for call in calls][-5:] == ["v26.0", "v2.12", "v25.0", "v25.0", "v25.0"]
    assert "demo-page-token" not in json.dumps(calls)


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_a_wrong_token_is_190(sim: Simulator, token: str) -> None:
    assert refusal(await sim.graph("POST", "me/messages", {}, token=token)) == (190, None)


async def test_a_token_of_another_page_reaches_neither_page_nor_customer(sim: Simulator) -> None:
    await sim.say("hi")
    other = await sim.control("/pages", {"name": "Other"})
    assert other["fields"] and other["webhook_state"]["state"] == "ok"
    request = {"recipient": TO_NOK, "message": TEXT}
    assert refusal(await sim.graph("POST", "me/messages", request, token=other["token"])) == (100, 2018001)
    assert refusal(await sim.graph("POST", f"{PAGE}/messages", request, token=other["token"])) == (100, 33)


async def test_a_revoked_token_is_190_and_debug_token_says_so(sim: Simulator) -> None:
    _, valid = await sim.graph("GET", f"debug_token?input_token={TOKEN}")
    assert valid["data"]["is_valid"] and valid["data"]["expires_at"] == 0
    await sim.control(f"/pages/{PAGE}", {"token_valid": False})
    assert refusal(await sim.send(TEXT)) == (190, 460)


async def test_the_appsecret_proof_is_checked(sim: Simulator) -> None:
    await sim.say("hi")
    await sim.scenario(require_appsecret_proof=True)
    assert refusal(await sim.send(TEXT)) == (100, None)
    assert refusal(await sim.send(TEXT, appsecret_proof="0" * 64)) == (100, None)
    proof = hmac.new(b"demo-app-secret", TOKEN.encode(), hashlib.sha256).hexdigest()
    assert (await sim.send(TEXT, appsecret_proof=proof))[0] == 200


async def test_sender_actions_show_and_cannot_go_with_a_message(sim: Simulator) -> None:
    await sim.say("hi")
    request = {"recipient": TO_NOK, "sender_action": "typing_on"}
    assert await sim.graph("POST", "me/messages", request) == (200, {"recipient_id": NOK})
    assert (await sim.control(f"/customers/{NOK}"))["thread"]["typing"]
    assert refusal(await sim.graph("POST", "me/messages", {**request, "message": TEXT})) == (100, 2018014)
    assert refusal(await sim.graph("POST", "me/messages", {**request, "sender_action": "nod"})) == (100, None)
    await sim.send(TEXT)
    assert not (await sim.control(f"/customers/{NOK}"))["thread"]["typing"]


async def test_unknown_and_blocking_people_are_refused(sim: Simulator) -> None:
    await sim.say("hi")
    request = {"recipient": {"id": "123"}, "message": TEXT}
    assert refusal(await sim.graph("POST", "me/messages", request)) == (100, 2018001)
    await sim.control(f"/customers/{NOK}", {"blocked": True})
    assert refusal(await sim.send(TEXT)) == (551, 1545041)


async def test_a_limit_is_refused_through_http_too(sim: Simulator) -> None:
    await sim.say("hi")
    assert refusal(await sim.send({"text": "ก" * 2000})) == (100, None)
    payload = {"template_type": "button", "text": "x", "buttons": []}
    assert refusal(await sim.send({"attachment": {"type": "template", "payload": payload}})) == (100, None)
    assert (await sim.control(f"/customers/{NOK}/transcript"))["shop_messages"] == 0


async def test_pictures_must_be_https_reachable_and_pictures(sim: Simulator) -> None:
    await sim.say("hi")

    def picture(url: str) -> dict[str, Any]:
        return {"attachment": {"type": "image", "payload": {"url": url}}}

    assert refusal(await sim.send(picture("http://shop.example/a.png"))) == (100, 2018008)
    assert refusal(await sim.send(picture(f"{sim.url}/nothing.png"))) == (100, 2018008)
    assert refusal(await sim.send(picture(f"{sim.url}/health/live"))) == (100, 2018047)
    assert (await sim.send(picture(f"{sim.url}/static/thumb.png")))[0] == 200
    await sim.scenario(http_pictures="never")
    assert refusal(await sim.send(picture(f"{sim.url}/static/thumb.png"))) == (100, 2018008)


async def upload(sim: Simulator, data: bytes) -> tuple[int, Any]:
    message = {"attachment": {"type": "image", "payload": {"is_reusable": True}}}
    form = aiohttp.FormData({"message": json.dumps(message)})
    form.add_field("filedata", io.BytesIO(data), filename="slip.png", content_type="image/png")
    async with sim.session.post(
        f"{sim.url}/v26.0/me/message_attachments", data=form, params={"access_token": TOKEN}
    ) as answer:
        return answer.status, await answer.json()


async def test_an_uploaded_picture_can_be_sent_for_90_days_by_its_own_page(sim: Simulator) -> None:
    status, answer = await upload(sim, PNG)
    assert status == 200
    message = {"attachment": {"type": "image", "payload": {"attachment_id": answer["attachment_id"]}}}
    await sim.say("hi")
    assert (await sim.send(message))[0] == 200
    entry = (await sim.control(f"/customers/{NOK}/transcript"))["messages"][-1]
    async with sim.session.get(entry["media"][0]["url"]) as file:
        assert await file.read() == PNG
    await sim.control("/clock", {"days": 91})
    await sim.say("hi again")
    assert refusal(await sim.send(message)) == (100, 2018074)


async def test_too_large_and_false_pictures_are_refused(sim: Simulator) -> None:
    assert refusal(await upload(sim, PNG + b"0" * 8 * 1024 * 1024)) == (100, 2018109)
    assert refusal(await upload(sim, b"GIF is not what this is")) == (100, 2018047)


async def test_the_profile_is_set_read_deleted_and_checked(sim: Simulator) -> None:
    menu = [{"locale": "default", "call_to_actions": [{"type": "postback", "title": "สินค้า", "payload": "P"}]}]
    edge = "me/messenger_profile"
    assert refusal(await sim.graph("POST", edge, {"persistent_menu": menu})) == (100, 2018145)
    whole = {"get_started": {"payload": "GS"}, "persistent_menu": menu}
    assert await sim.graph("POST", edge, whole) == (200, {"result": "success"})
    _, found = await sim.graph("GET", edge + "?fields=get_started,persistent_menu,greeting")
    assert found == {"data": [whole]}
    too_long = [
        {"locale": "default", "call_to_actions": [{**menu[0]["call_to_actions"][0], "title": "ก" * 31}]}
    ]  # type: ignore[dict-item]
    assert refusal(await sim.graph("POST", edge, {"persistent_menu": too_long})) == (100, None)
    no_default = [{**menu[0], "locale": "th_TH"}]
    assert refusal(await sim.graph("POST", edge, {"persistent_menu": no_default})) == (100, None)
    greeting = [{"locale": "default", "text": "ก" * 161}]
    assert refusal(await sim.graph("POST", edge, {"greeting": greeting})) == (100, None)
    domains = {"whitelisted_domains": ["https://localhost"]}
    assert refusal(await sim.graph("POST", edge, domains)) == (100, None)
    assert refusal(await sim.graph("DELETE", edge, {"fields": ["get_started"]})) == (100, 2018145)
    assert (await sim.graph("DELETE", edge, {"fields": ["get_started", "persistent_menu"]}))[0] == 200
    assert await sim.graph("GET", edge + "?fields=get_started") == (200, {"data": []})
    assert (await sim.graph("DELETE", edge, {"fields": ["get_started"]}))[0] == 200  # a second time too


async def test_a_menu_that_was_deleted_can_be_tapped_no_more(sim: Simulator) -> None:
    menu = [
        {"locale": "default", "call_to_actions": [{"type": "postback", "title": "Goods", "payload": "P"}]}
    ]
    edge = "me/messenger_profile"
    await sim.graph("POST", edge, {"get_started": {"payload": "GS"}, "persistent_menu": menu})
    assert (await sim.control(f"/customers/{NOK}/tap", {"title": "Goods"}))["mid"]
    await sim.graph("DELETE", edge, {"fields": ["persistent_menu", "get_started"]})
    for tap, body in (("tap", {"title": "Goods"}), ("get-started", {})):
        with pytest.raises(AssertionError, match="409"):
            await sim.control(f"/customers/{NOK}/{tap}", body)


@pytest.mark.parametrize("fields", [{"fields": ["the_menu"]}, {"fields": []}, {}])
async def test_fields_that_no_profile_has_are_not_deleted(sim: Simulator, fields: dict[str, Any]) -> None:
    assert refusal(await sim.graph("DELETE", "me/messenger_profile", fields)) == (100, None)


async def test_the_profile_can_be_written_ten_times_in_ten_minutes(sim: Simulator) -> None:
    body = {"get_started": {"payload": "GS"}}
    for _ in range(10):
        assert (await sim.graph("POST", "me/messenger_profile", body))[0] == 200
    assert refusal(await sim.graph("POST", "me/messenger_profile", body)) == (613, None)
    await sim.control("/clock", {"seconds": 601})
    assert (await sim.graph("POST", "me/messenger_profile", body))[0] == 200


async def test_a_customer_can_have_an_own_menu(sim: Simulator) -> None:
    menu = [{"locale": "default", "call_to_actions": [{"type": "postback", "title": "Mine", "payload": "M"}]}]
    edge = "me/custom_user_settings"
    assert (await sim.graph("POST", edge, {"psid": NOK, "persistent_menu": menu}))[0] == 200
    _, found = await sim.graph("GET", f"{edge}?psid={NOK}")
    assert found == {"data": [{"user_level_persistent_menu": menu}]}
    assert (await sim.control(f"/customers/{NOK}/tap", {"title": "Mine"}))["mid"]
    assert (await sim.graph("DELETE", f"{edge}?psid={NOK}"))[0] == 200


async def test_subscriptions_are_set_read_and_ended(sim: Simulator) -> None:
    edge = f"{PAGE}/subscribed_apps"
    assert refusal(await sim.graph("POST", edge, {"subscribed_fields": "messages,telepathy"})) == (100, None)
    assert (await sim.graph("POST", edge, {"subscribed_fields": ["messages"]}))[0] == 200
    _, found = await sim.graph("GET", edge)
    assert found["data"][0] == {"id": APP, "name": "Shop bot", "subscribed_fields": ["messages"]}
    assert (await sim.graph("DELETE", edge))[0] == 200
    assert await sim.graph("GET", edge) == (200, {"data": []})


async def test_profiles_of_people_and_pages_are_read(sim: Simulator) -> None:
    _, person = await sim.graph("GET", f"{NOK}?fields=first_name,last_name,profile_pic,locale")
    assert (person["first_name"], person["last_name"]) == ("นก", "ใจดี")
    assert "locale" not in person  # needs its own permission
    assert refusal(await sim.graph("GET", f"{NOK}?fields=first_name,shoe_size")) == (100, None)
    _, page = await sim.graph("GET", "me?fields=id,name,messaging_feature_status")
    assert page["id"] == PAGE and page["messaging_feature_status"]["hop_v2"]
    assert (await sim.graph("GET", "message_template_library"))[1]["data"]


async def test_thread_control_decides_who_may_answer(sim: Simulator) -> None:
    recipient = {"recipient": TO_NOK}
    assert refusal(await sim.graph("POST", "me/take_thread_control", recipient)) == (10, None)
    await sim.control(f"/pages/{PAGE}", {"default_app": "app"})
    await sim.say("hi")
    inbox = {**recipient, "target_app_id": "263902037430900"}
    assert await sim.graph("POST", f"{PAGE}/pass_thread_control", inbox) == (200, {"success": True})
    _, owner = await sim.graph("GET", f"me/thread_owner?recipient={NOK}")
    assert owner == {"data": [{"thread_owner": {"app_id": "263902037430900"}}]}
    assert refusal(await sim.send(TEXT)) == (10, 2018300)
    assert refusal(await sim.graph("POST", "me/release_thread_control", recipient)) == (10, 2018300)
    assert (await sim.graph("POST", "me/request_thread_control", recipient))[0] == 200
    assert (await sim.graph("POST", "me/take_thread_control", recipient))[0] == 200
    assert (await sim.send(TEXT))[0] == 200
    assert (await sim.graph("POST", "me/extend_thread_control", {**recipient, "duration": 3600}))[0] == 200
    assert refusal(await sim.graph("POST", "me/extend_thread_control", {**recipient, "duration": 10**6})) == (
        100,
        None,
    )


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ("temporary", (2, None)),
        ("send_failed", (1200, None)),
        ("token_expired", (190, 463)),
        ("thread", (10, 2018300)),
        ("unavailable", (551, 1545041)),
        ("policy", (368, None)),
        ({"code": 613, "subcode": 2534040}, (613, 2534040)),
    ],
)
async def test_errors_come_on_purpose_as_often_as_asked(
    sim: Simulator, error: Any, expected: tuple[int, int | None]
) -> None:
    await sim.say("hi")
    await sim.scenario(graph_errors=[{"error": error, "times": 2}])
    assert refusal(await sim.send(TEXT)) == expected
    assert refusal(await sim.send(TEXT)) == expected
    assert (await sim.send(TEXT))[0] == 200


@pytest.mark.parametrize("error", ["rate_limit", "rate_limit_messenger"])
async def test_rate_limits_tell_when_to_come_back(sim: Simulator, error: str) -> None:
    await sim.say("hi")
    await sim.scenario(graph_errors=[{"error": error}], regain_minutes=7)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    request = {"recipient": TO_NOK, "message": TEXT}
    async with sim.session.post(f"{sim.url}/v26.0/me/messages", json=request, headers=headers) as answer:
        assert (await answer.json())["error"]["code"] in (613, 80006)
        usage = json.loads(answer.headers["X-Business-Use-Case-Usage"])[PAGE][0]
    assert usage["type"] == "messenger" and usage["estimated_time_to_regain_access"] == 7


async def test_more_than_the_rate_of_a_page_is_613(sim: Simulator) -> None:
    await sim.say("hi")
    await sim.scenario(rate_limit=2)
    codes = [(await sim.send(TEXT))[0] for _ in range(12)]
    assert codes.count(200) in (2, 3, 4) and codes.count(400) >= 8


async def test_a_lost_answer_still_delivers_the_message(sim: Simulator) -> None:
    await sim.say("hi")
    await sim.scenario(graph_errors=[{"error": "drop", "accepted": True, "times": 1}])
    with pytest.raises(aiohttp.ClientError):
        await sim.send(TEXT)
    assert (await sim.control(f"/customers/{NOK}/wait?shop_messages=1"))["done"]


async def test_a_broken_page_and_a_slow_answer(sim: Simulator) -> None:
    await sim.say("hi")
    await sim.scenario(graph_delay=0.3, graph_errors=[{"error": "html", "times": 1}])
    headers = {"Authorization": f"Bearer {TOKEN}"}
    request = {"recipient": TO_NOK, "message": TEXT}
    async with sim.session.post(f"{sim.url}/v26.0/me/messages", json=request, headers=headers) as answer:
        assert answer.status == 502 and answer.content_type == "text/html"
    started = time.monotonic()
    assert (await sim.send(TEXT))[0] == 200
    assert time.monotonic() - started >= 0.3


async def test_an_unknown_switch_or_error_is_refused(sim: Simulator) -> None:
    for body in (
        {"grpah_delay": 1},
        {"duplicate": "yes"},
        {"batch": "3"},
        {"graph_errors": [{"error": "x"}]},
    ):
        async with sim.session.post(f"{sim.url}/control/scenario", json=body) as answer:
            assert answer.status == 400 and (await answer.json())["error"]
