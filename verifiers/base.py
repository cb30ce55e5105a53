"""What every verification service is to Talad."""

from __future__ import annotations

from typing import Protocol

from shop.slips.asking import Answer, Question, State

__all__ = ["Answer", "Question", "State", "Verifier"]


class Verifier(Protocol):
    """Looks transfers up. `name` is the service's key ("slipok")."""

    name: str

    async def verify(self, question: Question) -> Answer:
        """What the service says, after one request and within a time limit.

        Never raises for anything that a network or a service may do: that is an Answer of the state ERROR.
        """
        ...
