"""The console's menu: what leads where, for whom. On a phone the first ones are tabs, the others stand under "More"."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from shop.roles import May

_TABS = 4


@dataclass(frozen=True)
class Entry:
    """A page of the menu. `text` is English and a key of the texts; `count` names the number of Live beside it."""

    path: str
    text: str
    icon: str
    may: May
    count: str = ""

    def holds(self, path: str) -> bool:
        """Whether the page at `path` belongs to this entry."""
        return path == self.path or path.startswith(f"{self.path}/")


#: In the order of how often they are needed.
ENTRIES = (
    Entry("/orders", "Orders", "orders", May.SEE_ORDERS),
    Entry("/review", "Review", "slip", May.SELL, "review"),
    Entry("/chats", "Chats", "chat", May.CHAT, "chats"),
    Entry("/products", "Products", "products", May.KEEP_PRODUCTS, "low_stock"),
    Entry("/figures", "Figures", "figures", May.SEE_FIGURES),
    Entry("/problems", "Problems", "problems", May.SEE_PROBLEMS, "problems"),
    Entry("/training", "Training", "training", May.TEACH, "training"),
    Entry("/channels", "Channels", "channels", May.CHANGE_SHOP),
    Entry("/settings", "Settings", "settings", May.CHANGE_SHOP),
    Entry("/people", "People", "people", May.KEEP_PEOPLE),
)


def entries(may: frozenset[May]) -> Sequence[Entry]:
    """The entries of somebody who may do this."""
    return [entry for entry in ENTRIES if entry.may in may]


def may_count(may: Set[May], name: str) -> bool:
    """Whether somebody who may do this sees the number of that name: the menu's, or of the first days' steps."""
    needs = {entry.count: entry.may for entry in ENTRIES if entry.count} | {"first_day": May.CHANGE_SHOP}
    return needs.get(name) in may


def tabs(shown: Sequence[Entry]) -> Sequence[Entry]:
    """Those that have a place at the bottom of a phone's screen."""
    return shown[:_TABS]


def home(may: frozenset[May]) -> str:
    """Where the console opens."""
    shown = entries(may)
    return shown[0].path if shown else "/menu"
