"""Who is told what while their console is closed: news become letters, each to one browser, in its person's language.

Everybody hears of what their role shows them, and of nothing that they did themselves; several of a kind are told as
one. A letter says no more than the page's own notification: an order's number, a customer's name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session

from shop import alerts, roles
from shop.alerts import Kind
from shop.models import Alert, Customer, PushDevice, User
from shop.roles import May

#: What it takes to be told, as in the console (seller_console.live); all of it is for those who sell.
_NEEDS = {Kind.ORDER: May.SEE_ORDERS, Kind.SLIP: May.SEE_MONEY, Kind.CALL: May.CHAT}
#: Where one is seen, and several.
_PAGES = {
    Kind.ORDER: ("/orders/{}", "/orders"),
    Kind.SLIP: ("/orders/{}", "/review"),
    Kind.CALL: ("/chats/{}", "/chats"),
}
#: One and several, in Thai and English.
_WORDS = {
    Kind.ORDER: {
        "th": ("คำสั่งซื้อใหม่", "คำสั่งซื้อใหม่ {} รายการ"),
        "en": ("New order", "{} new orders"),
    },
    Kind.SLIP: {"th": ("สลิปใหม่", "สลิปใหม่ {} รายการ"), "en": ("New slip", "{} new slips")},
    Kind.CALL: {
        "th": ("ลูกค้ารอคำตอบจากร้าน", "ลูกค้า {} คนรอคำตอบจากร้าน"),
        "en": ("A customer waits for an answer", "{} customers wait for an answer"),
    },
}
_IT_WORKS = {
    "th": ("การแจ้งเตือนใช้งานได้แล้วค่ะ", "เครื่องนี้จะแจ้งเตือนแม้ปิดหน้าร้านไว้"),
    "en": ("Notifications work", "You are told on this device, also when the console is closed."),
}
_SIGNED_OUT = {
    "th": ("เครื่องนี้ออกจากระบบแล้ว", "เข้าสู่ระบบอีกครั้ง เพื่อรับการแจ้งเตือนต่อค่ะ"),
    "en": ("This device was signed out", "Sign in again to go on being told what is new."),
}
_NAMED, _LONGEST_NAME = 5, 60


@dataclass(frozen=True)
class Letter:
    """What is told in one browser: words, the page that a tap opens, and a tag: of two with the same one is shown."""

    device_id: int
    endpoint: str
    p256dh: str
    auth: str
    title: str
    body: str
    tag: str
    address: str


def take(session: Session, now: datetime) -> Sequence[Letter]:
    """The letters of all that waits (shop.alerts); nobody else gets them. Sessions that are over get a last one."""
    taken = alerts.take(session, now)
    last = _farewells(session, now)
    news = {kind: _names(session, kind, taken) for kind in _NEEDS}
    tried = {alert.subject for alert in taken if alert.kind == Kind.TEST}
    letters = [
        letter
        for device, user in session.execute(_listening(now))
        for letter in _letters(device, user, taken, news, tried)
    ]
    return [*last, *letters]


def _listening(now: datetime) -> Select[PushDevice, User]:
    paused = PushDevice.not_before > now
    theirs = select(PushDevice, User).join(User, User.id == PushDevice.user_id)
    return theirs.where(User.active, or_(PushDevice.not_before.is_(None), ~paused)).order_by(PushDevice.id)


def _letters(
    device: PushDevice,
    user: User,
    taken: Sequence[Alert],
    news: Mapping[Kind, Mapping[str, str]],
    tried: Collection[str],
) -> Iterator[Letter]:
    if str(device.id) in tried:
        yield _letter(device, *_IT_WORKS[user.language], tag="test", address="/orders")
    may = roles.allowed(user.role)
    if not user.alert_notice or May.SELL not in may:
        return
    for kind, needed in _NEEDS.items():
        theirs = {alert.subject for alert in taken if alert.kind == kind and alert.by != user.email}
        names = {subject: name for subject, name in news[kind].items() if subject in theirs}
        if names and needed in may:
            yield _told(device, user.language, kind, names)


def _told(device: PushDevice, language: str, kind: Kind, names: Mapping[str, str]) -> Letter:
    """One letter for all of a kind, under the tag of the first: the page's own notification of it makes place."""
    one, several = _WORDS[kind][language]
    page, pages = _PAGES[kind]
    first = page.format(next(iter(names)))
    tag = f"{kind} {first}"
    if len(names) == 1:
        return _letter(device, one, *names.values(), tag=tag, address=first)
    listed = ", ".join([name for name in names.values() if name][:_NAMED])
    body = f"{listed} …" if len(names) > _NAMED else listed
    return _letter(device, several.format(len(names)), body, tag=tag, address=pages)


def _letter(device: PushDevice, title: str, body: str, *, tag: str, address: str) -> Letter:
    to = (device.id, device.endpoint, device.p256dh, device.auth)
    return Letter(*to, title=title, body=body, tag=tag, address=address)


def _names(session: Session, kind: Kind, taken: Sequence[Alert]) -> Mapping[str, str]:
    """How those of a kind are called, by subject, in the order in which they came."""
    subjects = dict.fromkeys(alert.subject for alert in taken if alert.kind == kind)
    if kind != Kind.CALL:
        return {number: number for number in subjects}
    # Whoever was answered meanwhile, or read by somebody who has the chat before their eyes, waits no more.
    waits = or_(Customer.wants_person_since.is_not(None), Customer.unread > 0)
    found = select(Customer.id, Customer.name).where(Customer.id.in_([int(one) for one in subjects]), waits)
    names = {str(customer_id): (name or "")[:_LONGEST_NAME] for customer_id, name in session.execute(found)}
    return {subject: names[subject] for subject in subjects if subject in names}


def _farewells(session: Session, now: datetime) -> list[Letter]:
    """The last letters to browsers whose session has run out: who relies on being told must know."""
    ended = session.execute(
        select(PushDevice, User.language, User.active & User.alert_notice)
        .join(User, User.id == PushDevice.user_id)
        .where(PushDevice.until <= now)
        .with_for_update(of=PushDevice, skip_locked=True)
    ).all()
    session.execute(delete(PushDevice).where(PushDevice.id.in_([device.id for device, _, _ in ended])))
    return [
        _letter(device, *_SIGNED_OUT[language], tag="signed out", address="/orders")
        for device, language, listens in ended
        if listens
    ]
