"""Who may use which address of the console, written out: a route without a line here fails `test_routes.py`.

A new route gets a line. Names in brackets are filled by `FILLED`, so that the walk meets rows that exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shop.roles import Role

#: Strangers, too.
ANYBODY = frozenset({"nobody", *Role})
#: Whoever is signed in.
EVERYBODY = frozenset(Role)
OWNER = frozenset({Role.OWNER})
SELLERS = frozenset({Role.OWNER, Role.STAFF})
PACKERS = frozenset({Role.OWNER, Role.STAFF, Role.PACKER})
TRAINERS = frozenset({Role.OWNER, Role.TRAINER})

WHO_MAY = {
    # signing in, the frame
    "GET /sign-in": ANYBODY,
    "POST /sign-in": ANYBODY,
    "GET /sign-in/code": ANYBODY,
    "POST /sign-in/code": ANYBODY,
    "POST /sign-out": EVERYBODY,
    "GET /static/<version:str>/<name:str>": ANYBODY,
    "GET /health/live": ANYBODY,
    "GET /health/ready": ANYBODY,
    "GET /": EVERYBODY,
    "GET /menu": EVERYBODY,
    "GET /events": EVERYBODY,
    "POST /language": EVERYBODY,
    # invites, one's own account
    "GET /join/<secret:str>": ANYBODY,
    "POST /join/<secret:str>": ANYBODY,
    "GET /account": EVERYBODY,
    "POST /account": EVERYBODY,
    "POST /account/password": EVERYBODY,
    "POST /account/sessions/<token:str>/end": EVERYBODY,
    "POST /account/sessions/end": EVERYBODY,
    "GET /account/second-step": EVERYBODY,
    "POST /account/second-step/offer": EVERYBODY,
    "POST /account/second-step/confirm": EVERYBODY,
    "GET /account/second-step/codes": EVERYBODY,
    "POST /account/second-step/codes": EVERYBODY,
    "POST /account/second-step/off": EVERYBODY,
    # people, the log of who did what
    "GET /people": OWNER,
    "POST /people/invites": OWNER,
    "POST /people/invites/<invite_id:row>/withdraw": OWNER,
    "POST /people/<user_id:row>/link": OWNER,
    "POST /people/<user_id:row>/role": OWNER,
    "POST /people/<user_id:row>/deactivate": OWNER,
    "POST /people/<user_id:row>/reactivate": OWNER,
    "POST /people/<user_id:row>/second-step-off": OWNER,
    "GET /people/log": OWNER,
    "POST /people/log/export": OWNER,
    "POST /alerts": SELLERS,
    "GET /alerts/worker.js": ANYBODY,
    "GET /alerts/push": SELLERS,
    "POST /alerts/push": SELLERS,
    "POST /alerts/push/off": SELLERS,
    "POST /alerts/push/test": SELLERS,
    # orders
    "GET /orders": PACKERS,
    "GET /orders/numbers": PACKERS,
    "POST /orders/chosen": PACKERS,
    "POST /orders/pack": PACKERS,
    "POST /orders/unpack": PACKERS,
    "GET /orders/print": PACKERS,
    "GET /orders/parcels": PACKERS,
    "POST /orders/parcels": PACKERS,
    "GET /orders/parcels/file": PACKERS,
    "POST /orders/parcels/file": PACKERS,
    "POST /orders/parcels/ticked": PACKERS,
    "GET /orders/export": SELLERS,
    "GET /orders/<number:str>": PACKERS,
    "GET /orders/<number:str>/confirm": SELLERS,
    "POST /orders/<number:str>/confirm": SELLERS,
    "GET /orders/<number:str>/bill": SELLERS,
    "GET /orders/<number:str>/bill.pdf": SELLERS,
    "GET /orders/<number:str>/payment": SELLERS,
    "GET /orders/<number:str>/payment.pdf": SELLERS,
    "POST /orders/<number:str>/accept-amount": SELLERS,
    "POST /orders/<number:str>/reject": SELLERS,
    "POST /orders/<number:str>/undo": SELLERS,
    "POST /orders/<number:str>/look-again": SELLERS,
    "GET /orders/<number:str>/lines": SELLERS,
    "POST /orders/<number:str>/lines": SELLERS,
    "POST /orders/<number:str>/notes": PACKERS,
    "POST /orders/<number:str>/notes/<note_id:row>/remove": SELLERS,
    "POST /orders/<number:str>/refund": SELLERS,
    "POST /orders/<number:str>/keep": SELLERS,
    "POST /orders/<number:str>/discount": SELLERS,
    "POST /orders/<number:str>/accept": SELLERS,
    "POST /orders/<number:str>/pack": PACKERS,
    "POST /orders/<number:str>/unpack": PACKERS,
    "POST /orders/<number:str>/ship": PACKERS,
    "POST /orders/<number:str>/unship": PACKERS,
    "POST /orders/<number:str>/deliver": PACKERS,
    "POST /orders/<number:str>/undeliver": PACKERS,
    "POST /orders/<number:str>/call-off": SELLERS,
    "POST /orders/<number:str>/come-back": SELLERS,
    "POST /orders/<number:str>/write": SELLERS,
    "GET /slips/<slip_id:row>": SELLERS,
    "GET /slips/<slip_id:row>/code": SELLERS,
    # review
    "GET /review": SELLERS,
    "GET /review/<number:str>": SELLERS,
    "POST /review/<number:str>/confirm": SELLERS,
    "POST /review/<number:str>/reject": SELLERS,
    "POST /review/<number:str>/skip": SELLERS,
    "POST /review/<number:str>/back": SELLERS,
    # chats
    "GET /waiting": SELLERS,
    "GET /chats": SELLERS,
    "GET /chats/<customer_id:row>": SELLERS,
    "GET /chats/<customer_id:row>/order": SELLERS,
    "POST /chats/<customer_id:row>/order": SELLERS,
    "POST /chats/<customer_id:row>/write": SELLERS,
    "GET /chats/<customer_id:row>/pictures/<message_id:row>": SELLERS,
    "POST /chats/<customer_id:row>/answer": SELLERS,
    "GET /chats/<customer_id:row>/read": SELLERS,
    "POST /chats/<customer_id:row>/read": SELLERS,
    "POST /chats/<customer_id:row>/take": SELLERS,
    "POST /chats/<customer_id:row>/back": SELLERS,
    "GET /chats/slips": SELLERS,
    "POST /chats/slips/<slip_id:row>/order/<order_id:row>": SELLERS,
    "POST /chats/slips/<slip_id:row>/done": SELLERS,
    "GET /chats/answers": SELLERS,
    "POST /chats/answers": SELLERS,
    "POST /chats/answers/<answer_id:row>": SELLERS,
    "POST /chats/answers/<answer_id:row>/remove": SELLERS,
    # products
    "GET /products": SELLERS,
    "GET /products/new": SELLERS,
    "POST /products/new": SELLERS,
    "GET /products/low": SELLERS,
    "POST /products/low": SELLERS,
    "POST /products/received": SELLERS,
    "GET /products/categories": SELLERS,
    "POST /products/categories": SELLERS,
    "POST /products/categories/<category_id:row>": SELLERS,
    "GET /products/<product_id:row>": SELLERS,
    "POST /products/<product_id:row>": SELLERS,
    "POST /products/<product_id:row>/options": SELLERS,
    "POST /products/<product_id:row>/variants": SELLERS,
    "POST /products/<product_id:row>/place": SELLERS,
    "POST /products/<product_id:row>/archive": SELLERS,
    "POST /products/<product_id:row>/restore": SELLERS,
    "GET /products/<product_id:row>/delete": SELLERS,
    "POST /products/<product_id:row>/delete": SELLERS,
    "GET /products/<product_id:row>/stock": SELLERS,
    "POST /products/<product_id:row>/stock": SELLERS,
    "POST /products/<product_id:row>/pictures": SELLERS,
    "POST /products/<product_id:row>/pictures/<picture_id:row>": SELLERS,
    "GET /products/import": SELLERS,
    "POST /products/import": SELLERS,
    "GET /products/import/<import_id:row>": SELLERS,
    "POST /products/import/<import_id:row>": SELLERS,
    "GET /products/import/template/<kind:str>": SELLERS,
    "GET /products/export/<kind:str>": SELLERS,
    "GET /pictures/<picture_id:row>": EVERYBODY,
    "GET /pictures/<picture_id:row>/small": EVERYBODY,
    # figures
    "GET /figures": SELLERS,
    "GET /figures/charts/<chart:str>": SELLERS,
    "GET /figures/tables/<table:str>": SELLERS,
    # problems
    "GET /problems": SELLERS,
    "POST /problems/events/<event_id:row>/again": SELLERS,
    "POST /problems/messages/<message_id:row>/again": SELLERS,
    "POST /problems/wishes/<request_id:row>/close": SELLERS,
    # training
    "GET /training": TRAINERS,
    "GET /training/<utterance_id:row>": TRAINERS,
    "POST /training/<utterance_id:row>/teach": TRAINERS,
    "POST /training/<utterance_id:row>/ignore": TRAINERS,
    "POST /training/<utterance_id:row>/reopen": TRAINERS,
    # what was taught, and the files of the bot
    "GET /training/taught": TRAINERS,
    "POST /training/taught/<utterance_id:row>/reopen": TRAINERS,
    "GET /training/export": TRAINERS,
    "GET /training/export/patch": TRAINERS,
    "POST /training/export/commit": TRAINERS,
    # models of the bot
    "GET /training/models": TRAINERS,
    "POST /training/models": TRAINERS,
    "GET /training/models/<model_id:row>": TRAINERS,
    "POST /training/models/<model_id:row>/publish": TRAINERS,
    "GET /training/models/<model_id:row>/confusion": TRAINERS,
    # channels
    "GET /channels": OWNER,
    "GET /channels/new": OWNER,
    "POST /channels/new": OWNER,
    "GET /channels/connecting/<errand_id:row>": OWNER,
    "GET /channels/<channel_id:row>": OWNER,
    "GET /channels/<channel_id:row>/secrets": OWNER,
    "POST /channels/<channel_id:row>/secrets": OWNER,
    "POST /channels/<channel_id:row>/set-up": OWNER,
    "POST /channels/<channel_id:row>/test": OWNER,
    "POST /channels/<channel_id:row>/disconnect": OWNER,
    "POST /channels/<channel_id:row>/go-on": OWNER,
    # settings
    "GET /settings": OWNER,
    "GET /settings/<section:str>": OWNER,
    "POST /settings/<section:str>": OWNER,
    "GET /settings/checklist": OWNER,
    "POST /settings/checklist": OWNER,
    "GET /settings/checks": OWNER,
    "POST /settings/checks": OWNER,
    "GET /settings/payment": OWNER,
    "POST /settings/payment/<account:str>": OWNER,
    "GET /settings/shipping": OWNER,
    "POST /settings/shipping/<method:str>": OWNER,
}

#: In `whole_shop.py` the secret of an invite's link, and the number of an order that is paid and to be packed.
INVITE, PAID = "the-secret-of-an-invite", "TL-22222222"
#: What stands in an address for a name in brackets, or for the whole address; "1" for those that are not listed.
#: `{number}` is an order's.
FILLED = {
    "<number:str>": "{number}",
    "<version:str>": "x",
    "<name:str>": "icon.svg",
    "<section:str>": "shop",
    "<chart:str>": "course",
    "<table:str>": "course",
    "<kind:str>": "csv",
    "<secret:str>": INVITE,
    "/orders/parcels": f"/orders/parcels?of={PAID}",
    "/orders/print": f"/orders/print?of={PAID}",
    # the first was ordered, and stays
    "/products/<product_id:row>/delete": "/products/2/delete",
}


def filled(path: str, number: str) -> str:
    """An address that leads somewhere, in `whole_shop.py` at least; `number` is an order's."""
    path = FILLED.get(path, path)
    return re.sub(r"<[^>]+>", lambda part: FILLED.get(part[0], "1"), path).format(number=number)


def addresses(method: str) -> Iterator[str]:
    """All addresses of the method, as the table has them, but the endless one."""
    for line in WHO_MAY:
        of, path = line.split(" ")
        if of == method and path != "/events":
            yield path
