"""Who may answer a customer: conversation routing between the bot's app and the Page's inbox.

Messenger Platform, "Conversation routing". Without a default application every app may answer; with one
only the owner of a thread, and an idle thread belongs to the default application."""

from typing import Any

from simulator import events
from simulator.call import Call
from simulator.errors import invalid, known
from simulator.limits import need_object
from simulator.people import People
from simulator.state import Customer, Page, World

PAGE_INBOX = "263902037430900"
LONGEST = 7 * 86400


def owner(page: Page, customer: Customer) -> str | None:
    """App id of the thread's owner; None with the default behaviour."""
    if page.default_app is None:
        return None
    return customer.thread_owner or page.default_app


def check_owner(call: Call, customer: Customer) -> None:
    """Raises GraphError 10/2018300 when another app controls the thread."""
    if owner(call.page, customer) not in (None, call.world.config.app_id):
        raise known("thread")


def _customer(call: Call) -> Customer:
    recipient = call.args.get("recipient")
    psid = recipient.get("id") if isinstance(recipient, dict) else recipient
    customer = call.customer(psid)
    if customer is None:
        raise known("no_user")
    return customer


async def pass_control(call: Call) -> dict[str, Any]:
    customer = _customer(call)
    target = str(call.args.get("target_app_id") or "")
    if not target.isdigit():
        raise invalid("target_app_id must be an app id")
    check_owner(call, customer)
    if call.page.default_app is not None:
        customer.thread_owner = target
    return {"success": True}


async def release_control(call: Call) -> dict[str, Any]:
    customer = _customer(call)
    check_owner(call, customer)
    customer.thread_owner = None
    return {"success": True}


async def take_control(call: Call) -> dict[str, Any]:
    """Only the default application may take a thread."""
    customer = _customer(call)
    if call.page.default_app != call.world.config.app_id:
        raise known("permission")
    customer.thread_owner = call.world.config.app_id
    return {"success": True}


async def request_control(call: Call) -> dict[str, Any]:
    _customer(call)
    return {"success": True}


async def extend_control(call: Call) -> dict[str, Any]:
    customer = _customer(call)
    check_owner(call, customer)
    duration = str(call.args.get("duration", ""))
    if not duration.isdigit() or not 0 < int(duration) <= LONGEST:
        raise invalid(f"duration must be 1 to {LONGEST} seconds")
    return {"success": True}


async def thread_owner(call: Call) -> dict[str, Any]:
    found = owner(call.page, _customer(call))
    return {"data": [{"thread_owner": {"app_id": found}}] if found else []}


def give_thread(world: World, people: People, customer: Customer, to: str | None) -> None:
    """From outside (a human in the Page inbox, an admin): change the owner and tell the app about it."""
    page, app_id = world.page_of(customer), world.config.app_id
    before = owner(page, customer)
    customer.thread_owner = to
    after = owner(page, customer)
    if before == after:
        return
    change = {"previous_owner_app_id": before, "new_owner_app_id": after, "metadata": ""}
    if after == app_id:
        people.emit(customer, {"pass_thread_control": change})
    elif before == app_id:
        people.emit(customer, {"take_thread_control": change})


def inbox_says(
    world: World, people: People, customer: Customer, text: str, app_id: str | None = PAGE_INBOX
) -> None:
    """A human answers in the Page's inbox; with a default app the inbox takes over.

    The echo names the inbox by ``app_id``, a number; it has also been seen without one (None).
    """
    page = world.page_of(customer)
    if page.default_app is not None:
        give_thread(world, people, customer, PAGE_INBOX)
    entry = world.add_entry(customer, "inbox", "text", {"text": text}, text=text)
    people.publish(customer, entry)
    message = {"mid": entry.mid, "is_echo": True, "text": text}
    if app_id is not None:
        message["app_id"] = int(app_id)
    event = events.from_page(page.id, customer.psid, entry.at, message=message)
    people.sender.emit(customer, need_object(event, "event"))
