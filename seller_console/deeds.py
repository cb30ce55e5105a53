"""What stands in the log, in words: for each action, by the name of its route or command, what somebody did.

English, and keys of the texts. `%(subject)s` is what it was done to. A new route that changes something needs a line
here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from seller_console.rendering import by_whom
from seller_console.role_words import role_word
from seller_console.texts import text
from shop import audit, money
from training.words import intent as intent_words

DEEDS = {
    # signing in, one's own account
    "sign_in.sign_in": "signed in",
    "sign_in.wrong_code": "typed a wrong code after the right password of %(subject)s",
    "sign_in.sign_out": "signed out",
    "language.choose": "chose a language",
    "account.save": "changed their name or language",
    "account.password": "changed their password",
    "account.end_session": "signed out one of their browsers",
    "account.end_all_sessions": "signed out everywhere",
    "second_step.offer": "began to set up the second step of signing in",
    "second_step.confirm": "switched on the second step of signing in",
    "second_step.new_codes": "made new recovery codes",
    "second_step.off": "switched off the second step of signing in",
    # people
    "people.invite": "invited %(subject)s",
    "people.withdraw": "took back an invite (%(subject)s)",
    "people.link": "made a link for a new password of %(subject)s",
    "people.role": "changed the role of %(subject)s",
    "people.deactivate": "deactivated %(subject)s",
    "people.reactivate": "let %(subject)s in again",
    "people.second_step_off": "switched off the second step of %(subject)s",
    "join.join": "joined by invite",
    "join.renew": "chose a new password by a link",
    # orders
    "order.confirm": "confirmed the payment of %(subject)s",
    "order.add_note": "noted something on %(subject)s",
    "order.remove_note": "took a note off %(subject)s",
    "lines.save": "changed the items of %(subject)s",
    "review.confirm": "confirmed the payment of %(subject)s",
    "review.reject": "did not accept a slip of %(subject)s",
    "review.back": "took back what was said of a slip of %(subject)s",
    "money.look_again": "had a slip of %(subject)s looked at again",
    "money.accept": "entered an amount received for %(subject)s",
    "money.reject": "did not accept a slip of %(subject)s",
    "money.undo": "took back an entry of %(subject)s",
    "money.refund": "recorded a refund of %(subject)s",
    "money.keep": "kept the rest of the money of %(subject)s",
    "money.discount": "gave a discount on %(subject)s",
    "fulfilment.accept": "accepted %(subject)s (cash on delivery)",
    "fulfilment.pack": "packed %(subject)s",
    "fulfilment.unpack": "undid the packing of %(subject)s",
    "fulfilment.ship": "shipped %(subject)s",
    "fulfilment.unship": "undid the shipping of %(subject)s",
    "fulfilment.deliver": "marked %(subject)s as delivered",
    "fulfilment.undeliver": "took back that %(subject)s was delivered",
    "fulfilment.come_back": "took back the parcel of %(subject)s",
    "fulfilment.call_off": "cancelled %(subject)s",
    "orders.pack": "packed %(subject)s",
    "orders.unpack": "undid the packing of %(subject)s",
    "parcels.enter": "shipped %(subject)s",
    "parcels.ticked": "shipped %(subject)s",
    "export.export": "exported orders",
    "alerts.choose": "chose how to be alerted",
    "alerts.turn_on": "had a device alert also while the console is closed",
    "alerts.turn_off": "stopped a device from alerting while the console is closed",
    "alerts.try_out": "tried the notifications of a device",
    "writing.write": "wrote to the customer of %(subject)s",
    # chats
    "chats.write": "wrote in the chat of customer %(subject)s",
    "new_order.make": "made an order for customer %(subject)s",
    "chats.take": "took over the chat of customer %(subject)s",
    "chats.back": "gave the chat of customer %(subject)s back to the bot",
    "chats.assign": "said which order a slip is for (%(subject)s)",
    "chats.done": "put a slip without an order aside (%(subject)s)",
    "quick_answers.add": "added a quick answer",
    "quick_answers.save": "changed quick answer %(subject)s",
    "quick_answers.remove": "removed quick answer %(subject)s",
    # products
    "products.create": "added a product",
    "product.details": "changed the details of product %(subject)s",
    "product.change_options": "changed the options of product %(subject)s",
    "product.change_variants": "changed prices or stock of product %(subject)s",
    "product.place": "moved product %(subject)s to another place",
    "product.archive": "archived product %(subject)s",
    "product.restore": "brought product %(subject)s back",
    "product.delete": "deleted product %(subject)s",
    "pictures.add": "added pictures to product %(subject)s",
    "pictures.change_one": "changed a picture of product %(subject)s",
    "stock.change_stock": "changed the stock of product %(subject)s",
    "products.received": "received goods",
    "products.threshold": "changed when low stock is warned of",
    "imports.upload": "brought a table of products",
    "imports.apply": "applied a table of products (%(subject)s)",
    "categories.add": "added a category",
    "categories.change_one": "changed category %(subject)s",
    # problems
    "problems.event_again": "had an event tried again (%(subject)s)",
    "problems.message_again": "had a message tried again (%(subject)s)",
    "problems.nothing_is_kept": "closed a wish for deletion (%(subject)s)",
    # training
    "training.teach": "taught the bot message %(subject)s",
    "training.ignore": "ignored message %(subject)s",
    "training.reopen": "put message %(subject)s back to be taught",
    "taught.reopen": "took back what was taught with message %(subject)s",
    "bot_files.commit": "put taught messages into the bot's files (%(subject)s)",
    "bot_models.train": "had a model of the bot made",
    "bot_models.publish": "published model %(subject)s of the bot",
    # settings
    "settings.save": "changed the settings (%(subject)s)",
    "payment_settings.account": "changed a payment account (%(subject)s)",
    "shipping_settings.method": "changed a way to send (%(subject)s)",
    "channels.connect": "connected a Page",
    "channels.reconnect": "gave the Page %(subject)s new secrets",
    "channels.set_up": "set up the Page %(subject)s",
    "channels.test": "sent a test message from the Page %(subject)s",
    "channels.disconnect": "disconnected the Page %(subject)s",
    "channels.go_on": "let the Page %(subject)s send again",
    "first_day.look": "had everything checked",
    "first_day.tick": "ticked a step of the first day (%(subject)s)",
    # the operator's commands
    "user.add": "gave %(subject)s an account or a new password",
    "user.reset_second_step": "switched off the second step of %(subject)s",
    "user.sign_out": "signed %(subject)s out everywhere",
    "channel.add": "connected the Page %(subject)s",
    "customer.export": "exported the data of customer %(subject)s",
    "customer.erase": "erased customer %(subject)s",
    "inbox.replay": "had an event tried again (%(subject)s)",
    "log.export": "exported this log",
}

#: What the filter by kind offers: how it is called, and its actions (or the first word of some). One may be of several.
KINDS: Mapping[str, tuple[str, Collection[str]]] = {
    "orders": (
        "Orders",
        (
            *("order", "orders", "new_order", "lines", "review", "money", "fulfilment", "parcels"),
            *("writing", "export"),
        ),
    ),
    "money": ("Money", ("order.confirm", "review", "money", "fulfilment.deliver", "fulfilment.undeliver")),
    "slips": (
        "Slips",
        ("review", "money.look_again", "money.accept", "money.reject", "chats.assign", "chats.done"),
    ),
    "parcels": ("Parcels", ("fulfilment", "orders", "parcels")),
    "chats": ("Chats", ("chats", "writing", "quick_answers")),
    "products": ("Products", ("products", "product", "pictures", "stock", "imports", "categories")),
    "stock": (
        "Stock",
        ("stock", "products.received", "products.threshold", "product.change_variants", "imports.apply"),
    ),
    "problems": ("Problems", ("problems", "inbox")),
    "training": ("Training", ("training", "taught", "bot_files", "bot_models")),
    "settings": ("Settings", ("settings", "payment_settings", "shipping_settings", "first_day")),
    "channels": ("Channels", ("channels", "channel")),
    "people": ("People", ("people", "join", "user")),
    "signing_in": (
        "Signing in",
        (
            *("sign_in", "second_step", "user", "join.renew", "people.link", "people.second_step_off"),
            *("account.password", "account.end_session", "account.end_all_sessions"),
        ),
    ),
    "accounts": ("Own accounts", ("account", "second_step", "language", "alerts")),
    "customers": ("Customers' data", ("customer", "problems.nothing_is_kept")),
    "taken": ("Data taken out", ("export", "log", "customer.export")),
    "commands": ("Commands on the server", ("user", "channel", "customer", "inbox")),
}

#: The names of details, where they have words.
DETAILS = {
    "total": "total",
    "price": "price",
    "stock": "stock",
    "lines": "items",
    "order": "order",
    "put_back": "put back into stock",
    "role": "role",
    "language": "language",
    "name": "name",
    "wrong_tries": "wrong tries before",
    "second_factor": "second step",
    "recovery_codes_left": "recovery codes left",
    "rows": "rows",
    "examples": "messages",
    "model": "model",
    "intent": "meaning",
    "entities": "marks",
}
#: Details that are amounts; the shop sells in one currency.
_MONEY, _CURRENCY = ("total", "price", "discount", "amount", "refund"), "THB"


def deed(action: str, subject: str, language: str) -> str:
    """What was done, in words; the bare action where there are none (an entry of an older or newer version)."""
    if action not in DEEDS:
        return f"{action} {subject}".rstrip()
    return text(language, DEEDS[action], subject=subject)


def actions_of(kind: str) -> Collection[str]:
    """The actions of a kind; of what is none, the action of that name."""
    return KINDS[kind][1] if kind in KINDS else (kind,) if kind else ()


def actions_like(words: str, language: str) -> list[str]:
    """The actions whose words hold these."""
    wanted = words.casefold()
    return [action for action in DEEDS if wanted in deed(action, "", language).casefold()]


def by_name(by: str, names: Mapping[str, str], language: str) -> str:
    """Who did it."""
    if by == audit.OPERATOR:
        return text(language, "The operator")
    return text(language, "Somebody") if by == audit.NOBODY else by_whom(by, names, language)


def details(detail: Mapping[str, Any], language: str) -> list[str]:
    """What became different: "role: Packer → Seller"."""
    return [_detail(key, value, language) for key, value in detail.items()]


def _detail(key: str, value: Any, language: str) -> str:
    if key == "name" and value is True:  # that it changed, not to what
        return text(language, "another name")
    return f"{_named(key, language)}: {_value(key, value, language)}"


def _named(key: str, language: str) -> str:
    return text(language, DETAILS[key]) if key in DETAILS else key.replace("_", " ")


def _value(key: str, value: Any, language: str) -> str:
    if isinstance(value, list):
        return (" → " if len(value) == 2 else ", ").join(_value(key, one, language) for one in value)
    if isinstance(value, dict):
        return ", ".join(details(value, language))
    if isinstance(value, bool):
        return text(language, "yes") if value else text(language, "no")
    if value is None or value == "":
        return "–"
    if key in _MONEY and isinstance(value, int):
        return money.written(value, _CURRENCY, language)
    if key == "intent":
        return intent_words(str(value)).name(language)
    return role_word(str(value), language) if key == "role" else str(value)[:200]
