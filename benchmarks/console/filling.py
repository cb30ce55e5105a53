"""A shop with any number of orders, written straight into its tables: by its own functions a million takes a day.

The newest 300 orders are at work (waiting, slips to look at, paid, packed); the older ones are over, nearly all
delivered. 400 come in a day, on three channels of very different size. Each customer orders five times, for themselves;
first names are few, nobody shares a whole name with many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from shop import people
from shop.db import Database, utc_now
from shop.order_index import BACKWARDS
from tests.factories import make_channel, make_shop, make_variant

EMAIL, PASSWORD = "ploy@example.com", "a long password for measuring"
_A_DAY = 400
_AT_WORK = 300
_ORDERS_EACH = 5
_FIRST = ("สมชาย", "สมหญิง", "มาลี", "วิชัย", "สุดา", "กานดา", "ประเสริฐ", "อรุณ", "ชลธิชา", "ณัฐพล", "พิมพ์ใจ", "ธนา")
_SYLLABLES = (
    "ใจ",
    "ดี",
    "ทอง",
    "สุข",
    "ศรี",
    "แก้ว",
    "บุญ",
    "มา",
    "วงษ์",
    "เพชร",
    "ชัย",
    "รัตน์",
    "พร",
    "กุล",
    "เดช",
    "งาม",
)
_CHANNELS = (1,) * 16 + (2,) * 3 + (3,)
#: (state, payment) of orders that are over, and of those at work.
_OVER = (
    (("delivered", "paid"),) * 85
    + (("cancelled", "awaiting_slip"),) * 5
    + (("expired", "awaiting_slip"),) * 9
    + (("cancelled", "refunded"),)
)
_WORKED_AT = (
    *((("placed", "awaiting_slip"),) * 5 + (("placed", "pending"),) * 4 + (("confirmed", "paid"),) * 6),
    *(
        (("packed", "paid"),) * 5
        + (("shipped", "paid"),) * 8
        + (("placed", "on_delivery"),)
        + (("placed", "rejected"),)
    ),
)
_PAID_FOR = ("confirmed", "packed", "shipped", "delivered")


@dataclass(frozen=True)
class Made:
    """One order of the shop, made from its id: always the same."""

    id: int
    number: str
    customer: int
    channel: int
    state: str
    payment: str
    total: int
    placed_at: datetime
    recipient: tuple[str, str]
    phone: str
    tracking: str
    reference: str
    untold: bool

    @property
    def is_paid(self) -> bool:
        """Whether its money has come."""
        return self.payment == "paid"

    @property
    def has_slip(self) -> bool:
        """Whether its customer sent a slip."""
        return self.payment in ("paid", "pending", "refunded", "rejected")


def made(id_: int, count: int, now: datetime) -> Made:
    """The order with this id, of so many."""
    chance = _shuffled(id_)
    customer = 1 + id_ % max(1, count // _ORDERS_EACH)
    choices = _WORKED_AT if id_ > count - _AT_WORK else _OVER
    state, payment = choices[chance % 1009 % len(choices)]
    named = _shuffled(-customer)
    surname = "".join(_SYLLABLES[named >> shift & 15] for shift in (20, 24, 28, 32, 36))
    return Made(
        id=id_,
        number=f"{id_ * 7919 % 10**8:08}",
        customer=customer,
        channel=_CHANNELS[customer % len(_CHANNELS)],
        state=state,
        payment=payment,
        total=100 * (100 + (chance >> 8) % 2400),
        placed_at=now - timedelta(seconds=(count - id_) * 86400 / _A_DAY),
        recipient=(_FIRST[(named >> 8) % len(_FIRST)], surname),
        phone=f"8{customer * 7919 % 10**8:08}",
        tracking=f"TH{id_ * 6007 % 10**10:010}X",
        reference=f"{id_ * 104729 % 10**15:015}REF",
        untold=(chance >> 32) % 16 == 0,
    )


def _shuffled(number: int) -> int:
    """64 bits that look drawn by lot, and are always the same for a number (the finish of SplitMix64)."""
    mixed = number * 0x9E3779B97F4A7C15 % 2**64
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB % 2**64
    return mixed ^ mixed >> 31


def fill(database: Database, count: int) -> None:
    """Fill an empty database with so many orders."""
    now = utc_now()
    with database.transaction() as session:
        make_shop(session)
        for account in ("100", "200", "300"):
            make_channel(session, account, f"Page {account}")
        make_variant(session)
        people.add_user(session, email=EMAIL, name="Ploy", password=PASSWORD)
    customers = max(1, count // _ORDERS_EACH)
    with _writing(database) as write:
        write("customer", _CUSTOMER, (_customer(n, now) for n in range(1, customers + 1)))
        for table, (columns, rows) in _TABLES.items():
            every = (made(n, count, now) for n in range(1, count + 1))
            write(table, columns, (row for order in every for row in rows(order)))


Write = Callable[[str, Sequence[str], Iterable[tuple[Any, ...]]], None]


@contextmanager
def _writing(database: Database) -> Iterator[Write]:
    """Writes rows as fast as the server takes them; at the end it knows how many of what there are."""
    connection = database.engine.raw_connection()
    cursor = connection.cursor()

    def into_sqlite(table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * len(columns))
        plain = (tuple(_text(value) for value in row) for row in rows)
        cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", plain)

    def into_postgres(table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    if database.is_sqlite:
        cursor.execute("PRAGMA cache_size = -1000000")
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.execute("BEGIN")
        yield into_sqlite
        cursor.execute("COMMIT")
        cursor.execute("ANALYZE")
    else:
        yield into_postgres
        for table in ("customer", *_TABLES):
            if table != "order_term":
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                )
        connection.commit()
        connection.driver_connection.autocommit = True  # type: ignore[union-attr]
        cursor.execute("VACUUM ANALYZE")  # as the server itself does some time after so much was written
    connection.close()


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return value


_CUSTOMER = ("id", "channel_id", "external_id", "name", "language", "created_at")


def _customer(id_: int, now: datetime) -> tuple[Any, ...]:
    return (id_, _CHANNELS[id_ % len(_CHANNELS)], f"psid{id_}", f"Customer{id_} Jaidee{id_ % 97}", "th", now)


def _orders(order: Made) -> Iterator[tuple[Any, ...]]:
    received = order.total if order.is_paid else 0
    confirmed = order.placed_at + timedelta(hours=1) if order.state in _PAID_FOR else None
    method = "cod" if order.payment == "on_delivery" else "transfer"
    name = " ".join(order.recipient)
    yield (
        *(order.id, f"TL-{order.number}", f"e{order.id}", order.channel, order.customer),
        *(order.state, order.payment, method, "THB", order.total - 4000, 4000, order.total, received),
        *(name, f"+66{order.phone}", f"{order.id} ถนนสุขุมวิท กรุงเทพฯ", order.placed_at, order.placed_at),
        *(confirmed, order.untold),
    )


def _lines(order: Made) -> Iterator[tuple[Any, ...]]:
    yield (order.id, order.id, 1, "เสื้อยืด", "T-shirt", order.total - 4000, 1)


def _transitions(order: Made) -> Iterator[tuple[Any, ...]]:
    yield (2 * order.id, order.id, "place", "order", "", "placed", "customer", order.placed_at, "")
    if order.state in _PAID_FOR:
        later = order.placed_at + timedelta(hours=1)
        yield (2 * order.id + 1, order.id, "confirm", "order", "placed", "confirmed", EMAIL, later, "")


def _notices(order: Made) -> Iterator[tuple[Any, ...]]:
    if order.state in _PAID_FOR:
        state, told_at = ("not_told", None) if order.untold else ("told", order.placed_at)
        yield (order.id, order.id, 2 * order.id + 1, "paid", state, order.placed_at, told_at)


def _transfers(order: Made) -> Iterator[tuple[Any, ...]]:
    if order.has_slip:
        yield (order.id, "004", order.reference, "", order.customer, order.id, order.placed_at)


def _slips(order: Made) -> Iterator[tuple[Any, ...]]:
    if order.has_slip:
        verdict = (
            "" if order.payment == "pending" else "rejected" if order.payment == "rejected" else "accepted"
        )
        yield (
            order.id,
            f"s{order.id}",
            0,
            order.customer,
            order.id,
            order.id,
            "",
            "",
            1,
            1,
            order.placed_at,
            verdict,
        )


def _payments(order: Made) -> Iterator[tuple[Any, ...]]:
    if order.is_paid:
        yield (order.id, order.id, order.total, EMAIL, order.placed_at)


def _shipments(order: Made) -> Iterator[tuple[Any, ...]]:
    if order.state in ("shipped", "delivered"):
        yield (order.id, order.id, "flash", order.tracking, order.placed_at)


def _terms(order: Made) -> Iterator[tuple[Any, ...]]:
    """As shop.order_index writes them (a test compares)."""
    numbers = [order.number, f"0{order.phone}"]
    numbers += [order.tracking.lower()] if order.state in ("shipped", "delivered") else []
    numbers += [order.reference.lower()] if order.has_slip else []
    bought_as = (f"customer{order.customer}", f"jaidee{order.customer % 97}")
    terms = {*order.recipient, "".join(order.recipient), *bought_as, "".join(bought_as)}
    terms.update(term for number in numbers for term in (number, BACKWARDS + number[::-1]))
    for term in terms:
        yield (term, order.id)


_Rows = Callable[[Made], Iterator[tuple[Any, ...]]]
_TABLES: dict[str, tuple[Sequence[str], _Rows]] = {
    "orders": (
        (
            *("id", "number", "cause", "channel_id", "customer_id"),
            *(
                "state",
                "payment_state",
                "payment_method",
                "currency",
                "subtotal",
                "shipping_fee",
                "total",
                "received",
            ),
            *("recipient", "phone", "address", "placed_at", "pay_before", "confirmed_at", "untold"),
        ),
        _orders,
    ),
    "order_line": (("id", "order_id", "variant_id", "name_th", "name_en", "unit_price", "quantity"), _lines),
    "transition": (("id", "order_id", "move", "of", "before", "after", '"by"', "at", "reason"), _transitions),
    "notice": (("id", "order_id", "transition_id", "kind", "state", "created_at", "told_at"), _notices),
    "transfer": (("id", "bank", "reference", "payload", "customer_id", "order_id", "seen_at"), _transfers),
    "slip": (
        (
            *("id", "cause", "part", "customer_id", "order_id", "transfer_id", "picture", "sha256"),
            *("width", "height", "received_at", "verdict"),
        ),
        _slips,
    ),
    "payment": (("id", "order_id", "amount", '"by"', "at"), _payments),
    "shipment": (("id", "order_id", "carrier", "tracking", "shipped_at"), _shipments),
    "order_term": (("term", "order_id"), _terms),
}
