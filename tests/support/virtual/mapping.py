"""Lambda's event source mapping in virtual time: polls a queue, invokes a function, deletes successful records."""

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from botocore.exceptions import ClientError

from tests.support.virtual.batch_answer import to_delete
from tests.support.virtual.faults import Outage
from tests.support.virtual.fifo_queue import VirtualFifoQueue
from tests.support.virtual.function import End, Invocation, VirtualFunction
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.queue_messages import Received
from tests.support.virtual.scheduler import Scheduler, Timer


@dataclass
class VirtualMapping:
    """An event source mapping. Batches are numbered from 1, including throttled and lost ones."""

    scheduler: Scheduler
    queue: VirtualQueue
    function: VirtualFunction
    batch_size: int = 10
    max_concurrency: int = 2
    first_concurrency: int = 5
    """Concurrent batches of a standard queue at first."""
    per_minute: float = 300.0
    """Increase of concurrent batches per minute of work, up to `max_concurrency`."""
    one_group_per_batch: bool = False
    """Whether a batch of a FIFO queue has one message group only. Lambda does not specify this."""
    lost: set[int] = field(default_factory=set)
    """Batches whose response is lost because the poller dies."""
    batches: int = 0
    _throttling: list[Outage[None]] = field(default_factory=list)
    _running: int = 0
    _enabled: bool = True
    _timer: Timer = field(default_factory=lambda: Timer(None))
    _polls_at: float = math.inf
    _works_since: float | None = None

    def __post_init__(self) -> None:
        self.queue.on_change.append(self._plan)
        self._plan()

    def throttle(self, start: float, end: float) -> None:
        """Throttle every batch that is received between these instants."""
        self._throttling.append(Outage(start, end, None))

    def clear_faults(self) -> None:
        self._throttling.clear()
        self.lost.clear()

    def disable(self) -> None:
        """Stop polling; running invocations continue."""
        self._enabled = False

    def enable(self) -> None:
        self._enabled = True
        self._plan()

    def _plan(self) -> None:
        """Schedule the next poll for when a message is visible and a batch may run."""
        visible = self.queue.next_visible()
        if not self._running and visible > self.scheduler.now:
            self._works_since = None
        instant = max(visible, self._next_slot())
        if not self._enabled or instant >= self._polls_at:
            return
        self._timer.cancel()
        self._polls_at = max(instant, self.scheduler.now)
        self._timer = self.scheduler.at(self._polls_at, self._poll)

    def _poll(self) -> None:
        self._polls_at = math.inf
        while self._enabled and self._next_slot() <= self.scheduler.now:
            batch = self._receive()
            if not batch:
                break
            self._invoke(batch)
        self._plan()

    def _receive(self) -> list[Received]:
        if isinstance(self.queue, VirtualFifoQueue):
            return self.queue.receive(self.batch_size, one_group=self.one_group_per_batch)
        return self.queue.receive(self.batch_size)

    def _next_slot(self) -> float:
        """Return the instant from which one more batch may run."""
        if self._running >= self.max_concurrency:
            return math.inf
        if self._running < self.first_concurrency or isinstance(self.queue, VirtualFifoQueue):
            return -math.inf
        assert self._works_since is not None, "what runs has begun"
        return self._works_since + (self._running + 1 - self.first_concurrency) * 60.0 / self.per_minute

    def _invoke(self, batch: Sequence[Received]) -> None:
        self.batches += 1
        number, now = self.batches, self.scheduler.now
        if any(one.covers(now) for one in self._throttling):
            return  # the messages become visible again by themselves

        def end(invocation: Invocation) -> None:
            self._running -= 1
            if invocation.end is End.RETURNED and number not in self.lost:
                for handle in to_delete(batch, invocation.response):
                    with suppress(ClientError):  # a FIFO queue refuses an expired handle and redelivers the message
                        self.queue.delete(handle)
            self._plan()

        self._works_since = now if self._works_since is None else self._works_since
        self._running += 1
        self.function.invoke({"Records": [one.record(self.queue.arn) for one in batch]}, end)
