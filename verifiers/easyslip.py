"""EasySlip v2: POST {address}/verify/bank, TrueMoney's at {address}/verify/truewallet, the key as a bearer token.

Written from EasySlip's public reference of API v2. Success is `{"success": true, "data": {isDuplicate, amountInSlip,
rawSlip: {…}}}`, a refusal `{"success": false, "error": {"code", "message"}}`.
"""

from __future__ import annotations

from typing import Any

import aiohttp

from shop.slips.codes import TRUEMONEY
from verifiers.base import Answer, Question, State
from verifiers.clean import accounts, inside, moment, satang, text
from verifiers.request import SECONDS, Reply, Unanswered, post

ADDRESS = "https://api.easyslip.com/v2"

#: EasySlip, "Error codes" of API v2; every other one is an error.
_STATES = {
    "SLIP_NOT_FOUND": State.NOT_FOUND,
    "SLIP_PENDING": State.PENDING,
    "QUOTA_EXCEEDED": State.QUOTA,
    "MISSING_API_KEY": State.AUTH,
    "INVALID_API_KEY": State.AUTH,
    "BRANCH_INACTIVE": State.AUTH,
    "SERVICE_BANNED": State.AUTH,
    "SERVICE_DELETED": State.AUTH,
    "IP_NOT_ALLOWED": State.AUTH,
}


class EasySlip:
    """Asks EasySlip. The session belongs to the caller."""

    name = "easyslip"

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        key: str,
        address: str = ADDRESS,
        seconds: float = SECONDS,
    ) -> None:
        self._session, self._key, self._address, self._seconds = session, key, address, seconds

    async def verify(self, question: Question) -> Answer:
        """As Verifier says."""
        kind = "truewallet" if question.bank == TRUEMONEY else "bank"
        asked = {"payload": question.payload, "checkDuplicate": True}
        headers = {"Authorization": f"Bearer {self._key}"}
        try:
            reply = await post(
                self._session, f"{self._address}/verify/{kind}", headers, asked, seconds=self._seconds
            )
        except Unanswered as error:
            return Answer(State.ERROR, self.name, why=str(error))
        return _answer(reply)


def _answer(reply: Reply) -> Answer:
    data = reply.body.get("data")
    if reply.status == 200 and reply.body.get("success") is True and isinstance(data, dict):
        state = State.DUPLICATE if data.get("isDuplicate") is True else State.FOUND
        return Answer(state, EasySlip.name, raw=reply.raw, **_transfer(data))
    code = text(inside(reply.body, "error", "code"))
    state = _STATES.get(code, State.AUTH if reply.status == 401 else State.ERROR)
    if reply.status >= 500 or reply.status == 200:  # what says nothing of the slip
        state = State.ERROR
    known = code if code in _STATES else "another code"
    return Answer(state, EasySlip.name, raw=reply.raw, why=f"HTTP {reply.status}, {known}")


def _transfer(data: dict[str, Any]) -> dict[str, Any]:
    slip = data.get("rawSlip")
    account = inside(slip, "receiver", "account")
    printed = satang(inside(slip, "amount", "amount"))
    return {
        "amount": printed if printed is not None else satang(data.get("amountInSlip")),
        "paid_at": moment(inside(slip, "date")),
        "reference": text(inside(slip, "transRef")),
        "receiver_name": text(inside(account, "name", "th")) or text(inside(account, "name", "en")),
        "receiver_accounts": accounts(
            inside(account, "bank", "account"), inside(account, "proxy", "account")
        ),
    }
