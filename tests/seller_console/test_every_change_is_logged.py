"""Every change stands in the log, in words: no page writes but through `changes.change`, or says here why."""

from __future__ import annotations

import ast
import inspect
import sys

import pytest

from seller_console import deeds
from seller_console.app import create_app
from seller_console.changes import change, change_each
from seller_console.texts import THAI
from shop.audit import is_among

#: Forms that are not written down by `change`, and why.
OTHERWISE = {
    "sign_in.sign_in": "shop.sign_ins writes it: there is no seller yet whose change it could be",
    "sign_in.code": "as above",
    "review.skip": "changes nothing but who looks at what",
    "join.join": "writes its own entry, by the one who joins",
    "orders.look": "leads to another page",
    "parcels.look": "shows what a file would do",
    "chats.answer": "puts a text into the form, and changes nothing",
    "chats.read": "changes nothing but what is shown as unread",
}
#: Who else writes to the database from a page, and what.
WRITES = {
    "seller_console.changes": "the change itself",
    "seller_console.access": "that a session is in use",
    "seller_console.proof": "counts a password before it is looked at",
    "seller_console.pages.sign_in": "see OTHERWISE",
    "seller_console.pages.join": "see OTHERWISE",
    "seller_console.pages.chats": "that a chat was read",
    "seller_console.pages.alerts": "the shop's key for push services, made once",
}


def forms(settings):
    """The functions behind all forms, by the name of their action."""
    app = create_app(settings)
    app.ctx.database.close()
    return {
        route.name.partition(".")[2]: route.handler for route in app.router.routes if "POST" in route.methods
    }


def names_used(module_name):
    """For each function of the module, the names that it calls or hands on, its inner functions' included."""
    tree = ast.parse(inspect.getsource(sys.modules[module_name]))
    return {
        node.name: {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def writes_entries(handler):
    """Whether the handler, or what it calls in its module or in others of the console, uses `change`."""
    seen, ahead = set(), [(handler.__module__, handler.__name__)]
    while ahead:
        module, name = ahead.pop()
        if (module, name) in seen:
            continue
        seen.add((module, name))
        for used in names_used(module).get(name, ()):
            if getattr(sys.modules[module], used, None) in (change, change_each):
                return True
            there = getattr(getattr(sys.modules[module], used, None), "__module__", "") or ""
            if there.startswith("seller_console"):
                ahead.append((there, used))
    return False


def test_every_form_writes_through_change(settings):
    found = forms(settings)
    assert len(found) > 40
    silent = {action for action, handler in found.items() if not writes_entries(handler)}
    assert silent - OTHERWISE.keys() == set(), "write through seller_console.changes.change"


def test_nothing_else_in_the_console_writes():
    writing = {
        name
        for name, module in sys.modules.items()
        if name.startswith("seller_console.") and "database.run(" in inspect.getsource(module)
    }
    assert writing - WRITES.keys() == set(), "write through seller_console.changes.change"


def test_every_change_has_words_in_both_languages(settings):
    without = forms(settings).keys() - deeds.DEEDS.keys() - OTHERWISE.keys()
    assert without == set(), "new forms need a line in seller_console/deeds.py"
    for action in deeds.DEEDS:
        assert deeds.deed(action, "X", "en") != deeds.deed(action, "X", "th"), action
        assert deeds.DEEDS[action] in THAI


def test_every_change_is_found_by_some_kind_and_every_kind_finds_changes():
    for action in deeds.DEEDS:
        assert any(is_among(action, actions) for _, actions in deeds.KINDS.values()), action
    for kind, (_, actions) in deeds.KINDS.items():
        for one in actions:
            assert any(is_among(action, (one,)) for action in deeds.DEEDS), (kind, one)


@pytest.mark.parametrize(
    ("kind", "actions"),
    [
        ("orders", {"orders.pack", "order.confirm", "parcels.enter", "export.export"}),
        ("parcels", {"parcels.enter", "parcels.ticked", "orders.pack", "fulfilment.ship"}),
        ("money", {"order.confirm", "review.confirm", "money.refund", "money.discount"}),
        ("chats", {"chats.write", "writing.write"}),
    ],
)
def test_a_kind_finds_also_what_was_done_to_many_at_once_or_on_another_page(kind, actions):
    assert {action for action in actions if is_among(action, deeds.actions_of(kind))} == actions


def test_an_action_without_words_is_shown_as_it_is():
    assert deeds.deed("old.thing", "TL-1", "th") == "old.thing TL-1"


def test_what_became_different_is_said_in_words():
    detail = {"role": ["packer", "staff"], "second_factor": True, "wrong_tries": 3, "some_number": [None, 5]}
    assert deeds.details(detail, "en") == [
        "role: Packer → Seller",
        "second step: yes",
        "wrong tries before: 3",
        "some number: – → 5",
    ]
    assert deeds.details({"name": True}, "en") == ["another name"]
