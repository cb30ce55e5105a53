"""The demo shop: a small Thai shop with thirteen products, its accounts, one seller, and the simulator's Page."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import accounts, people, product_pictures
from shop.media import MediaStore
from shop.models import (
    Category,
    PaymentAccount,
    Product,
    ShippingMethod,
    ShippingRate,
    Shop,
    Variant,
)
from shop.vault import Vault
from talad import drawings

SELLER_EMAIL = "ploy@example.com"
#: What the simulator answers to by default (simulator/config.py has the same values).
SIMULATOR_PAGE = {
    "account_id": "100000000000001",
    "token": "demo-page-token",
    "app_secret": "demo-app-secret",
    "verify_token": "demo-verify-token",
    "app_id": "200000000000001",
}


@dataclass(frozen=True)
class _Item:
    """One demo product; price in satang, colours as RGB."""

    sku: str
    drawing: str
    colour: drawings.Colour
    background: drawings.Colour
    name_th: str
    name_en: str
    description_th: str
    description_en: str
    price: int
    stock: int


_COTTON = ("ผ้าคอตตอนเนื้อนุ่ม ใส่สบาย ซักเครื่องได้", "Soft cotton, easy to wear, machine washable")
_CANVAS = ("ผ้าแคนวาสหนา ใส่ของหนักได้ มีกระเป๋าใน", "Sturdy canvas with a pocket inside")
_HAT = ("ปีกกว้างกันแดด พับเก็บได้", "Wide brim for the sun, folds flat")
_MUG = ("เซรามิกปั้นมือ จุ 350 มล. เข้าไมโครเวฟได้", "Hand-thrown ceramic, 350 ml, microwave safe")
_SCARF = ("ทอมือจากเชียงใหม่ ขนาด 45 × 180 ซม.", "Handwoven in Chiang Mai, 45 × 180 cm")

_ITEMS = (
    _Item(
        "SHIRT-WHITE",
        "shirt",
        (245, 240, 228),
        (222, 205, 180),
        "เสื้อยืดสีขาว",
        "White T-shirt",
        *_COTTON,
        25000,
        24,
    ),
    _Item(
        "SHIRT-BLACK",
        "shirt",
        (38, 40, 48),
        (214, 214, 222),
        "เสื้อยืดสีดำ",
        "Black T-shirt",
        *_COTTON,
        25000,
        18,
    ),
    _Item(
        "SHIRT-GREEN",
        "shirt",
        (128, 150, 120),
        (225, 228, 214),
        "เสื้อยืดสีเขียว",
        "Green T-shirt",
        *_COTTON,
        27000,
        7,
    ),
    _Item(
        "BAG-CREAM",
        "bag",
        (232, 220, 196),
        (198, 214, 214),
        "กระเป๋าผ้าสีครีม",
        "Cream tote bag",
        *_CANVAS,
        19000,
        15,
    ),
    _Item(
        "BAG-NAVY", "bag", (52, 84, 120), (226, 220, 206), "กระเป๋าผ้าสีกรม", "Navy tote bag", *_CANVAS, 19000, 9
    ),
    _Item("HAT-BROWN", "hat", (196, 150, 104), (210, 222, 226), "หมวกสีน้ำตาล", "Brown hat", *_HAT, 32000, 6),
    _Item("HAT-GREY", "hat", (60, 66, 80), (232, 222, 210), "หมวกสีเทา", "Grey hat", *_HAT, 32000, 1),
    _Item(
        "MUG-WHITE", "mug", (240, 236, 226), (188, 204, 190), "แก้วเซรามิกสีขาว", "White mug", *_MUG, 16000, 12
    ),
    _Item("MUG-BRICK", "mug", (190, 92, 72), (238, 224, 212), "แก้วเซรามิกสีอิฐ", "Brick mug", *_MUG, 16000, 10),
    _Item(
        "SCARF-BLUE", "scarf", (70, 96, 150), (236, 226, 214), "ผ้าพันคอสีฟ้า", "Blue scarf", *_SCARF, 39000, 5
    ),
    _Item("SCARF-RED", "scarf", (176, 72, 88), (226, 226, 220), "ผ้าพันคอสีแดง", "Red scarf", *_SCARF, 39000, 0),
    _Item(
        "SOAP-LAVENDER",
        "soap",
        (206, 178, 214),
        (238, 232, 222),
        "สบู่ลาเวนเดอร์",
        "Lavender soap",
        "สบู่น้ำมันรำข้าว หอมลาเวนเดอร์ 100 กรัม",
        "Rice-bran oil soap with lavender, 100 g",
        8900,
        40,
    ),
)

_CATEGORIES = (("เสื้อผ้า", "Clothes"), ("กระเป๋าและหมวก", "Bags and hats"), ("ของใช้ในบ้าน", "Home"))
_CATEGORY_OF = {"shirt": 0, "scarf": 0, "bag": 1, "hat": 1, "mug": 2, "soap": 2}
#: Grams, packed.
_WEIGHTS = {"shirt": 220, "scarf": 150, "bag": 180, "hat": 160, "mug": 450, "soap": 110}
_LINEN_COLOURS: dict[tuple[str, str], drawings.Colour] = {
    ("ดำ", "Black"): (44, 44, 50),
    ("ขาว", "White"): (246, 243, 236),
    ("ฟ้า", "Blue"): (128, 164, 200),
    ("เบจ", "Beige"): (214, 196, 164),
}
_LINEN_SOLD_OUT = (("Black", "S"), ("Beige", "XL"))


def is_empty(session: Session) -> bool:
    """Whether no shop has been set up in this database yet."""
    return session.scalar(select(Shop.id)) is None


def load(session: Session, vault: Vault, store: MediaStore, *, with_simulator: bool) -> str:
    """Set up the demo shop in an empty database and return the seller's new password.

    `with_simulator` also connects the simulator's Page.
    """
    session.add(_shop())
    session.add_all(_payment_accounts())
    session.add(
        ShippingMethod(
            name_th="จัดส่งพัสดุ", name_en="Parcel", days_from=1, days_to=3, rates=[ShippingRate(fee=4000)]
        )
    )
    categories = [
        Category(name_th=thai, name_en=english, position=position)
        for position, (thai, english) in enumerate(_CATEGORIES)
    ]
    session.add_all(_product(item, position, store, categories) for position, item in enumerate(_ITEMS))
    session.add(_linen_shirt(len(_ITEMS), store, categories[0]))
    password = secrets.token_urlsafe(9)
    people.add_user(session, email=SELLER_EMAIL, name="Ploy", password=password)
    if with_simulator:
        accounts.connect(session, vault, name="บ้านฝ้าย Baan Fai", **SIMULATOR_PAGE)
    return password


def _shop() -> Shop:
    return Shop(
        id=1,
        name_th="บ้านฝ้าย",
        name_en="Baan Fai",
        greeting_th="สวัสดีค่ะ ร้านบ้านฝ้าย เสื้อผ้าและของใช้งานคราฟต์ แตะปุ่มด้านล่างเพื่อเลือกสินค้าได้เลยค่ะ",
        greeting_en="Hello from Baan Fai, handmade clothes and homeware. Tap the button below to see what we have.",
    )


def _payment_accounts() -> list[PaymentAccount]:
    return [
        PaymentAccount(bank="PromptPay", number="089-111-2223", holder="Baan Fai (Demo)", position=0),
        PaymentAccount(
            bank="ธนาคารตัวอย่าง Example Bank", number="000-0-00000-0", holder="Baan Fai (Demo)", position=1
        ),
    ]


def _product(item: _Item, position: int, store: MediaStore, categories: list[Category]) -> Product:
    drawing = drawings.draw(item.drawing, item.colour, item.background)
    return Product(
        category=categories[_CATEGORY_OF[item.drawing]],
        name_th=item.name_th,
        name_en=item.name_en,
        description_th=item.description_th,
        description_en=item.description_en,
        pictures=[product_pictures.keep(store, drawing)],
        position=position,
        variants=[Variant(sku=item.sku, price=item.price, stock=item.stock, weight=_WEIGHTS[item.drawing])],
    )


def _linen_shirt(position: int, store: MediaStore, category: Category) -> Product:
    """A product with options: two of its sixteen variants are sold out, the largest costs more."""
    colours = _LINEN_COLOURS.items()
    return Product(
        category=category,
        name_th="เสื้อเชิ้ตลินิน",
        name_en="Linen shirt",
        description_th="ผ้าลินินแท้ โปร่งสบาย ทรงหลวม",
        description_en="Pure linen, airy, relaxed fit",
        options=[{"th": "สี", "en": "colour"}, {"th": "ไซส์", "en": "size"}],
        pictures=[
            product_pictures.keep(store, drawings.draw("shirt", colour, (226, 222, 212)), number)
            for number, (_, colour) in enumerate(colours)
        ],
        position=position,
        variants=[
            Variant(
                sku=f"LINEN-{english}-{size}".upper(),
                values=[{"th": thai, "en": english}, {"th": size, "en": size}],
                price=52000 if size == "XL" else 49000,
                stock=0 if (english, size) in _LINEN_SOLD_OUT else 4,
                weight=280,
            )
            for (thai, english), _ in colours
            for size in ("S", "M", "L", "XL")
        ],
    )
