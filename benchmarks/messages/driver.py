"""Customers of the simulator who write and tap, each waiting for the answer before the next message.

All times are the simulator's own: when the customer sent, when the answer stood in the chat, how long the app let
its webhook wait. So the driver's own slowness makes less load, but no longer answers.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from benchmarks.messages.figures import Result, Times

LONGEST_WAIT = 60  # seconds for one answer
_CELL_LIMIT = 60  # seconds that a slow stack may take beyond the time asked for


@dataclass(frozen=True)
class Answered:
    """One message and its answer; Unix seconds by the simulator's clock."""

    tapped: bool
    sent: float
    answered: float

    @property
    def milliseconds(self) -> float:
        return 1000 * (self.answered - self.sent)


class Simulator:
    """The simulator's control API, as far as a load needs it."""

    def __init__(self, address: str) -> None:
        self._http = aiohttp.ClientSession(
            address,
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=LONGEST_WAIT + 10),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.close()

    async def set_up(self, graph_delay: float) -> None:
        """Answers of the Graph API after `graph_delay` seconds, and webhooks that may take as long as they like.

        Messenger would send a webhook again after 5 s. Stock Rasa would then answer twice and get slower still.
        """
        await self._post("scenario", {"graph_delay": graph_delay, "webhook_timeout": float(LONGEST_WAIT)})

    async def new_customer(self) -> str:
        """The PSID of a new customer, whose language is Thai."""
        return str((await self._post("customers", {}))["psid"])

    async def ask(self, psid: str, text: str, tap: str | None) -> Answered:
        """Write `text`, or tap a button of that title whose payload is `tap`, and wait for one answer."""
        chat = f"customers/{psid}"
        if tap is None:
            sent = await self._post(f"{chat}/text", {"text": text})
        else:
            sent = await self._post(f"{chat}/tap", {"forced": True, "title": text, "payload": tap})
        found = await self._get(f"{chat}/wait", after=sent["seq"], timeout=LONGEST_WAIT)
        return Answered(tap is not None, sent["wall"], found["messages"][0]["wall"])

    async def last_webhook(self) -> int:
        """The number of the newest webhook, 0 before the first."""
        found = (await self._get("webhooks", limit=1))["deliveries"]
        return int(found[-1]["id"]) if found else 0

    async def webhook_times(self, after: int) -> list[float]:
        """Milliseconds of all webhooks after number `after` that the app has taken (the newest 3000)."""
        await self._get("idle", timeout=LONGEST_WAIT)
        found = (await self._get("webhooks", after=after, limit=100_000))["deliveries"]
        return [attempt["milliseconds"] for delivery in found for attempt in delivery["attempts"]]

    async def _post(self, path: str, body: Mapping[str, Any]) -> Any:
        async with self._http.post(f"/control/{path}", json=body) as answer:
            return await _value(answer)

    async def _get(self, path: str, **query: str | int) -> Any:
        async with self._http.get(f"/control/{path}", params=query) as answer:
            return await _value(answer)


async def _value(answer: aiohttp.ClientResponse) -> Any:
    if answer.status >= 400:
        raise RuntimeError(f"{answer.url.path}: {answer.status} {(await answer.text())[:500]}")
    return await answer.json()


@dataclass(frozen=True)
class Message:
    """What all customers say, typed and tapped in turn: the tap has the text as its title."""

    text: str
    payload: str


class Load:
    """Customers in front of one stack. `processes` are the process ids whose processor time counts, by name."""

    def __init__(self, simulator: Simulator, message: Message, processes: Mapping[str, int]) -> None:
        self._simulator, self._message, self._processes = simulator, message, processes

    async def run(self, *, in_flight: int, graph_delay: float, seconds: float) -> Result:
        """`in_flight` customers for `seconds`, longer if there are fewer than three answers each by then."""
        simulator = self._simulator
        await simulator.set_up(0)
        psids = [await simulator.new_customer() for _ in range(in_flight)]
        await asyncio.gather(*(self._turns(psid, 2) for psid in psids))
        await simulator.webhook_times(0)  # the echoes of the warm-up are over
        await simulator.set_up(graph_delay)

        first_webhook = await simulator.last_webhook()
        before, start = self._spent(), time.time()
        answers = await self._until(psids, start + seconds, least=3 * in_flight)
        took = max(answer.answered for answer in answers) - start
        spent = {name: used - before[name] for name, used in self._spent().items()}
        webhooks = await simulator.webhook_times(first_webhook)
        return Result(
            messages_per_second=len(answers) / took,
            webhook=Times.of(webhooks),
            tap=Times.of(answer.milliseconds for answer in answers if answer.tapped),
            answers=len(answers),
            cpu={name: 1000 * used / len(answers) for name, used in spent.items()},
        )

    async def long_conversation(self, turns: int, measured: int) -> tuple[Times, Times]:
        """Times from message to answer in a fresh conversation, and in one that is `turns` old by then.

        The two take turns, so that what else the machine does meets both.
        """
        await self._simulator.set_up(0)
        old, fresh = await self._simulator.new_customer(), await self._simulator.new_customer()
        await self._turns(old, turns)
        await self._turns(fresh, 2)
        of_old, of_fresh = [], []
        for number in range(measured):
            of_old += await self._turns(old, 1, start=number)
            of_fresh += await self._turns(fresh, 1, start=number)
        return (
            Times.of(answer.milliseconds for answer in of_fresh),
            Times.of(answer.milliseconds for answer in of_old),
        )

    async def _until(self, psids: list[str], deadline: float, *, least: int) -> list[Answered]:
        """Answers until the deadline and until there are `least`; what is under way then is finished, not counted."""
        answers: list[Answered] = []
        over = False

        def enough() -> bool:
            now = time.time()
            return over or now > deadline + _CELL_LIMIT or (now > deadline and len(answers) >= least)

        async def customer(psid: str, number: int) -> None:
            nonlocal over
            while not enough():
                number += 1
                answer = await self._ask(psid, number)
                if not over:
                    answers.append(answer)
                over = enough()

        await asyncio.gather(*(customer(psid, number) for number, psid in enumerate(psids)))
        return answers

    async def _turns(self, psid: str, turns: int, *, start: int = 0) -> list[Answered]:
        return [await self._ask(psid, number) for number in range(start, start + turns)]

    async def _ask(self, psid: str, number: int) -> Answered:
        message = self._message
        return await self._simulator.ask(psid, message.text, message.payload if number % 2 else None)

    def _spent(self) -> dict[str, float]:
        """Processor seconds so far: of each process, and of this one, which plays the customers."""
        return {name: _processor_seconds(pid) for name, pid in self._processes.items()} | {
            "driver": time.process_time()
        }


def _processor_seconds(pid: int) -> float:
    """User and system time of a process (proc(5): fields 14 and 15 of its stat, in clock ticks)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
