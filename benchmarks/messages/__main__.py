"""`python -m benchmarks.messages [--quick]`: both stacks under the same loads, and a table of what came of it."""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import tempfile
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.messages import stacks
from benchmarks.messages.driver import Load, Simulator
from benchmarks.messages.figures import HEAD, Result, Times, load_rows, ratio
from benchmarks.report import machine, table
from training import model

IN_FLIGHT = (1, 20)
GRAPH_DELAYS = (0.0, 0.1)  # seconds


@dataclass(frozen=True)
class Plan:
    """How long everything takes: seconds per load, age of the long conversation and messages compared with it."""

    seconds: float
    turns: int
    compared: int


FULL = Plan(seconds=10, turns=300, compared=50)
QUICK = Plan(seconds=3, turns=60, compared=20)

Loads = dict[tuple[float, int], Result]


def main() -> None:
    """Measure stock Rasa, then Talad, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.messages", description=main.__doc__)
    parser.add_argument("--quick", action="store_true", help="under two minutes, with rougher figures")
    plan = QUICK if parser.parse_args().quick else FULL
    began = time.monotonic()
    print(machine(), _rasa(), sep="; ", flush=True)
    with tempfile.TemporaryDirectory(prefix="talad-benchmark-") as path:
        stock, _ = _measure("stock Rasa", stacks.stock(_empty(path, "stock")), plan, with_long=False)
        talad, ages = _measure("Talad", stacks.talad(_empty(path, "talad")), plan, with_long=True)
    rows = [
        row
        for delay, in_flight in talad
        for row in load_rows(
            f"Graph {1000 * delay:.0f} ms, {in_flight} in flight",
            stock[delay, in_flight],
            talad[delay, in_flight],
        )
    ]
    print("", table(HEAD, rows), "", sep="\n")
    if ages:
        print(_flatness(plan, *ages))
    print(f"took {time.monotonic() - began:.0f} s")


def _empty(path: str, name: str) -> Path:
    folder = Path(path) / name
    folder.mkdir()
    return folder


def _measure(
    name: str, starting: AbstractContextManager[stacks.Running], plan: Plan, *, with_long: bool
) -> tuple[Loads, tuple[Times, Times] | None]:
    print(f"starting {name} …", flush=True)
    with starting as stack:
        return asyncio.run(_loads(name, stack, plan, with_long))


async def _loads(
    name: str, stack: stacks.Running, plan: Plan, with_long: bool
) -> tuple[Loads, tuple[Times, Times] | None]:
    results: Loads = {}
    async with Simulator(stack.simulator) as simulator:
        load = Load(simulator, stack.message, stack.processes)
        await load.run(in_flight=2, graph_delay=0, seconds=1)  # the first turns load what is loaded late
        for delay in GRAPH_DELAYS:
            for in_flight in IN_FLIGHT:
                found = await load.run(in_flight=in_flight, graph_delay=delay, seconds=plan.seconds)
                results[delay, in_flight] = found
                print(
                    f"{name}, Graph {1000 * delay:.0f} ms, {in_flight} in flight: "
                    f"{found.messages_per_second:.1f} messages/s",
                    flush=True,
                )
        ages = await load.long_conversation(plan.turns, plan.compared) if with_long else None
    return results, ages


def _flatness(plan: Plan, fresh: Times, old: Times) -> str:
    return (
        f"Talad, message to answer, Graph 0 ms, 1 in flight: {fresh} ms in a fresh conversation, {old} ms in one of "
        f"{plan.turns} turns ({ratio(old.p50, fresh.p50)} / {ratio(old.p99, fresh.p99)})"
    )


def _rasa() -> str:
    command = "import platform, rasa; print(f'Rasa {rasa.__version__} on Python {platform.python_version()}')"
    found = subprocess.run([model.RASA_PYTHON, "-c", command], capture_output=True, text=True, check=True)
    return found.stdout.strip()


if __name__ == "__main__":
    main()
