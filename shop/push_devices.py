"""The browsers in which somebody is told what is new while their console is closed. Whom what: see `pushes`."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from shop import alerts
from shop.db import insert_new
from shop.errors import BadInput, NotFound, SignInRefused
from shop.models import PushDevice, SignIn, User

#: Of one person; a further one takes the place of the oldest.
MOST = 10
#: Push services' addresses have some hundred characters; RFC 8030 names no end.
LONGEST_ENDPOINT = 1000
_SECRET_BYTES = 16
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)


def keep(
    session: Session, user_id: int, sign_in: str, *, endpoint: str, p256dh: str, auth: str, now: datetime
) -> bool:
    """Tell the account in the browser with this address and keys, as long as its session `sign_in` lasts.

    Whoever had it before is told there no more. False: it was so already. The caller has looked at the endpoint's host.
    Raises BadInput("endpoint" | "p256dh" | "auth", "long" | "invalid"), SignInRefused for a session that is over.
    """
    _check(endpoint, p256dh, auth)
    opened = session.get(SignIn, sign_in)
    if opened is None or opened.user_id != user_id or opened.expires_at <= now:
        raise SignInRefused
    # Of two browsers of theirs at once, the second counts the first.
    user = session.get_one(User, user_id, with_for_update=True)
    values = {"sign_in": sign_in, "p256dh": p256dh, "auth": auth, "until": opened.expires_at}
    kept = session.scalar(select(PushDevice).where(PushDevice.endpoint == endpoint).with_for_update())
    if kept is not None and kept.user_id == user_id:
        for name, value in values.items():
            setattr(kept, name, value)
        return False
    user.alert_notice = True  # whoever wants them here wants them
    if kept is not None:
        gone(session, kept.id)
    values |= {"user_id": user_id, "endpoint": endpoint, "created_at": now}
    insert_new(session, PushDevice, values, unique=("endpoint",))
    _drop_oldest(session, user_id)
    return True


def remove(session: Session, user_id: int, endpoint: str) -> bool:
    """The account is told there no more. False: it was not."""
    mine = delete(PushDevice).where(PushDevice.user_id == user_id, PushDevice.endpoint == endpoint)
    return session.scalar(mine.returning(PushDevice.id)) is not None


def try_out(session: Session, user_id: int, endpoint: str, *, by: str, now: datetime) -> None:
    """Have a notification sent there at once, whatever failed before. Raises NotFound."""
    device = of(session, user_id, endpoint)
    device.not_before = None
    alerts.note(session, alerts.Kind.TEST, device.id, by=by, now=now - alerts.GATHERED)


def of(session: Session, user_id: int, endpoint: str) -> PushDevice:
    """The account's browser with this address. Raises NotFound."""
    mine = select(PushDevice).where(PushDevice.user_id == user_id, PushDevice.endpoint == endpoint)
    device = session.scalar(mine)
    if device is None:
        raise NotFound("this browser is told nothing")
    return device


def end_with(session: Session, sign_in: str) -> None:
    """The session is over: nothing is told in its browser any more."""
    session.execute(delete(PushDevice).where(PushDevice.sign_in == sign_in))


def end(session: Session, user_id: int, *, besides: str = "") -> None:
    """The account is told nothing any more, but where its session `besides` is."""
    theirs = delete(PushDevice).where(PushDevice.user_id == user_id, PushDevice.sign_in != besides)
    session.execute(theirs)


def arrived(session: Session, device_id: int) -> None:
    """The push service took the last one."""
    failed = update(PushDevice).where(PushDevice.id == device_id, PushDevice.failures > 0)
    session.execute(failed.values(failures=0, failed_at=None, not_before=None, why=""))


def failed(session: Session, device_id: int, why: str, now: datetime) -> None:
    """The push service did not take it, tries included; the longer this goes on, the rarer it is asked."""
    device = session.get(PushDevice, device_id, with_for_update=True)
    if device is None:
        return
    pause = min(_FIRST_PAUSE * 2 ** min(device.failures, 10), _LONGEST_PAUSE)
    device.failures += 1
    device.failed_at, device.not_before, device.why = now, now + pause, why


def gone(session: Session, device_id: int) -> None:
    """The push service does not know the browser any more."""
    session.execute(delete(PushDevice).where(PushDevice.id == device_id))


def _drop_oldest(session: Session, user_id: int) -> None:
    mine = select(PushDevice.id).where(PushDevice.user_id == user_id).order_by(PushDevice.id.desc())
    too_many = session.scalars(mine.offset(MOST)).all()
    session.execute(delete(PushDevice).where(PushDevice.id.in_(too_many)))


def _check(endpoint: str, p256dh: str, auth: str) -> None:
    if len(endpoint) > LONGEST_ENDPOINT:
        raise BadInput("endpoint", "long")
    if not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        raise BadInput("endpoint", "invalid")
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(p256dh))
    except ValueError as error:
        raise BadInput("p256dh", "invalid") from error
    try:
        is_secret = len(decoded(auth)) == _SECRET_BYTES
    except ValueError:
        is_secret = False
    if not is_secret:
        raise BadInput("auth", "invalid")


def decoded(text: str) -> bytes:
    """The bytes behind base64url without its padding. Raises ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
