"""What Rasa's own database holds of a name, a phone number and an address, on the real server: in the end nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.conversations import Conversations
from shop import addresses, orders
from shop.db import Database
from tests.rasa.chat import Chat
from tests.support.stack import Stack

Meet = Callable[..., Chat]

NAME, PHONE, ADDRESS = "ศรีสุดา วงศ์สกุลทอง", "0898765432", "417/3 ซอยลาดพร้าว 87 แขวงวังทองหลาง กทม. 10310"
#: Pieces that could stand alone, as typed, as kept and as written by the bot.
TELLING = ("ศรีสุดา", "วงศ์สกุลทอง", "898765432", "89 876 5432", "417/3", "ลาดพร้าว", "วังทองหลาง")


@pytest.fixture
def kept(stack: Stack) -> Callable[[Chat], str]:
    """What Rasa keeps of a conversation, as its own events."""
    store = Conversations(stack.settings.rasa_database_url, stack.settings.rasa_token)

    def read(chat: Chat) -> str:
        return json.dumps(store.stored(chat.conversation), ensure_ascii=False)

    return read


def in_rasas_files(folder: Path) -> bytes:
    files = sorted(folder.glob("rasa.db*"))
    assert files
    return b"".join(file.read_bytes() for file in files)


def can_be_read(folder: Path) -> list[str]:
    """Which telling words stand in the bytes of Rasa's database, plain or as JSON writes them."""
    found = in_rasas_files(folder)
    written = {word: (word.encode(), json.dumps(word)[1:-1].encode()) for word in TELLING}
    return [word for word, forms in written.items() if any(form in found for form in forms)]


def told(kept: str) -> list[str]:
    return [word for word in TELLING if word in kept]


def test_after_the_bill_rasa_knows_nothing_of_the_address(
    meet: Meet, stack: Stack, database: Database, kept: Callable[[Chat], str]
) -> None:
    nok = meet("th")
    nok.sends('/choose_quantity{"variant": "1", "quantity": "1"}')
    nok.taps("ยืนยันคำสั่งซื้อ")
    for line in (NAME, PHONE, ADDRESS):
        nok.types(line)
        assert nok.conversation.encode() in in_rasas_files(stack.folder)
        assert can_be_read(stack.folder) == []
    assert set(told(kept(nok))) > {"ศรีสุดา", "417/3"}  # the slots of the form, which asks whether all is right
    bill = nok.taps("ถูกต้อง")
    assert bill.bills[0].recipient_name == NAME
    assert can_be_read(stack.folder) == []

    events = json.loads(kept(nok))
    others = [event for event in events if event["event"] != "bot"]
    assert told(json.dumps(others, ensure_ascii=False)) == []
    assert nok.repeats(nok.last_body).bills == bill.bills  # until the next event the gateway may ask again
    nok.types("ขอบคุณค่ะ")
    assert told(kept(nok)) == []
    assert can_be_read(stack.folder) == []
    with database.reading() as session:  # and yet it is where it belongs, and offered for the next order
        assert addresses.earlier(session, nok.customer_id)[0].recipient == NAME


def test_details_in_one_message_and_out_of_the_blue_are_forgotten_too(
    meet: Meet, stack: Stack, kept: Callable[[Chat], str]
) -> None:
    nok = meet("th")
    nok.types(f"{NAME} {PHONE} {ADDRESS}")  # no order waits for it
    nok.types("สวัสดีค่ะ")
    assert told(kept(nok)) == []
    nok.sends('/choose_quantity{"variant": "1", "quantity": "1"}')
    nok.taps("ยืนยันคำสั่งซื้อ")
    assert NAME in nok.types(f"{NAME} {PHONE} {ADDRESS}").text
    assert nok.types("ถูกต้องค่ะ").bills
    nok.sends("/view_orders")
    assert told(kept(nok)) == []
    assert can_be_read(stack.folder) == []


def test_a_cancelled_order_leaves_nothing(
    meet: Meet, stack: Stack, database: Database, kept: Callable[[Chat], str]
) -> None:
    nok = meet("en")
    nok.sends('/choose_quantity{"variant": "1", "quantity": "1"}')
    nok.taps("Confirm order")
    for line in (NAME, PHONE, ADDRESS):
        nok.types(line)
    nok.types("cancel the order")
    nok.taps("Yes, cancel")
    nok.types("thank you")
    with database.reading() as session:
        assert {order.state for order in orders.latest(session, nok.customer_id)} == {"cancelled"}
    assert told(kept(nok)) == []
    assert can_be_read(stack.folder) == []


def test_a_name_typed_twice_is_believed_although_words_are_forgotten(meet: Meet) -> None:
    nok = meet("en")
    nok.sends('/choose_quantity{"variant": "1", "quantity": "1"}')
    nok.taps("Confirm order")
    nok.types("Products")  # a shop's name, or a wish to see something: seen as the wish first
    assert "phone" in nok.types("Products").last
