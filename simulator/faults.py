"""Errors the Graph emulator gives on purpose. A rule of the scenario's ``graph_errors`` is

    {"error": "rate_limit", "edge": "messages", "times": 3, "page": "…", "psid": "…", "after": 0}

``error`` is a name of errors.KNOWN, or ``html`` (a 502 page), ``hang`` (no answer for a minute), ``drop``
(the connection closes) or {"code", "subcode", "message", "status", "transient"}. ``edge`` default
"messages", "*" for all; ``times`` default for ever; ``after`` lets that many calls pass first;
``accepted`` true: the call has its effect and only the answer goes wrong."""

import json
from typing import Any

from simulator.errors import KNOWN, GraphError, known
from simulator.state import World

BROKEN_ANSWERS = ("html", "hang", "drop")
RATE_LIMITS = ("rate_limit", "rate_limit_app", "rate_limit_page", "rate_limit_messenger")


def check_rule(rule: Any) -> None:
    """Raises ValueError when a rule cannot be understood."""
    if not isinstance(rule, dict):
        raise ValueError("graph_errors holds objects")
    if unknown := set(rule) - {"error", "edge", "times", "page", "psid", "after", "accepted"}:
        raise ValueError(f"graph_errors: unknown keys {', '.join(sorted(unknown))}")
    error = rule.get("error")
    if isinstance(error, dict) and isinstance(error.get("code"), int):
        return
    if error not in KNOWN and error not in BROKEN_ANSWERS:
        raise ValueError(
            f"graph_errors: unknown error {error!r}; known: {', '.join([*KNOWN, *BROKEN_ANSWERS])}"
        )


def next_fault(world: World, edge: str, page_id: str | None, psid: str) -> dict[str, Any] | None:
    """The rule that hits this call; counts it down."""
    rules = world.scenario.graph_errors
    for rule in rules:
        if rule.get("edge", "messages") not in (edge, "*"):
            continue
        if rule.get("page", page_id) != page_id or rule.get("psid", psid) != psid:
            continue
        if rule.get("after", 0) > 0:
            rule["after"] -= 1
            continue
        if rule.get("times") is not None:
            rule["times"] -= 1
            if rule["times"] <= 0:
                rules.remove(rule)
        return rule
    return None


def as_error(world: World, rule: dict[str, Any], page_id: str | None) -> GraphError:
    """The error of a rule; rate limits carry the usage headers."""
    error = rule["error"]
    if isinstance(error, dict):
        return GraphError(
            error["code"],
            error.get("message", f"(#{error['code']}) Error of the scenario"),
            error.get("subcode"),
            status=error.get("status", 400),
            transient=error.get("transient", False),
        )
    found = known(error)
    if error in RATE_LIMITS:
        found.headers = usage_headers(world, page_id, full=True)
    return found


def usage_headers(world: World, page_id: str | None, *, full: bool) -> dict[str, str]:
    """X-App-Usage and X-Business-Use-Case-Usage; ``full`` when the limit is reached."""
    percent = 100 if full else 1
    app = {"call_count": percent, "total_time": percent, "total_cputime": percent}
    messenger = {
        "type": "messenger",
        **app,
        "estimated_time_to_regain_access": world.scenario.regain_minutes if full else 0,
    }
    return {
        "X-App-Usage": json.dumps(app),
        "X-Business-Use-Case-Usage": json.dumps({page_id or "0": [messenger]}),
    }
