"""UTILITY message templates: create, review, list, delete, and fill in when sent.

Source: Messenger Platform, "Utility messages"; a template is known by (Page, name, language)."""

import asyncio
import re
import secrets
from typing import Any

from simulator.errors import invalid
from simulator.limits import check_button, need_list, need_object, need_text
from simulator.state import Page, World
from simulator.webhooks import WebhookSender

BODY = 1024
VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
NAME = re.compile(r"[a-z0-9_]{1,512}")
BUTTON_TYPES = ("URL", "POSTBACK", "PHONE_NUMBER")
BAD_PARAMETERS = 1893029

LIBRARY: dict[str, list[dict[str, Any]]] = {
    "order_confirmation": [
        {
            "type": "BODY",
            "text": "Thank you. Your order {{1}} is confirmed.",
            "example": {"body_text": [["A-17"]]},
        }
    ],
    "order_shipped": [
        {"type": "BODY", "text": "Your order {{1}} is on its way.", "example": {"body_text": [["A-17"]]}}
    ],
}


def create(world: World, sender: WebhookSender, page: Page, args: dict[str, Any]) -> dict[str, Any]:
    """POST /{page}/message_templates.

    Raises:
        GraphError: 100, naming what is wrong; no QUICK_REPLY buttons (2018416).
    """
    name, language = args.get("name"), str(args.get("language") or "")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise invalid("name must be lowercase letters, digits and _")
    need_text(language, "language", 16)
    if args.get("category") != "UTILITY":
        raise invalid("category must be UTILITY")
    if (name, language) in page.templates:
        raise invalid(f"template {name} exists in {language} already")
    if library := args.get("library_template_name"):
        if library not in LIBRARY:
            raise invalid(f"library_template_name {library!r} is not in the library")
        components: Any = LIBRARY[library]
    else:
        components = args.get("components")
    problem = _check_components(components, args.get("parameter_format") == "NAMED")
    template = {
        "id": str(10**14 + secrets.randbelow(9 * 10**14)),
        "name": name,
        "language": language,
        "category": "UTILITY",
        "status": "PENDING",
        "components": components,
    }
    page.templates[(name, language)] = template
    review = "reject" if problem else world.scenario.template_review
    if review != "hold":
        asyncio.get_running_loop().call_later(
            world.scenario.template_review_seconds, _finish, world, sender, page, template, review, problem
        )
    return {key: template[key] for key in ("id", "status", "category")}


def _finish(
    world: World, sender: WebhookSender, page: Page, template: dict[str, Any], review: str, problem: str
) -> None:
    template["status"] = "APPROVED" if review == "approve" else "REJECTED"
    value = {
        "event": template["status"],
        "message_template_id": template["id"],
        "message_template_name": template["name"],
        "message_template_language": template["language"],
        "reason": problem or ("NONE" if review == "approve" else "TAG_SHOULD_BE_MARKETING"),
    }
    sender.emit_change(page, "message_template_status_update", value)


def _check_components(components: Any, named: bool) -> str:
    """Returns why the review will reject it, "" when it will not."""
    problem = ""
    bodies = 0
    for component in need_list(components, "components", 4):
        kind = str(need_object(component, "components").get("type", "")).upper()
        if kind == "BODY":
            bodies += 1
            problem = _check_body(component, named)
        elif kind == "BUTTONS":
            _check_buttons(component.get("buttons"))
        elif kind not in ("HEADER", "FOOTER"):
            raise invalid(f"components: unknown type {kind!r}")
    if bodies != 1:
        raise invalid("components must hold one BODY")
    return problem


def _check_body(component: dict[str, Any], named: bool) -> str:
    text = need_text(component.get("text"), "components[BODY][text]", BODY)
    variables = VARIABLE.findall(text)
    if not named and variables != [str(number + 1) for number in range(len(variables))]:
        raise invalid("components[BODY][text]: variables must be {{1}}, {{2}} … in order")
    if variables and not component.get("example"):
        return "TEMPLATE_VARIABLES_MISSING_SAMPLE_VALUES"
    if VARIABLE.match(text.strip()) or re.search(r"\}\}$", text.strip()):
        return "INCORRECT_PARAMS"
    return "PARAMS_TO_WORD_RATIO_EXCEED_LIMIT" if len(variables) * 3 > len(text.split()) + 3 else ""


def _check_buttons(buttons: Any) -> None:
    for number, button in enumerate(need_list(buttons, "components[BUTTONS]", 3)):
        where = f"components[BUTTONS][{number}]"
        kind = need_object(button, where).get("type")
        if kind == "QUICK_REPLY":
            raise invalid(f"{where}[type] QUICK_REPLY is not allowed", 2018416)
        if kind not in BUTTON_TYPES:
            raise invalid(f"{where}[type] must be one of {', '.join(BUTTON_TYPES)}, got {kind!r}")
        need_text(button.get("text"), f"{where}[text]", 20)


def listed(page: Page, args: dict[str, Any]) -> dict[str, Any]:
    """GET /{page}/message_templates, optionally by ``name``."""
    wanted = args.get("name")
    return {"data": [item for (name, _), item in page.templates.items() if wanted in (None, name)]}


def delete(page: Page, args: dict[str, Any]) -> dict[str, Any]:
    """DELETE by ``name`` (all languages) or ``hsm_id`` (one)."""
    doomed = [
        key
        for key, item in page.templates.items()
        if item["name"] == args.get("name") or item["id"] == str(args.get("hsm_id"))
    ]
    if not doomed:
        raise invalid("no such message template")
    for key in doomed:
        del page.templates[key]
    return {"success": True}


def fill_in(page: Page, template: Any) -> dict[str, Any]:
    """What the customer sees of a sent template: ``text`` and ``buttons`` as in a button template.

    Raises:
        GraphError: 100 unknown or not approved, 100/1893029 wrong number of parameters.
    """
    name = need_object(template, "message[template]").get("name")
    language = need_object(template.get("language"), "message[template][language]").get("code")
    found = page.templates.get((str(name), str(language)))
    if found is None or found["status"] != "APPROVED":
        state = found["status"].lower() if found else "unknown"
        raise invalid(f"Invalid template: {name!r} in {language!r} is {state}")
    given = {
        str(need_object(part, "message[template][components]").get("type")).lower(): part.get("parameters")
        or []
        for part in need_list(template.get("components") or [], "message[template][components]", 4, least=0)
    }
    shown: dict[str, Any] = {"text": "", "buttons": []}
    for component in found["components"]:
        kind = component["type"].upper()
        if kind == "BODY":
            shown["text"] = _fill_text(component["text"], given.get("body", []))
        elif kind == "BUTTONS":
            shown["buttons"] = _fill_buttons(component["buttons"], given.get("buttons", []))
    return shown


def _fill_text(text: str, parameters: list[Any]) -> str:
    variables = VARIABLE.findall(text)
    if len(variables) != len(parameters):
        raise invalid(f"the body takes {len(variables)} parameters, {len(parameters)} given", BAD_PARAMETERS)
    values = dict(zip(variables, parameters, strict=True))
    values |= {item["parameter_name"]: item for item in parameters if "parameter_name" in item}
    return VARIABLE.sub(lambda match: need_text(values[match[1]].get("text"), "parameters[text]", BODY), text)


def _fill_buttons(buttons: list[dict[str, Any]], parameters: list[Any]) -> list[dict[str, Any]]:
    if len(parameters) < sum(1 for button in buttons if button["type"] == "POSTBACK"):
        raise invalid(f"{len(buttons)} buttons, parameters for {len(parameters)}", BAD_PARAMETERS)
    filled = []
    for button, given in zip(buttons, parameters + [{}] * len(buttons), strict=False):
        kind = {"POSTBACK": "postback", "URL": "web_url", "PHONE_NUMBER": "phone_number"}[button["type"]]
        one = {"type": kind, "title": button["text"]}
        if kind == "web_url":
            one["url"] = str(button.get("url", "")).replace("{{1}}", str(given.get("text", "")))
        else:
            one["payload"] = given.get("payload") or button.get("phone_number") or ""
        check_button(one, "message[template][components][buttons]")
        filled.append(one)
    return filled
