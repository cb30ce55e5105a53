"""Numbers for Prometheus, read from the running service when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.db import utc_now
from shop.models import InboxEvent, OutboxMessage

if TYPE_CHECKING:
    from gateway.service import Service

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

#: (rows waiting, seconds the oldest has waited) of inbox and outbox.
Waiting = dict[str, tuple[int, float]]


async def page(service: Service) -> bytes:
    """The metrics page."""
    waiting = await service.database.read(_waiting, utc_now())
    registry = CollectorRegistry()
    registry.register(_Numbers(service, waiting))
    return generate_latest(registry)


class _Numbers(Collector):
    def __init__(self, service: Service, waiting: Waiting) -> None:
        self._service = service
        self._waiting = waiting

    def collect(self) -> Iterator[Metric]:
        """All metrics; counters count since the process started."""
        service = self._service
        kept = CounterMetricFamily("talad_events_kept", "Events received", labels=["state", "kind"])
        for (state, kind), count in service.inbox.kept.items():
            kept.add_metric([state, kind], count)
        yield kept
        ended = {
            "inbox": service.turns.ended,
            "outbox": service.outbox.ended,
            "pushes": service.pushes.ended,
        }
        worked_off = CounterMetricFamily("talad_worked_off", "What became of rows", labels=["queue", "end"])
        for queue, ends in ended.items():
            for end, count in ends.items():
                worked_off.add_metric([queue, end], count)
        yield worked_off
        rows = GaugeMetricFamily("talad_waiting", "Rows that wait or are in hand", labels=["queue"])
        oldest = GaugeMetricFamily("talad_oldest_seconds", "How long the oldest has waited", labels=["queue"])
        for queue, (count, seconds) in self._waiting.items():
            rows.add_metric([queue], count)
            oldest.add_metric([queue], seconds)
        yield rows
        yield oldest


def _waiting(session: Session, now: datetime) -> Waiting:
    found: Waiting = {}
    for name, table in (("inbox", InboxEvent), ("outbox", OutboxMessage)):
        wanted = select(func.count(), func.min(table.created_at)).where(table.state == "open")
        count, oldest = session.execute(wanted).one()
        found[name] = count, (now - oldest).total_seconds() if oldest else 0.0
    return found
