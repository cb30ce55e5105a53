"""Delivers webhook events to the app: signed, within 5 seconds, the same body again until it gets 200, in
order per customer and side by side across customers. What an event holds is in events.py.

Messenger Platform, "Webhooks": any answer but 200 within 5 s is a failure, failures are retried, and after
an hour of them the app is unsubscribed from the Page. The hour is shorter here, see Scenario."""

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from simulator import events, views
from simulator.courier import Courier
from simulator.live import Live
from simulator.state import Customer, Page, WebhookHealth, World

DELIVERIES_KEPT = 3000


@dataclass(slots=True)
class Delivery:
    """One body on its way. ``marks`` are the chat entries it makes "delivered": (psid, entry number)."""

    id: int
    page: Page
    psids: tuple[str, ...]
    body: bytes
    marks: tuple[tuple[str, int], ...] = ()
    state: str = "waiting"  # waiting | delivered | lost
    attempts: list[dict[str, Any]] = field(default_factory=list)


class WebhookSender:
    """Lanes of deliveries, one per customer; a lane exists only while it has work."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.deliveries: deque[Delivery] = deque(maxlen=DELIVERIES_KEPT)
        self._numbers = itertools.count(1)
        self._lanes: dict[str, deque[Delivery]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._batches: dict[str, list[tuple[Customer, events.Event, int]]] = {}
        self.courier = Courier(world)

    async def stop(self) -> None:
        await self.clear()
        await self.courier.close()

    async def clear(self) -> None:
        """Forget everything that is on its way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._lanes.clear()
        self._batches.clear()
        self.deliveries.clear()

    @property
    def idle(self) -> bool:
        return not self._lanes and not self._batches

    @property
    def waiting(self) -> int:
        """Deliveries not done yet."""
        return sum(len(lane) for lane in self._lanes.values()) + sum(
            len(batch) for batch in self._batches.values()
        )

    def emit(self, customer: Customer, event: events.Event, *, entry: int = 0) -> None:
        """Send one event of a customer's thread, if the Page is subscribed to its kind.

        ``entry`` is the number of the chat entry that is "delivered" once the webhook has taken the event."""
        page, scenario = self.world.page_of(customer), self.world.scenario
        standby = scenario.standby or self._other_app_owns(page, customer)
        field_name = "standby" if standby else events.field_of(event)
        if field_name not in page.fields:
            return
        event = self._disguise(event, standby)
        if scenario.batch and not standby:
            self._batch(page, customer, event, entry)
            return
        key = "standby" if standby else "messaging"
        body = events.envelope(page.id, [event], self.world.clock.now_ms(), key=key)
        self._queue(page, [(customer, event, entry)], body, lane=customer.psid)

    def emit_change(self, page: Page, field_name: str, value: Any) -> None:
        """Send a ``changes`` entry, e.g. the review of a message template."""
        if field_name in page.fields:
            body = events.change(page.id, self.world.clock.now_ms(), field_name, value)
            self._queue(page, [], body, lane=f"page {page.id}")

    def _other_app_owns(self, page: Page, customer: Customer) -> bool:
        if page.default_app is None:
            return False
        return (customer.thread_owner or page.default_app) != self.world.config.app_id

    def _disguise(self, event: events.Event, standby: bool) -> events.Event:
        """The parts that the scenario leaves out."""
        scenario = self.world.scenario
        if "postback" in event:
            if standby:
                return {**event, "postback": {}}
            if scenario.postback_without_payload:
                event = events.without(event, "postback", "payload")
            if scenario.postback_without_mid:
                event = events.without(event, "postback", "mid")
        if "delivery" in event and scenario.delivery_without_mids:
            event = events.without(event, "delivery", "mids")
        return event

    def _batch(self, page: Page, customer: Customer, event: events.Event, entry: int) -> None:
        waiting = self._batches.setdefault(page.id, [])
        waiting.append((customer, event, entry))
        if len(waiting) >= self.world.scenario.batch_size:
            self._flush(page)
        elif len(waiting) == 1:
            self._run(self._flush_later(page, waiting))

    async def _flush_later(self, page: Page, batch: list[Any]) -> None:
        await asyncio.sleep(self.world.scenario.batch_wait)
        if self._batches.get(page.id) is batch:
            self._flush(page)

    def _flush(self, page: Page) -> None:
        items = self._batches.pop(page.id)
        split = self.world.scenario.batch != "messaging"
        body = events.envelope(page.id, [item[1] for item in items], self.world.clock.now_ms(), split=split)
        self._queue(page, items, body, lane=f"page {page.id}")

    def _queue(
        self, page: Page, items: Iterable[tuple[Customer, events.Event, int]], body: Any, *, lane: str
    ) -> None:
        items = list(items)
        delivery = Delivery(
            id=next(self._numbers),
            page=page,
            psids=tuple({customer.psid: None for customer, _, _ in items}),
            body=events.to_bytes(body),
            marks=tuple((customer.psid, entry) for customer, _, entry in items if entry),
        )
        self.deliveries.append(delivery)
        if lane in self._lanes:
            self._lanes[lane].append(delivery)
        else:
            self._lanes[lane] = deque([delivery])
            self._run(self._drain(lane))

    def _run(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, lane: str) -> None:
        waiting = self._lanes[lane]
        while waiting:
            if self.world.scenario.reorder:
                await self._let_overtake(waiting)
            await self._deliver(waiting[0])
            waiting.popleft()
        del self._lanes[lane]
        if self.idle:
            self.world.live.wake(Live.IDLE)

    async def _let_overtake(self, waiting: deque[Delivery]) -> None:
        """Swap the first two, if a second one comes in time."""
        deadline = time.monotonic() + self.world.scenario.reorder_wait
        while len(waiting) < 2 and time.monotonic() < deadline:  # noqa: ASYNC110 - only in this scenario
            await asyncio.sleep(0.01)
        if len(waiting) >= 2:
            waiting[0], waiting[1] = waiting[1], waiting[0]

    async def _deliver(self, delivery: Delivery) -> None:
        """Post until it is taken, or until the Page's subscription ends."""
        scenario, page = self.world.scenario, delivery.page
        if scenario.webhook_delay:
            await asyncio.sleep(scenario.webhook_delay)
        pause = scenario.retry_first
        while not page.health.disabled:
            if await self._attempt(delivery):
                delivery.state = "delivered"
                self._mark_accepted(delivery)
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, scenario.retry_longest)
        delivery.state = "lost"
        self._mark_lost(delivery)

    async def _attempt(self, delivery: Delivery) -> bool:
        """One attempt, with the scenario's copies beside it; the first copy's answer counts."""
        started, wall = time.perf_counter(), time.time()
        copies = [
            self.courier.post(delivery.page, delivery.body) for _ in range(1 + self.world.scenario.duplicate)
        ]
        answers = await asyncio.gather(*copies)
        milliseconds = round((time.perf_counter() - started) * 1000, 2)
        for status, text in answers:
            attempt = {"at": wall, "status": status, "milliseconds": milliseconds}
            delivery.attempts.append(attempt if status == 200 else {**attempt, "answer": text})
        status, text = answers[0]
        if status == 200:
            self._recovered(delivery.page)
        else:
            self._failed(delivery.page, f"HTTP {status}" if status else text)
        return status == 200

    def _recovered(self, page: Page) -> None:
        if page.health.failures:
            page.health = WebhookHealth()
            self.publish_page(page)

    def _failed(self, page: Page, reason: str) -> None:
        scenario, health = self.world.scenario, page.health
        health.failures += 1
        health.last_error = reason
        health.failing_since = health.failing_since or time.monotonic()
        failing_for = time.monotonic() - health.failing_since
        if (
            health.failures >= scenario.unsubscribe_after_failures
            and failing_for >= scenario.unsubscribe_after_seconds
        ):
            health.disabled = True
            page.fields.clear()
        self.publish_page(page)

    def _mark_accepted(self, delivery: Delivery) -> None:
        for psid, entry in delivery.marks:
            customer = self.world.customers.get(psid)
            if customer is not None:
                customer.accepted_seq = max(customer.accepted_seq, entry)
                self.publish_thread(customer)

    def _mark_lost(self, delivery: Delivery) -> None:
        for psid, number in delivery.marks:
            customer = self.world.customers.get(psid)
            for entry in customer.entries if customer else ():
                if customer is not None and entry.seq == number:
                    entry.sent = False
                    self.world.live.publish(psid, "entry", lambda e=entry: views.entry(self.world, e))  # type: ignore[misc]

    def publish_thread(self, customer: Customer) -> None:
        """Tell an open chat page about the thread's state (typing, seen, menu, webhook)."""
        self.world.live.publish(customer.psid, "thread", lambda: views.thread(self.world, customer))

    def publish_page(self, page: Page) -> None:
        """Tell all open chat pages of the Page."""
        for topic in self.world.live.watched():
            customer = self.world.customers.get(topic)
            if customer is not None and customer.page_id == page.id:
                self.publish_thread(customer)
