"""When may a message be sent? The 24 hour window, message tags, the send rate. Pure rules over the emulator's
clock.

Source: Messenger Platform, "Send messages"; tags other than HUMAN_AGENT ended on 27 April 2026."""

from typing import Any

from simulator.errors import GraphError, invalid, known
from simulator.faults import usage_headers
from simulator.state import Customer, Page, World

WINDOW_MS = 24 * 3600 * 1000
HUMAN_AGENT_MS = 7 * WINDOW_MS
RETIRED_TAGS = ("CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE")
OTHER_TAGS = ("CUSTOMER_FEEDBACK", "NON_PROMOTIONAL_SUBSCRIPTION")
TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY")


def check_type(args: dict[str, Any]) -> str:
    """The messaging_type; RESPONSE when missing. A retired tag is refused inside the window too.

    Raises:
        GraphError: 100, for a retired tag 100/1893061.
    """
    kind, tag = args.get("messaging_type", "RESPONSE"), args.get("tag")
    if tag in RETIRED_TAGS:
        raise known("retired_tag")
    if kind not in TYPES:
        raise invalid(f"messaging_type must be one of {', '.join(TYPES)}, got {kind!r}")
    if kind == "MESSAGE_TAG" and tag not in ("HUMAN_AGENT", *OTHER_TAGS):
        raise invalid(f"tag {tag!r} is not a message tag")
    if tag is not None and kind != "MESSAGE_TAG":
        raise invalid("tag needs messaging_type MESSAGE_TAG")
    return str(kind)


def check_window(world: World, customer: Customer, kind: str, tag: str | None) -> None:
    """Raises GraphError 10/2018278 when it is too late for this kind of message, 10 without the feature."""
    if kind == "UTILITY":
        return
    if kind == "MESSAGE_TAG" and (tag in OTHER_TAGS or not world.scenario.human_agent):
        raise known("permission")
    longest = HUMAN_AGENT_MS if tag == "HUMAN_AGENT" else WINDOW_MS
    if customer.opened_at is None or world.clock.now_ms() - customer.opened_at > longest:
        raise known("window")


def check_rate(world: World, page: Page) -> None:
    """Messenger Platform, "Rate limiting": 300 messages per second and Page; 613 with usage headers above."""
    limit = world.scenario.rate_limit
    second = int(world.clock.now())
    if second != page.second:
        page.second, page.sent_in_second = second, 0
    page.sent_in_second += 1
    if limit is not None and page.sent_in_second > limit:
        error = known("rate_limit")
        error.headers = usage_headers(world, page.id, full=True)
        raise error


def check_calls(world: World, calls: Any, what: str) -> None:
    """At most ``profile_calls`` in ten minutes; ``calls`` is the deque of their times.

    Raises:
        GraphError: 613.
    """
    now, limit = world.clock.now(), world.scenario.profile_calls
    while calls and calls[0] <= now - 600:
        calls.popleft()
    if limit is not None and len(calls) >= limit:
        raise GraphError(613, f"(#613) More than {limit} calls to {what} in 10 minutes", transient=True)
    calls.append(now)
