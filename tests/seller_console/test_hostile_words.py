"""Whatever people are called and write, pages show it as words: no page runs it, and none has scripts inside."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from urllib.parse import quote

import aiohttp
import pytest
from sqlalchemy import select

from shop import conversation, people
from shop.conversation import Said
from shop.models import (
    BotModel,
    Category,
    Channel,
    Customer,
    DeletionRequest,
    InboxEvent,
    Invite,
    Order,
    OrderLine,
    OrderNote,
    OutboxMessage,
    PaymentAccount,
    Product,
    ProductImport,
    ProductPicture,
    QuickAnswer,
    Shipment,
    ShippingMethod,
    Shop,
    SignIn,
    User,
    Utterance,
    Variant,
)
from shop.roles import Role
from tests.factories import NOW
from tests.seller_console import teaching
from tests.seller_console.forms_of import forms_of
from tests.seller_console.support import PASSWORD
from tests.seller_console.who_may import addresses, filled

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
def hostile_shop(database, whole_shop):
    """Everybody and everything in the shop has a name that would run, if a page let it."""
    with database.transaction() as session:
        said = Said(conversation.Kind.WORDS, HOSTILE, ({"type": "file", "title": HOSTILE},))
        event = session.scalars(select(InboxEvent).where(InboxEvent.state == "dead")).one()
        conversation.keep(session, whole_shop.customer_id, event.id, said, NOW)
        customer = session.get_one(Customer, whole_shop.customer_id)
        teaching.say(session, customer, HOSTILE, "ask_price", named=[("product", "script")])
        marked = [{"entity": "product", "start": 1, "end": 7}]
        lesson = {"taught_text": HOSTILE, "taught_intent": HOSTILE, "decided_by": HOSTILE}
        of_it = {"text": HOSTILE, "group": HOSTILE, "meant": HOSTILE, "before": HOSTILE, "after": HOSTILE}
        model = {
            "name": HOSTILE, "files": HOSTILE, "worse": [HOSTILE], "refused": HOSTILE, "published_by": HOSTILE,
            "changed": [{**of_it, "before_entities": [f"{HOSTILE} {HOSTILE}"], "better": False}],
        }  # fmt: skip
        for table, columns in (
            (Customer, ("name",)),
            (Order, ("recipient", "address")),
            (OrderLine, ("name_th", "name_en")),
            (OrderNote, ("text",)),
            (Shipment, ("carrier", "tracking")),
            (Product, ("name_th", "name_en")),
            (ProductPicture, ("alt_th", "alt_en")),
            (ProductImport, ("name", "by")),
            (Category, ("name_th", "name_en")),
            (Variant, ("sku",)),
            (QuickAnswer, ("text_th", "text_en")),
            (Channel, ("name", "problem")),
            (User, ("name",)),
            (SignIn, ("device", "address")),
            (Invite, ("email", "by")),
            (Shop, ("name_th", "name_en", "greeting_th")),
            (PaymentAccount, ("bank", "holder")),
            (ShippingMethod, ("name_th", "name_en")),
            (InboxEvent, ("error", "kind")),
            (OutboxMessage, ("error",)),
            (DeletionRequest, ("error",)),
        ):
            for number, row in enumerate(session.scalars(select(table))):
                for column in columns:
                    distinct = column == "sku" or table is Product  # one of each
                    setattr(row, column, f"{HOSTILE}{number}" if distinct else HOSTILE)
        for row in session.scalars(select(BotModel)):
            for column, value in model.items():
                setattr(row, column, value)
        for row in session.scalars(select(Utterance)):
            row.text, row.intent, row.entities = HOSTILE, HOSTILE, marked
            for column, value in lesson.items() if row.verdict else ():
                setattr(row, column, value)
    return whole_shop


#: Pages that show nothing of what somebody has typed, or only in fields.
NO_NAMES = {
    "/menu",
    "/alerts/push",
    "/account",
    "/account/second-step",
    "/orders/<number:str>/confirm",
    "/products/import",
    "/channels/new",
    "/channels/connecting/<errand_id:row>",
    "/settings/checklist",
    "/settings/checks",
}


async def test_no_page_runs_what_somebody_is_called_or_typed(hostile_shop, ploy, stranger):
    silent = set()
    for person in (ploy, stranger):
        for path in addresses("GET"):
            address = filled(path, hostile_shop.number)
            for asked in (address, f"{address}{'&' if '?' in address else '?'}{QUERY}"):
                answer, body = await person.get(asked)
                assert answer.status < 500, asked
                if answer.content_type != "text/html":
                    continue
                seen = Seen(body)
                assert seen.wrong() == [], asked
                assert seen.has_own_styles(answer.headers["Content-Security-Policy"]), asked
                assert "49" not in seen.words, asked
                if person is ploy and asked == address and answer.status == 200:
                    main = body[body.find("<main") :]
                    if not any("<script>alert(1)</script>" in words for words in Seen(main).words):
                        silent.add(path)
    assert silent == NO_NAMES


async def test_what_somebody_types_wrong_comes_back_as_words(hostile_shop, ploy):
    forms, tried = await forms_of(ploy, hostile_shop.number), 0
    for path in addresses("POST"):
        if path.endswith(("sign-out", "sessions/end", "deactivate", "role")):
            continue
        address = filled(path, hostile_shop.number)
        drawn = forms.get(address, {}).keys() - {"csrf"}
        for fields in (dict.fromkeys(TYPED, HOSTILE), dict.fromkeys(drawn, HOSTILE)):
            answer, body = await ploy.post(address, **fields)
            assert answer.status < 500, address
            if answer.content_type == "text/html":
                assert Seen(body).wrong() == [], address
                tried += 1
    assert tried > 40


@pytest.mark.parametrize("header", ["User-Agent", "X-Forwarded-For"])
async def test_what_a_browser_calls_itself_is_words_too(database, visitor, header):
    person = visitor()
    await person.get("/sign-in", **{header: HOSTILE})
    await person.sign_in()
    _, body = await person.get("/account", **{header: HOSTILE})
    assert Seen(body).wrong() == []


#: How the money of `whole_shop.py` may be written: an order is 250 with 40 for shipping, a cup 160.
MONEY = (r"฿", r"THB", r"\b2[59]0\b", r"\b2[59]0\.00\b", r"\b2[59]000\b", r"\b160\b", r"\b16000\b")


def shows_money(body):
    """What of a page is money, its attributes included; a form's token may hold any digits."""
    seen = Seen(body)
    values = [str(one.get("value")) for _, one in seen.tags if one.get("name") != "csrf"]
    others = [str(value) for _, one in seen.tags for name, value in one.items() if name != "value"]
    shown = " ".join((*seen.words, *values, *others))
    return [money for money in MONEY if re.search(money, shown)]


@pytest.fixture
async def lek(database, visitor):
    """A packer who is signed in and reads English."""
    with database.transaction() as session:
        one = people.add_user(
            session, email="pim@example.com", name="Pim", password=PASSWORD, role=Role.PACKER
        )
        one.language = "en"
    browser = visitor()
    await browser.sign_in("pim@example.com")
    return browser


async def test_a_packer_sees_no_money_on_any_page(whole_shop, lek):
    looked_at = 0
    for path in addresses("GET"):
        if not path.startswith("/static"):
            answer, body = await lek.get(filled(path, whole_shop.number))
            assert shows_money(body) == [], path
            looked_at += answer.status == 200
    assert looked_at >= 8


async def test_a_packer_sees_no_money_in_any_answer_to_a_form(database, whole_shop, lek):
    """What happened to many orders, a file that is looked at, what was refused; also of forms they were not given."""
    forms = await forms_of(lek, whole_shop.number)
    with database.reading() as session:
        numbers = session.scalars(select(Order.number)).all()
    drawn = 0
    for path in addresses("POST"):
        if path in ("/sign-out", "/account/sessions/end"):
            continue
        address = filled(path, whole_shop.number)
        for fields in (
            {},
            {**forms.get(address, {}), "csrf": lek.csrf},
            {"tracking": "x" * 200, "note": "x" * 9999},
        ):
            answer, body = await lek.post(address, **fields)
            assert answer.status < 500 and shows_money(body) == [], path
            drawn += answer.content_type == "text/html" and answer.status != 403
    assert drawn > 10
    many = [("csrf", lek.csrf), *(("order", number) for number in numbers)]
    for path in ("/orders/chosen", "/orders/pack"):
        _, body = await lek.send(path, many)
        assert shows_money(body) == [], path
    assert all(number in body for number in numbers)
    await lek.get("/orders/parcels/file")
    form = aiohttp.FormData([("csrf", lek.csrf), ("carrier", "jt")])
    rows = "".join(f"{number},JT00000{place}00{place}\n" for place, number in enumerate(numbers))
    form.add_field("file", f"order,tracking\n{rows}".encode(), filename="parcels.csv")
    answer, body = await lek.send("/orders/parcels/file", form)
    assert answer.status == 200 and numbers[0] in body and shows_money(body) == []
