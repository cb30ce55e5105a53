"""The real Rasa with the real model and the real action server, for conversations; the gateway is `chat.Chat`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from shop import customers
from shop.db import Database, utc_now
from shop.models import Channel, Product, ProductPicture, Variant
from tests.factories import make_channel, make_shop
from tests.rasa.chat import Chat, Rasa
from tests.support.stack import Stack

_people = count(1)
_PLENTY = 100_000


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Rasa and the action server, with databases of their own."""
    folder = tmp_path_factory.mktemp("dialogue")
    with Stack(
        folder,
        processes=("rasa", "actions"),
        demo_shop=False,
        environment={"TALAD_PUBLIC_URL": "https://shop.example"},
    ) as running:
        yield running


@pytest.fixture(scope="session")
def database(stack: Stack) -> Iterator[Database]:
    """The shop's database, holding a shop with one channel and a few products."""
    db = Database(stack.settings.database_url)
    with db.transaction() as session:
        make_shop(session)
        make_channel(session)
        session.add_all(_products())
    yield db
    db.close()


def _products() -> list[Product]:
    return [
        Product(
            name_th="หมวกสีน้ำตาล",
            name_en="Brown hat",
            pictures=[ProductPicture(key="public/products/hat.jpg", small_key="public/products/hat.jpg")],
            variants=[Variant(sku="HAT", price=32000, stock=_PLENTY)],
        ),
        Product(
            name_th="เสื้อยืด",
            name_en="T-shirt",
            variants=[
                Variant(sku="SHIRT-M", values=[{"th": "ไซส์ M", "en": "Size M"}], price=25000, stock=_PLENTY),
                Variant(sku="SHIRT-L", values=[{"th": "ไซส์ L", "en": "Size L"}], price=27000, stock=_PLENTY),
            ],
        ),
        Product(
            name_th="ผ้าพันคอสีแดง",
            name_en="Red scarf",
            variants=[Variant(sku="SCARF", price=39000, stock=0)],
        ),
    ]


@pytest.fixture
def meet(stack: Stack, database: Database) -> Callable[..., Chat]:
    """A new customer who speaks "th" or "en"."""
    door = Rasa(stack.addresses["rasa"], stack.settings.rasa_token)

    def new(language: str = "th") -> Chat:
        with database.transaction() as session:
            channel = session.query(Channel).one()
            customer = customers.meet(session, channel, f"psid-{next(_people)}", language, utc_now())
            return Chat(door, database, customer.id, customer.conversation, channel.id)

    return new
