"""In which browsers who is told what while their console is closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop import alerts, handoff, people, push_devices, push_key, pushes, sign_ins
from shop.db import Database
from shop.errors import BadInput, SignInRefused
from shop.models import Alert, Customer, PushDevice, PushKey, User
from shop.pushes import Letter
from shop.roles import Role
from shop.slips import intake
from shop.vault import Vault
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_slip, make_variant
from tests.support.push import Browser

LATER = NOW + timedelta(minutes=6)
VAULT = Vault("k" * 40)


def add(session: Session, name: str, role: Role = Role.OWNER, language: str = "en") -> User:
    user = people.save(session, email=f"{name}@example.com", name=name, password_hash="x", role=role)
    user.language = language
    return user


def listen(session: Session, user: User, browser: Browser | None = None) -> tuple[str, str]:
    """The user signs in and wants to be told in a browser; the session's secret, and the browser's address."""
    secret = sign_ins.sign_in(session, user, NOW)
    fields = (browser or Browser()).fields
    assert push_devices.keep(session, user.id, sign_ins.hashed(secret), **fields, now=NOW)
    return secret, fields["endpoint"]


def told(letters: Sequence[Letter], endpoint: str) -> list[tuple[str, str, str]]:
    return [(one.title, one.body, one.address) for one in letters if one.endpoint == endpoint]


@pytest.fixture
def nok(database: Database) -> int:
    with database.transaction() as session:
        make_shop(session)
        return make_customer(session, make_channel(session)).id


def test_everybody_hears_what_their_role_shows_them_in_their_language_but_for_their_own_deeds(
    database: Database, nok: int
) -> None:
    with database.transaction() as session:
        roles = {"fai": Role.OWNER, "ploy": Role.STAFF, "chai": Role.PACKER, "dao": Role.TRAINER}
        users = {name: add(session, name, role) for name, role in roles.items()}
        users["fai"].language = "th"
        at = {name: listen(session, user)[1] for name, user in users.items()}
        quiet = add(session, "mai")
        at["mai"] = listen(session, quiet)[1]
        people.choose_alerts(session, quiet.id, sound=True, notice=False)
        customer = session.get_one(Customer, nok)
        order = make_order(session, customer, make_variant(session))
        slip = make_slip(session, customer)
        intake.take(session, nok, [slip.id], now=NOW)
        handoff.ask_for_person(session, nok, NOW)
        handoff.ask_for_person(session, nok, NOW)
        alerts.note(session, alerts.Kind.ORDER, "TL-1", by="fai@example.com", now=NOW)
    with database.transaction() as session:
        assert alerts.is_due(session, LATER)
        letters = pushes.take(session, LATER)
    with database.transaction() as session:
        assert not alerts.is_due(session, LATER) and pushes.take(session, LATER) == []
    page = f"/orders/{order.number}"
    assert told(letters, at["fai"]) == [
        ("คำสั่งซื้อใหม่", order.number, page),
        ("สลิปใหม่", order.number, page),
        ("ลูกค้ารอคำตอบจากร้าน", customer.name, f"/chats/{nok}"),
    ]
    assert told(letters, at["ploy"]) == [
        ("2 new orders", f"{order.number}, TL-1", "/orders"),
        ("New slip", order.number, page),
        ("A customer waits for an answer", customer.name, f"/chats/{nok}"),
    ]
    assert {one.endpoint for one in letters} == {at["fai"], at["ploy"]}
    # the page's own notification of the same has the same tag (static/alerts.js)
    assert {one.tag for one in letters} == {f"order {page}", f"slip {page}", f"call /chats/{nok}"}


def test_what_is_gathered_is_told_together_and_what_is_old_or_answered_not_at_all(
    database: Database, nok: int
) -> None:
    with database.transaction() as session:
        at = listen(session, add(session, "fai"))[1]
        for number in range(8):
            alerts.note(session, alerts.Kind.SLIP, f"TL-{number}", by="customer", now=NOW)
        handoff.ask_for_person(session, nok, NOW)
        handoff.answered(session, nok, NOW)
        assert not alerts.is_due(session, NOW + alerts.GATHERED / 2)
        assert told(pushes.take(session, NOW + alerts.GATHERED), at) == [
            ("8 new slips", "TL-0, TL-1, TL-2, TL-3, TL-4 …", "/review")
        ]
        alerts.note(session, alerts.Kind.SLIP, "TL-9", by="customer", now=NOW)
        assert pushes.take(session, NOW + alerts.STALE) == []
        assert session.scalars(select(Alert)).all() == []


def test_of_several_gateways_one_tells_it(database: Database, nok: int) -> None:
    with database.transaction() as session:
        listen(session, add(session, "fai"))
        alerts.note(session, alerts.Kind.ORDER, "TL-1", by="customer", now=NOW)

    def take(_number: int) -> Sequence[Letter]:
        with database.transaction() as session:
            return pushes.take(session, LATER)

    with ThreadPoolExecutor(6) as gateways:
        taken = [letter for letters in gateways.map(take, range(12)) for letter in letters]
    assert [letter.body for letter in taken] == ["TL-1"]


SIGNING_OUT: list[Callable[[Session, User, str], object]] = [
    lambda session, user, secret: sign_ins.sign_out(session, secret),
    lambda session, user, secret: sign_ins.end_one(session, user.id, sign_ins.hashed(secret)),
    lambda session, user, secret: people.end_sessions(session, user.id),
    lambda session, user, secret: people.deactivate(session, user.id),
    lambda session, user, secret: people.change_password(session, user, "y"),
]


@pytest.mark.parametrize("leave", SIGNING_OUT)
def test_a_browser_is_told_nothing_once_its_session_is_ended(
    database: Database, leave: Callable[[Session, User, str], object]
) -> None:
    with database.transaction() as session:
        add(session, "owner")
        other = listen(session, add(session, "ploy"))[1]
        user = add(session, "fai")
        secret, _ = listen(session, user)
        leave(session, user, secret)
        assert session.scalars(select(PushDevice.endpoint)).all() == [other]


def test_whoever_changes_the_password_goes_on_being_told_where_they_sit(database: Database) -> None:
    with database.transaction() as session:
        user = add(session, "fai")
        here, at = listen(session, user)
        listen(session, user)
        people.change_password(session, user, "y", besides=sign_ins.hashed(here))
        assert session.scalars(select(PushDevice.endpoint)).all() == [at]


def test_a_session_that_runs_out_says_so_once(database: Database) -> None:
    with database.transaction() as session:
        user = add(session, "fai", language="th")
        secret, at = listen(session, user)
        after = NOW + sign_ins.STAY_SIGNED_IN
        assert not alerts.is_due(session, NOW + timedelta(days=13)) and alerts.is_due(session, after)
        assert told(pushes.take(session, after), at) == [
            ("เครื่องนี้ออกจากระบบแล้ว", "เข้าสู่ระบบอีกครั้ง เพื่อรับการแจ้งเตือนต่อค่ะ", "/orders")
        ]
        assert pushes.take(session, after) == [] and not alerts.is_due(session, after)
        with pytest.raises(SignInRefused):
            push_devices.keep(session, user.id, sign_ins.hashed(secret), **Browser().fields, now=after)


def test_a_person_has_ten_browsers_and_a_browser_one_person(database: Database) -> None:
    with database.transaction() as session:
        fai, ploy = add(session, "fai"), add(session, "ploy")
        shared = Browser()
        secret, _ = listen(session, fai, shared)
        again = sign_ins.hashed(secret)
        assert not push_devices.keep(session, fai.id, again, **shared.fields, now=NOW)
        listen(session, ploy, shared)
        assert session.execute(select(PushDevice.user_id)).scalars().all() == [ploy.id]
        at = [listen(session, fai)[1] for _ in range(push_devices.MOST + 2)]
        mine = select(PushDevice.endpoint).where(PushDevice.user_id == fai.id).order_by(PushDevice.id)
        assert session.scalars(mine).all() == at[2:]
        assert not push_devices.remove(session, fai.id, shared.fields["endpoint"])  # it is Ploy's
        assert push_devices.remove(session, ploy.id, shared.fields["endpoint"])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"endpoint": "https://fcm.googleapis.com/" + "x" * 1000}, "endpoint"),
        ({"endpoint": "https://fcm.googleapis.com/a b"}, "endpoint"),
        ({"endpoint": "https://fcm.googleapis.com/\r\nX: y"}, "endpoint"),
        ({"p256dh": "BAAA"}, "p256dh"),
        ({"p256dh": "B" + "A" * 86}, "p256dh"),  # no point of the curve
        ({"p256dh": "ก"}, "p256dh"),
        ({"auth": "AAAA"}, "auth"),
        ({"auth": "!" * 22}, "auth"),
    ],
)
def test_what_no_browser_says_is_not_kept(database: Database, wrong: dict[str, str], field: str) -> None:
    with database.transaction() as session:
        user = add(session, "fai")
        token = sign_ins.hashed(sign_ins.sign_in(session, user, NOW))
        with pytest.raises(BadInput) as refused:
            push_devices.keep(session, user.id, token, **{**Browser().fields, **wrong}, now=NOW)
        assert refused.value.field == field


def test_a_browser_that_cannot_be_reached_is_tried_ever_more_rarely_but_at_once_by_its_person(
    database: Database,
) -> None:
    with database.transaction() as session:
        user = add(session, "fai")
        _, at = listen(session, user)
        device = push_devices.of(session, user.id, at)
        pauses = []
        for _ in range(9):
            push_devices.failed(session, device.id, "HTTP 500", NOW)
            assert device.not_before is not None
            pauses.append(int((device.not_before - NOW).total_seconds()) // 60)
        assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60] and device.why == "HTTP 500"
        alerts.note(session, alerts.Kind.ORDER, "TL-1", by="customer", now=NOW)
        assert pushes.take(session, NOW + timedelta(minutes=9)) == []
        push_devices.try_out(session, user.id, at, by=user.email, now=NOW)
        assert [one[0] for one in told(pushes.take(session, NOW), at)] == ["Notifications work"]
        push_devices.arrived(session, device.id)
        session.refresh(device)
        assert (device.failures, device.failed_at, device.not_before) == (0, None, None)


def test_the_shop_has_one_key_whoever_makes_it_first(database: Database) -> None:
    def make(_number: int) -> push_key.Key:
        with database.transaction() as session:
            return push_key.make(session, VAULT)

    with database.reading() as session:
        assert push_key.get(session, VAULT) is None
    with ThreadPoolExecutor(4) as processes:
        [key] = set(processes.map(make, range(8)))
    with database.transaction() as session:
        assert push_key.get(session, VAULT) == key
        assert "PRIVATE" in key.private and "PRIVATE" not in session.get_one(PushKey, 1).private
        listen(session, add(session, "fai"))
        # a restored database, and another TALAD_SECRET_KEY: browsers know a key that nobody has
        assert push_key.get(session, Vault("x" * 40)) is None
        assert push_key.make(session, Vault("x" * 40)).public != key.public
        assert session.scalars(select(PushDevice)).all() == []


def test_who_is_deactivated_or_demoted_meanwhile_hears_nothing(database: Database) -> None:
    with database.transaction() as session:
        add(session, "owner")
        user = add(session, "fai", Role.STAFF)
        listen(session, user)
        alerts.note(session, alerts.Kind.ORDER, "TL-1", by="customer", now=NOW)
        people.change_role(session, user.id, Role.TRAINER)
        assert pushes.take(session, LATER) == []
        session.execute(update(User).where(User.id == user.id).values(active=False, role=Role.OWNER))
        alerts.note(session, alerts.Kind.ORDER, "TL-1", by="customer", now=NOW)
        assert pushes.take(session, LATER) == []
