"""SlipOK: POST {address}/{branch}, the key in `x-authorization`.

Written from SlipOK's public API guide (v1.7). Success is `{"success": true, "data": {…}}`, a refusal HTTP 400 with
`{"code", "message", "data"?}`. Neither the amount nor anything about the order is sent: amounts are compared in shop.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import aiohttp

from verifiers.base import Answer, Question, State
from verifiers.clean import accounts, inside, moment, satang, text
from verifiers.request import SECONDS, Reply, Unanswered, post

ADDRESS = "https://api.slipok.com/api/line/apikey"

#: Codes about the account with SlipOK and about the slip; every other one is an error.
_STATES = {
    1001: State.AUTH,  # no such branch
    1002: State.AUTH,  # wrong key
    1003: State.QUOTA,  # the package has ended
    1004: State.QUOTA,  # the package is used up
    1008: State.NOT_FOUND,  # no slip's QR
    1009: State.PENDING,  # the bank's data cannot be had just now
    1010: State.PENDING,  # this bank tells later
    1011: State.NOT_FOUND,
    1012: State.DUPLICATE,
    1013: State.FOUND,  # not the amount that was given
    1014: State.FOUND,  # not the receiver that is registered with SlipOK
    1015: State.QUOTA,  # no package
}
_OTHER_RECEIVER = 1014
_BANK_IS_DOWN = 1009
_BANK_IS_DOWN_SECONDS = 15 * 60.0
_MINUTES = re.compile(r"([0-9]{1,4})\s*(?:นาที|min)")
_MOST_MINUTES = 24 * 60


class SlipOk:
    """Asks SlipOK for the branch. The session belongs to the caller."""

    name = "slipok"

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        key: str,
        branch: str,
        address: str = ADDRESS,
        seconds: float = SECONDS,
    ) -> None:
        self._session, self._key, self._seconds = session, key, seconds
        self._url = f"{address}/{quote(branch, safe='')}"

    async def verify(self, question: Question) -> Answer:
        """As Verifier says. `log` has SlipOK remember the slip, so that it knows one that comes again."""
        asked = {"data": question.payload, "log": True}
        headers = {"x-authorization": self._key}
        try:
            reply = await post(self._session, self._url, headers, asked, seconds=self._seconds)
        except Unanswered as error:
            return Answer(State.ERROR, self.name, why=str(error))
        return _answer(reply)


def _answer(reply: Reply) -> Answer:
    data = reply.body.get("data")
    code = _code(reply.body.get("code"))
    if reply.status == 200 and reply.body.get("success") is True and isinstance(data, dict):
        state = State.FOUND
    elif reply.status in (401, 403) and code not in _STATES:
        state = State.AUTH
    elif reply.status == 429:
        state = State.ERROR
    else:
        state = _STATES.get(code, State.ERROR) if reply.status < 500 else State.ERROR
    known = _transfer(data) if state in (State.FOUND, State.DUPLICATE) else {}
    return Answer(
        state,
        SlipOk.name,
        other_receiver=code == _OTHER_RECEIVER,
        raw=reply.raw,
        retry_after=_retry_after(code, reply),
        why=f"HTTP {reply.status}, code {code}",
        **known,
    )


def _transfer(data: Any) -> dict[str, Any]:
    return {
        "amount": satang(inside(data, "amount")),
        "paid_at": moment(inside(data, "transTimestamp")) or _date_and_time(data),
        "reference": text(inside(data, "transRef")),
        "receiver_name": text(inside(data, "receiver", "displayName"))
        or text(inside(data, "receiver", "name")),
        "receiver_accounts": accounts(
            inside(data, "receiver", "account", "value"), inside(data, "receiver", "proxy", "value")
        ),
    }


def _date_and_time(data: Any) -> Any:
    """`transDate` is yyyyMMdd, `transTime` HH:mm:ss, Thailand's time."""
    return moment(f"{text(inside(data, 'transDate'))}T{text(inside(data, 'transTime'))}")


def _retry_after(code: int, reply: Reply) -> float | None:
    """In how many seconds SlipOK can tell: a number of minutes in the data, or in the sentence."""
    if _STATES.get(code) is not State.PENDING:
        return None
    for name in ("delay", "minutes"):
        minutes = inside(reply.body, "data", name)
        if isinstance(minutes, int) and 0 < minutes <= _MOST_MINUTES:
            return minutes * 60.0
    named = _MINUTES.search(text(reply.body.get("message")))
    if named and 0 < int(named[1]) <= _MOST_MINUTES:
        return int(named[1]) * 60.0
    return _BANK_IS_DOWN_SECONDS if code == _BANK_IS_DOWN else None


def _code(value: Any) -> int:
    """The code as a number, also where it comes as a text; 0 for none."""
    if isinstance(value, str) and re.fullmatch("[0-9]{4}", value, re.ASCII):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10_000 else 0
