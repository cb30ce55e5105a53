"""Whatever people are called and write, pages show it as words: no page runs it, and none has scripts inside."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from shop import conversation, handoff, quick_answers
from shop.conversation import Said
from shop.db import utc_now
from shop.models import (
    Channel,
    Customer,
    InboxEvent,
    Order,
    OrderLine,
    PaymentAccount,
    Product,
    ShippingMethod,
    Shop,
    User,
)
from shop.roles import Role
from tests.factories import NOW
from tests.seller_console import teaching
from tests.seller_console.bot_models import make_model
from tests.seller_console.who_may import FILLED, WHO_MAY

HOSTILE = """<script>alert(1)</script>"><img src=x onerror=alert(1)>'--><style>*{}</style>{{7*7}}"""
#: What may be typed into an address and into forms.
ASKED = (
    "words",
    "by",
    "kind",
    "subject",
    "q",
    "next",
    "said",
    "channel",
    "meant",
    "after",
    "last",
    "before",
    "what",
)
TYPED = ("name", "email", "role", "code", "reason", "words", "text", "amount", "carrier", "other", "tracking")
TYPED += ("intent", "meant", "after", "seen")
QUERY = "&".join(f"{name}={quote(HOSTILE)}" for name in ASKED)


class Seen(HTMLParser):
    """What a browser makes of a page: its tags with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.inside: list[str] = []  # the tag right before, for each of `words`
        self.open = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open = tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        self.inside.append(self.open)

    def handle_endtag(self, _tag: str) -> None:
        self.open = ""

    def has_own_styles(self, policy: str) -> bool:
        """Whether all styles inside the page are those whose hash the page's policy names: a bill to keep has them."""
        styles = [words for tag, words in zip(self.inside, self.words, strict=True) if tag == "style"]
        hashes = (base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() for style in styles)
        return all(f"'sha256-{one}'" in policy for one in hashes)

    def wrong(self) -> list[tuple[str, dict[str, str | None]]]:
        """Everything that could run, or that our templates never write."""
        return [
            (tag, attributes)
            for tag, attributes in self.tags
            if (tag == "script" and not (attributes.get("src") or "").startswith("/static/"))
            or (tag == "img" and attributes.get("src") == "x")
            or any(name == "style" or name.startswith("on") for name in attributes)
            or any(
                (attributes.get(name) or "").lower().startswith("javascript:")
                for name in ("href", "src", "action")
            )
        ]


@pytest.fixture
def hostile_shop(database, order):
    """Everybody and everything in the shop has a name that would run, if a page let it."""
    with database.transaction() as session:
        handoff.ask_for_person(session, order.customer_id, utc_now())
        dead = {"account_id": "100", "kind": "message", "state": "dead", "raw": {}, "at": NOW}
        event = InboxEvent(**dead, key="k", created_at=NOW, conversation="1:nok")
        session.add(event)
        session.flush()
        said = Said(conversation.Kind.WORDS, HOSTILE, ({"type": "file", "title": HOSTILE},))
        conversation.keep(session, order.customer_id, event.id, said, NOW)
        customer = session.get_one(Customer, order.customer_id)
        teaching.say(session, customer, HOSTILE, "ask_price", named=[("product", "script")])
        said_of_it = {
            "text": HOSTILE,
            "group": HOSTILE,
            "meant": HOSTILE,
            "before": HOSTILE,
            "after": HOSTILE,
        }
        changed = [{**said_of_it, "before_entities": [f"{HOSTILE} {HOSTILE}"], "better": False}]
        make_model(session, name=HOSTILE, files=HOSTILE, worse=[HOSTILE], changed=changed, refused=HOSTILE)
        lesson = teaching.say(session, customer, f"a lesson {HOSTILE}", "ask_price")
        lesson.verdict, lesson.taught_text, lesson.taught_intent = "taught", HOSTILE, HOSTILE
        lesson.decided_by, lesson.decided_at = HOSTILE, NOW
        answer = {"shortcut": "hostile", "text_th": HOSTILE, "text_en": HOSTILE}
        quick_answers.save(session, None, answer)
        for model, columns in (
            (Customer, ("name",)),
            (Order, ("recipient", "address")),
            (OrderLine, ("name_th", "name_en")),
            (Product, ("name_th", "name_en")),
            (Channel, ("name", "problem")),
            (User, ("name",)),
            (Shop, ("name_th", "name_en", "greeting_th")),
            (PaymentAccount, ("bank", "holder")),
            (ShippingMethod, ("name_th", "name_en")),
            (InboxEvent, ("error", "kind")),
        ):
            session.query(model).update(dict.fromkeys(columns, HOSTILE))
    return order


def pages(order):
    for line in WHO_MAY:
        method, path = line.split(" ")
        if method == "GET" and path != "/events":
            yield re.sub(r"<[^>]+>", lambda part: FILLED.get(part[0], "1").format(number=order.number), path)


async def test_no_page_runs_what_somebody_is_called_or_typed(hostile_shop, ploy, stranger):
    showing = set()
    for person in (ploy, stranger):
        for path in pages(hostile_shop):
            for address in (path, f"{path}?{QUERY}"):
                answer, body = await person.get(address)
                assert answer.status < 500, address
                if answer.content_type != "text/html":
                    continue
                seen = Seen(body)
                assert seen.wrong() == [], address
                assert seen.has_own_styles(answer.headers["Content-Security-Policy"]), address
                assert "49" not in seen.words, address
                if any("<script>alert(1)</script>" in words for words in seen.words):
                    showing.add(path)
    number = hostile_shop.number
    assert {
        "/orders",
        f"/orders/{number}",
        "/chats",
        "/chats/1",
        "/chats/answers",
        "/people",
        "/people/log",
        "/account",
        "/problems",
        "/training",
        "/training/1",
        "/training/taught",
        "/training/export",
        "/training/models/1",
        "/sign-in",
    } <= showing


async def test_what_somebody_types_wrong_comes_back_as_words(hostile_shop, ploy):
    tried = 0
    for line in WHO_MAY:
        method, path = line.split(" ")
        if method != "POST" or path.endswith(("sign-out", "sessions/end", "deactivate", "role")):
            continue
        fields = dict.fromkeys(TYPED, HOSTILE)
        path = re.sub(
            r"<[^>]+>", lambda part: FILLED.get(part[0], "1").format(number=hostile_shop.number), path
        )
        answer, body = await ploy.post(path, **fields)
        assert answer.status < 500, path
        if answer.content_type == "text/html":
            assert Seen(body).wrong() == [], path
            tried += 1
    assert tried > 10


@pytest.mark.parametrize("header", ["User-Agent", "X-Forwarded-For"])
async def test_what_a_browser_calls_itself_is_words_too(database, visitor, header):
    person = visitor()
    await person.get("/sign-in", **{header: HOSTILE})
    await person.sign_in()
    _, body = await person.get("/account", **{header: HOSTILE})
    assert Seen(body).wrong() == []


async def test_a_packer_sees_no_money_on_any_page(database, order, visitor):
    """The order is 250 with 40 for shipping."""
    from shop import people
    from tests.seller_console.support import PASSWORD

    with database.transaction() as session:
        people.add_user(session, email="lek@example.com", name="Lek", password=PASSWORD, role=Role.PACKER)
    lek = visitor()
    await lek.sign_in("lek@example.com")
    looked_at = 0
    for line, who in WHO_MAY.items():
        method, path = line.split(" ")
        if method != "GET" or Role.PACKER not in who or path == "/events" or path.startswith("/static"):
            continue
        path = re.sub(r"<[^>]+>", lambda part: FILLED.get(part[0], "1").format(number=order.number), path)
        _, body = await lek.get(path)
        words = " ".join(Seen(body).words)
        values = " ".join(str(value) for _, attributes in Seen(body).tags for value in attributes.values())
        for money in (r"฿", r"THB", r"\b2[59]0\b", r"\b2[59]0\.00\b", r"\b2[59]000\b"):
            assert not re.search(money, f"{words} {values}"), (path, money)
        looked_at += 1
    assert looked_at >= 5
