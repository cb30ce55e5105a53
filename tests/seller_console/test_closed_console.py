"""Being told while the console is closed: what the pages keep of a browser, and a real browser that is told."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import timedelta

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from shop import alerts, people, pushes
from shop.db import utc_now
from shop.models import Alert, AuditEntry, Channel, PushDevice, User
from tests.seller_console.browser import PHONE, is_good, picture, sign_in
from tests.seller_console.support import EMAIL, OTHER_EMAIL, place
from tests.seller_console.test_alerts import until
from tests.support.push import Browser

#: In place of what would ask a push service on the internet: a browser that is subscribed there, with real keys.
SUBSCRIBED = """
{
  let subscription = null;
  PushManager.prototype.getSubscription = async () => subscription;
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
    if (!userVisibleOnly || atob(applicationServerKey.replaceAll('-', '+').replaceAll('_', '/')).length !== 65)
      throw new DOMException('no key', 'InvalidAccessError');
    const { endpoint, ...keys } = FIELDS;
    const raw = atob(applicationServerKey.replaceAll('-', '+').replaceAll('_', '/'));
    subscription ??= {
      options: { applicationServerKey: Uint8Array.from(raw, (one) => one.charCodeAt(0)).buffer },
      toJSON: () => ({ endpoint, keys }),
      unsubscribe: async () => { subscription = null; return true; },
    };
    return subscription;
  };
}
"""
SHOWN = """async () => (await registration.getNotifications())
    .map(({ title, body, tag }) => [tag, title, body]).sort()"""
#: A tap on the notification with this tag: where it leads. A browser opens windows for real taps only.
TAPPED = """(tag) => new Promise(async (led) => {
    Clients.prototype.openWindow = async (address) => led(address);
    const [notification] = await registration.getNotifications({ tag });
    self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
})"""


def devices(database):
    with database.reading() as session:
        found = select(User.email, PushDevice.endpoint).join(User, User.id == PushDevice.user_id)
        return [tuple(row) for row in session.execute(found.order_by(PushDevice.id))]


async def waker(context, page, url):
    """Delivers a letter to the browser's worker as its push service would."""
    devtools, found = await context.new_cdp_session(page), asyncio.get_running_loop().create_future()

    def look(event):
        for one in event["registrations"]:
            if one["scopeURL"] == f"{url}/" and not found.done():
                found.set_result(one["registrationId"])

    devtools.on("ServiceWorker.workerRegistrationUpdated", look)
    await devtools.send("ServiceWorker.enable")
    async with asyncio.timeout(15):
        registration = await found

    async def push(letter):
        shown = {name: getattr(letter, name) for name in ("title", "body", "tag", "address")}
        message = {"origin": url, "registrationId": registration, "data": json.dumps(shown)}
        await devtools.send("ServiceWorker.deliverPushMessage", message)

    return push


async def test_a_browser_is_told_until_it_is_signed_out(database, ploy, visitor):
    answer, body = await ploy.get("/alerts/push")
    assert answer.status == 200 and re.search(r'data-key="[\w-]{87}"', body)
    assert (await ploy.get("/alerts/push"))[1] == body
    fields = Browser().fields
    for _page_load in range(2):
        answer, body = await ploy.post("/alerts/push", **fields)
        assert (answer.status, json.loads(body)) == (200, {"lost": False})
    assert devices(database) == [(EMAIL, fields["endpoint"])]
    chai = visitor()
    await chai.sign_in(OTHER_EMAIL)
    for path in ("off", "test"):  # neither touches what is another's
        await chai.post(f"/alerts/push/{path}", endpoint=fields["endpoint"])
    assert devices(database) == [(EMAIL, fields["endpoint"])]
    answer, _ = await ploy.post("/alerts/push/test", endpoint=fields["endpoint"])
    assert answer.status == 200
    with database.transaction() as session:
        assert [letter.tag for letter in pushes.take(session, utc_now())] == ["test"]
    await ploy.post("/sign-out")
    assert devices(database) == []
    with database.reading() as session:
        made = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("alerts."))).all()
    assert sorted(made) == ["alerts.try_out", "alerts.turn_on"]


async def test_what_leads_elsewhere_than_to_a_push_service_is_not_kept(database, ploy):
    wrong = (
        {"endpoint": "https://talad.example.com/x"},
        {"endpoint": "https://169.254.169.254/latest"},
        {"endpoint": "http://fcm.googleapis.com/x"},
        {"endpoint": ""},
        {"p256dh": "x"},
        {"auth": "<script>"},
    )
    for one in wrong:
        answer, body = await ploy.post("/alerts/push", **{**Browser().fields, **one})
        assert (answer.status, json.loads(body)) == (409, {"wrong": next(iter(one))})
    assert devices(database) == []


@pytest.fixture
def database_url(sqlite_url):
    """What is kept is tried with both in tests/shop/test_pushes.py."""
    return sqlite_url


@pytest.mark.parametrize("language", ["th", "en"])
async def test_a_phone_is_told_of_an_order_while_no_page_is_open_and_leads_to_it(
    console, database, browser, language
):
    with database.transaction() as session:
        ploy = people.by_email(session, EMAIL)
        ploy.language, ploy.alert_notice = language, False
    fields = Browser().fields
    context = await browser.new_context(viewport=PHONE, has_touch=True)
    await context.grant_permissions(["notifications"], origin=console.url)
    await context.add_init_script(SUBSCRIBED.replace("FIELDS", json.dumps(fields)))
    page = await sign_in(context, console.url)
    wanted = page.locator("[data-closed]")
    await page.locator(".alerts > summary").tap()
    await expect(wanted.locator("[data-when=off]").first).to_be_visible()
    await is_good(page)
    await picture(page, f"closed-off-{language}")
    await wanted.locator("[data-turn-on]").tap()
    await expect(wanted.locator("[data-when=on]").first).to_be_visible()
    assert devices(database) == [(EMAIL, fields["endpoint"])]
    await expect(page.locator("[name=notice]")).to_be_checked()
    await wanted.locator("[data-try]").tap()
    await expect(wanted.locator("[data-said]")).to_be_visible()
    await is_good(page)
    await picture(page, f"closed-on-{language}")

    with database.transaction() as session:
        order = place(session, session.get_one(Channel, 1))
        for alert in session.scalars(select(Alert).where(Alert.kind == alerts.Kind.ORDER)):
            alert.at = utc_now() - timedelta(seconds=5)
    with database.transaction() as session:
        test, letter = pushes.take(session, utc_now())
    # the browser's push service wakes the worker with what the gateway has sent
    await page.reload()
    await expect(page.locator("a.number")).to_have_text([order.number])
    push = await waker(context, page, console.url)
    [worker] = context.service_workers
    await push(letter)
    await push(test)
    await until(worker, SHOWN, [["test", test.title, test.body]])  # the order is before the seller's eyes
    await page.goto("about:blank")
    await push(letter)
    await push(letter)
    await until(worker, SHOWN, [[letter.tag, letter.title, order.number], ["test", test.title, test.body]])
    await page.goto(await worker.evaluate(TAPPED, letter.tag))
    await expect(page.locator("h1")).to_contain_text(order.number)
    await context.close()
