"""What a refusal of the Graph API means, whether trying again helps, and how to tell a seller.

Messenger Platform, "Error codes": decided by code and subcode, never by HTTP status or text, where a code is
given. The requests themselves are in graph.py.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from channels.base import Scope, SendError, Sentence
from channels.messenger.clean import as_number, as_object, clean

LONGEST_PAUSE = 86_400.0
UNCERTAIN_ATTEMPTS = 3


@dataclass(frozen=True)
class Meaning:
    """One row of the error table."""

    name: str
    sentence: Sentence
    permanent: bool = True
    scope: Scope = Scope.MESSAGE
    attempts: int | None = None
    pause: float | None = None  # seconds, where the answer's headers name none


TEMPORARY = Meaning(
    "temporary",
    {"th": "Messenger ขัดข้องชั่วคราว", "en": "Messenger had a passing problem."},
    permanent=False,
    attempts=8,
)
UNREACHABLE = Meaning(
    "unreachable",
    {
        "th": "ติดต่อ Messenger ไม่ได้ กรุณาตรวจอินเทอร์เน็ต",
        "en": "Messenger cannot be reached. Check the internet connection.",
    },
    permanent=False,
    scope=Scope.ACCOUNT,
)
UNKNOWN = Meaning(
    "unknown",
    {
        "th": "Messenger ไม่รับข้อความนี้ และไม่ได้บอกเหตุผลที่ระบบรู้จัก",
        "en": "Messenger refused this message for a reason Talad does not know.",
    },
    permanent=False,
    attempts=3,
)
RATE_LIMIT = Meaning(
    "rate_limit",
    {
        "th": "ส่งข้อความถี่เกินที่ Messenger กำหนด ระบบจะส่งต่อให้เองเมื่อส่งได้",
        "en": "More messages than Messenger allows at once. They go out as soon as it lets them.",
    },
    permanent=False,
    scope=Scope.ACCOUNT,
    pause=60.0,  # calling on makes it longer
)
TOKEN = Meaning(
    "token",
    {
        "th": "การเชื่อมต่อกับเพจใช้ไม่ได้แล้ว กรุณาเชื่อมต่อเพจใหม่",
        "en": "The connection to the Page is no longer valid. Please connect the Page again.",
    },
    scope=Scope.ACCOUNT,
)
PERMISSION = Meaning(
    "permission",
    {
        "th": "แอปยังไม่มีสิทธิ์ส่งข้อความแทนเพจ กรุณาตรวจสิทธิ์ใน Meta",
        "en": "The app may not write for this Page. Please check its permissions at Meta.",
    },
    scope=Scope.ACCOUNT,
)
POLICY = Meaning(
    "policy",
    {
        "th": "Meta จำกัดการส่งข้อความของเพจนี้ กรุณาดูที่คุณภาพเพจใน Meta",
        "en": "Meta has restricted this Page's messages. Please look at Page Quality at Meta.",
    },
    scope=Scope.ACCOUNT,
)
SETTINGS = Meaning(
    "settings",
    {
        "th": "การตั้งค่าการเชื่อมต่อไม่ถูกต้อง กรุณาเชื่อมต่อเพจใหม่",
        "en": "The connection's settings cannot be right. Please connect the Page again.",
    },
    scope=Scope.ACCOUNT,
)
WINDOW_CLOSED = Meaning(
    "window_closed",
    {
        "th": "ลูกค้าไม่ได้ทักมาเกิน 24 ชั่วโมง Messenger จึงไม่ให้ส่ง",
        "en": "The customer last wrote over 24 hours ago, so Messenger does not allow this message.",
    },
)
UNAVAILABLE = Meaning(
    "unavailable",
    {
        "th": "ลูกค้าคนนี้รับข้อความไม่ได้ อาจบล็อกเพจหรือปิดบัญชี",
        "en": "This customer cannot get messages: they may have blocked the Page or closed their account.",
    },
)
NO_SUCH_PERSON = Meaning(
    "no_such_person",
    {"th": "Messenger ไม่พบลูกค้าคนนี้ในเพจนี้", "en": "Messenger does not know this customer on this Page."},
)
NOT_A_TESTER = Meaning(
    "not_a_tester",
    {
        "th": "แอปยังไม่ผ่านการอนุมัติ จึงส่งได้เฉพาะผู้ทดสอบ",
        "en": "The app is not approved yet: only its testers can get messages.",
    },
)
OTHER_APP = Meaning(
    "other_app",
    {"th": "แอปอื่นหรือแอดมินกำลังคุยกับลูกค้าคนนี้", "en": "Another app or a person is holding this conversation."},
)
PICTURE_NOT_FETCHED = Meaning(
    "picture_not_fetched",
    {
        "th": "Messenger เปิดรูปจากที่อยู่ของร้านไม่ได้",
        "en": "Messenger could not fetch the picture from the shop's address.",
    },
    permanent=False,
    attempts=2,
)
PICTURE = Meaning(
    "picture",
    {"th": "Messenger ไม่รับรูปหรือไฟล์นี้", "en": "Messenger did not take this picture or file."},
)
INVALID = Meaning(
    "invalid",
    {"th": "Messenger ไม่รับรูปแบบของข้อความนี้", "en": "Messenger did not take this message in its form."},
)
DELETED = Meaning("deleted", {"th": "ข้อความถูกลบไปแล้ว", "en": "The message has been deleted."})
NO_PROFILE = Meaning(
    "no_profile",
    {"th": "Messenger ไม่ให้ดูชื่อของลูกค้าคนนี้", "en": "Messenger does not show this customer's name."},
)

_BY_PAIR = {(1, 99): PERMISSION, (100, 33): INVALID}

# These say the same beside any code; some are seen as the code itself.
_BY_SUBCODE = {
    2018278: WINDOW_CLOSED,
    2534022: WINDOW_CLOSED,
    2018108: UNAVAILABLE,
    1545041: UNAVAILABLE,
    1893047: UNAVAILABLE,
    1893063: POLICY,
    2018338: POLICY,
    2018001: NO_SUCH_PERSON,
    2018008: PICTURE_NOT_FETCHED,
    2018047: PICTURE,
    2018074: PICTURE,
    2018109: PICTURE,
    2018294: PICTURE,
    2018028: NOT_A_TESTER,
    2018300: OTHER_APP,
    2018321: OTHER_APP,
    2534037: OTHER_APP,
    2018218: NO_PROFILE,
    2018247: NO_PROFILE,
}

_BY_CODE = {
    1: TEMPORARY,
    2: TEMPORARY,
    1200: TEMPORARY,
    4: RATE_LIMIT,
    17: RATE_LIMIT,
    32: RATE_LIMIT,
    341: RATE_LIMIT,
    613: RATE_LIMIT,
    80001: RATE_LIMIT,
    80002: RATE_LIMIT,
    80006: RATE_LIMIT,
    10: PERMISSION,
    200: PERMISSION,
    100: INVALID,
    190: TOKEN,
    230: NO_PROFILE,
    368: POLICY,
    2022: POLICY,
    551: UNAVAILABLE,
    9000001: DELETED,
}


def refusal(status: int, body: Any, headers: Mapping[str, str]) -> SendError:
    """The error of an answer that is no success. `body` is the answer's JSON value, None when it is none.

    Without a Graph error in it (a proxy's HTML page, an empty answer) a 5xx leaves open whether the message went
    through; so does a 200 that is no JSON object.
    """
    error = as_object(as_object(body).get("error"))
    code, subcode = _integer(error.get("code")), _integer(error.get("error_subcode"))
    meaning = _meaning(code, subcode, status, transient=error.get("is_transient") is True)
    return error_of(
        meaning,
        code=code,
        subcode=subcode,
        retry_after=None if meaning.permanent else pause(headers) or meaning.pause,
        uncertain=code is None and (status == 200 or (status >= 500 and status != 503)),
        detail=_detail(error) or f"HTTP {status}",
    )


def error_of(meaning: Meaning, *, uncertain: bool = False, **fields: Any) -> SendError:
    """A SendError of this row of the table."""
    return SendError(
        meaning=meaning.name,
        permanent=meaning.permanent,
        sentence=meaning.sentence,
        scope=meaning.scope,
        # Each further try may show the customer the same message again.
        attempts=UNCERTAIN_ATTEMPTS if uncertain else meaning.attempts,
        uncertain=uncertain,
        **fields,
    )


def _meaning(code: int | None, subcode: int | None, status: int, *, transient: bool) -> Meaning:
    if code is None:
        return RATE_LIMIT if status == 429 else TEMPORARY if status == 200 or status >= 500 else UNKNOWN
    for found in (
        _BY_PAIR.get((code, subcode or 0)),
        _BY_SUBCODE.get(subcode or 0),
        _BY_SUBCODE.get(code),
        _BY_CODE.get(code),
    ):
        if found is not None:
            return found
    return TEMPORARY if transient or status >= 500 else UNKNOWN


def pause(headers: Mapping[str, str]) -> float | None:
    """Seconds until calls are taken again, as the answer's headers say, or None.

    Graph API, rate limiting: `X-Business-Use-Case-Usage` maps an id to a list of usages, each with
    `estimated_time_to_regain_access` in minutes.
    """
    usages = as_object(_json(headers.get("X-Business-Use-Case-Usage", "")))
    listed = [usage for value in usages.values() if isinstance(value, list) for usage in value]
    minutes = [as_number(as_object(usage).get("estimated_time_to_regain_access")) or 0.0 for usage in listed]
    seconds = max([60 * value for value in minutes] + [_seconds(headers.get("Retry-After", ""))])
    return min(seconds, LONGEST_PAUSE) if seconds > 0 else None


def _seconds(header: str) -> float:
    return float(header) if header.isascii() and header.isdigit() and len(header) < 10 else 0.0


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _integer(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    number = as_number(value)
    return int(number) if number is not None else None


def _detail(error: dict[str, Any]) -> str:
    parts = [error.get("message"), error.get("error_user_msg"), error.get("fbtrace_id")]
    return clean(" · ".join(part for part in parts if isinstance(part, str) and part))[:500]
