"""Which service is asked, by the operator's settings."""

from __future__ import annotations

from typing import Literal

import aiohttp

from verifiers import easyslip, slipok
from verifiers.base import Verifier

Service = Literal["none", "slipok", "easyslip"]


def make(
    service: Service, session: aiohttp.ClientSession, *, key: str, branch: str, address: str | None
) -> Verifier | None:
    """The service with its key (and branch, with SlipOK) at `address`, its own where that is None.

    None for "none": then only people judge slips.
    """
    if service == "slipok":
        return slipok.SlipOk(session, key=key, branch=branch, address=address or slipok.ADDRESS)
    if service == "easyslip":
        return easyslip.EasySlip(session, key=key, address=address or easyslip.ADDRESS)
    return None
