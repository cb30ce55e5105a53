"""What the emulator knows: Pages, customers and their chats, kept in memory and bounded. Behaviour is
elsewhere (people.py: what customers do, send.py: what the shop does)."""

import secrets
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Any

from simulator.clock import Clock
from simulator.config import Config
from simulator.live import Live
from simulator.media import File, MediaStore
from simulator.scenario import Scenario

ENTRIES_KEPT = 400  # messages of one chat
CALLS_KEPT = 5000  # Graph calls
TYPING_SECONDS = 20  # Messenger hides the dots after this time


@dataclass(slots=True)
class Media:
    """One picture or file of a message: bytes of ours, or a foreign address."""

    kind: str
    file: File | None = None
    url: str = ""


@dataclass(slots=True)
class Entry:
    """One message of a chat. ``message`` is what was sent (shop: the request's message; customer: the
    event's).
    """

    seq: int
    side: str  # customer | shop | inbox
    at: int  # simulated milliseconds
    wall: float  # real Unix seconds
    kind: str
    mid: str
    message: dict[str, Any]
    text: str = ""
    media: list[Media] = field(default_factory=list)
    shown: dict[str, Any] = field(default_factory=dict)  # a filled-in utility template: text and buttons
    request: dict[str, Any] = field(default_factory=dict)
    raw: str = ""  # the shop's request body as it came
    shop_index: int = 0  # the n-th message of the shop in this chat, from 1
    reactions: dict[str, str] = field(default_factory=dict)
    unsent: bool = False
    edited: int = 0
    sent: bool = True


@dataclass
class Customer:
    """A person in the eyes of one Page."""

    psid: str
    page_id: str
    name: str
    locale: str = "th_TH"
    timezone: int = 7
    gender: str = ""
    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=ENTRIES_KEPT))
    last_seq: int = 0
    shop_count: int = 0
    opened_at: int | None = None  # ms of the last action that opens the messaging window
    blocked: bool = False
    typing_until: float = 0.0  # real time
    seen_at: int = 0  # ms: the shop has seen everything before
    read_at: int = 0  # ms: the customer has read everything before
    accepted_seq: int = 0  # the webhook has taken everything up to this entry
    refused: str = ""  # why the last send of the shop failed, for the chat page
    thread_owner: str | None = None  # app id, None: idle
    menu: list[dict[str, Any]] | None = None
    settings_calls: deque[float] = field(default_factory=deque)

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def app_user_id(self) -> str:
        """Who they are to the app, which is another number than on the Page."""
        return f"99{self.psid}"

    @property
    def last_name(self) -> str:
        return self.name.partition(" ")[2]


@dataclass
class WebhookHealth:
    """How the deliveries of a Page are going."""

    failures: int = 0
    failing_since: float | None = None
    last_error: str = ""
    disabled: bool = False


@dataclass
class Page:
    """A Page, its token, its profile and its webhook subscription."""

    id: str
    name: str
    token: str
    webhook: str
    app_secret: str
    verify_token: str
    fields: set[str]
    profile: dict[str, Any] = field(default_factory=dict)
    templates: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    default_app: str | None = None  # app id of the default application, None: default behaviour
    token_valid: bool = True
    health: WebhookHealth = field(default_factory=WebhookHealth)
    profile_calls: deque[float] = field(default_factory=deque)
    second: int = 0  # the running second of the send rate, and the messages in it
    sent_in_second: int = 0


@dataclass(slots=True)
class GraphCall:
    """One call the shop made, as the control API lists it."""

    seq: int
    wall: float
    method: str
    path: str
    version: str
    page_id: str | None
    body: Any
    status: int = 0
    code: int | None = None
    subcode: int | None = None
    milliseconds: float = 0.0


class World:
    """Everything of one running emulator."""

    def __init__(self, config: Config, base_url: str) -> None:
        self.config = config
        self.base_url = base_url
        self.clock = Clock()
        self.live = Live()
        self.reset()

    def reset(self) -> None:
        """Back to the state of the start, without customers."""
        self.clock.reset()
        self.scenario = Scenario()
        self.media = MediaStore(self.clock, self.base_url)
        self.customers: dict[str, Customer] = {}
        self.calls: deque[GraphCall] = deque(maxlen=CALLS_KEPT)
        self.call_count = 0
        self.fetched: OrderedDict[str, None] = OrderedDict()  # Meta caches pictures by their address
        self.pages: dict[str, Page] = {}
        self.tokens: dict[str, Page] = {}
        config = self.config
        self.add_page(config.page_id, config.page_name, config.page_token)

    def add_page(
        self,
        page_id: str,
        name: str,
        token: str,
        *,
        webhook: str = "",
        app_secret: str = "",
        verify_token: str = "",
        fields: set[str] | None = None,
    ) -> Page:
        """A new Page of the app; what is not given is as for the first Page."""
        config = self.config
        page = Page(
            id=page_id,
            name=name,
            token=token,
            webhook=webhook or config.webhook,
            app_secret=app_secret or config.app_secret,
            verify_token=verify_token or config.verify_token,
            fields=set(config.fields) if fields is None else fields,
        )
        self.pages[page_id] = page
        self.tokens[token] = page
        return page

    def add_customer(self, page: Page, name: str, *, psid: str = "", locale: str = "th_TH") -> Customer:
        psid = psid or str(7 * 10**15 + secrets.randbelow(10**15))
        customer = Customer(psid=psid, page_id=page.id, name=name, locale=locale)
        self.customers[psid] = customer
        return customer

    def page_of(self, customer: Customer) -> Page:
        return self.pages[customer.page_id]

    def add_entry(
        self, customer: Customer, side: str, kind: str, message: dict[str, Any], *, mid: str = "", **more: Any
    ) -> Entry:
        """Append a message to a chat."""
        customer.last_seq += 1
        entry = Entry(
            seq=customer.last_seq,
            side=side,
            at=self.clock.now_ms(),
            wall=time.time(),
            kind=kind,
            mid=mid or new_mid(),
            message=message,
            **more,
        )
        if side != "customer":
            customer.shop_count += 1
            entry.shop_index = customer.shop_count
        customer.entries.append(entry)
        return entry

    def find_entry(self, customer: Customer, mid: str) -> Entry | None:
        return next((entry for entry in reversed(customer.entries) if entry.mid == mid), None)


def new_mid() -> str:
    """A message id in Messenger's look."""
    return "m_" + secrets.token_urlsafe(48)
