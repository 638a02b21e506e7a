"""Lambda's event source mapping in virtual time: polls the queue, invokes the function, deletes what is done."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.support.virtual.batch_answer import to_delete
from tests.support.virtual.faults import Outage
from tests.support.virtual.function import End, Invocation, VirtualFunction
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.queue_messages import Received
from tests.support.virtual.scheduler import Scheduler, Timer


@dataclass
class VirtualMapping:
    """Batches are numbered from 1, those that came to nothing among them."""

    scheduler: Scheduler
    queue: VirtualQueue
    function: VirtualFunction
    batch_size: int = 10
    max_concurrency: int = 2
    throttled: set[int] = field(default_factory=set)
    """Batches that were received and for which no invocation was to be had."""
    lost: set[int] = field(default_factory=set)
    """Batches whose answer nobody read, because the poller died."""
    batches: int = 0
    _throttling: list[Outage[None]] = field(default_factory=list)
    _running: int = 0
    _enabled: bool = True
    _timer: Timer = field(default_factory=lambda: Timer(None))
    _polls_at: float = float("inf")

    def __post_init__(self) -> None:
        self.queue.on_change.append(self._plan)
        self._plan()

    def throttle(self, start: float, end: float) -> None:
        """Between these instants every batch that is received comes to nothing."""
        self._throttling.append(Outage(start, end, None))

    def disable(self) -> None:
        """Somebody switches it off; what runs ends in peace."""
        self._enabled = False

    def enable(self) -> None:
        """Somebody switches it on again."""
        self._enabled = True
        self._plan()

    def _plan(self) -> None:
        """Poll when there is something to receive, and somebody to invoke."""
        instant = self.queue.next_visible()
        if self._running >= self.max_concurrency or not self._enabled or instant >= self._polls_at:
            return
        self._timer.cancel()
        self._polls_at = max(instant, self.scheduler.now)
        self._timer = self.scheduler.at(self._polls_at, self._poll)

    def _poll(self) -> None:
        self._polls_at = float("inf")
        while self._enabled and self._running < self.max_concurrency:
            batch = self.queue.receive(self.batch_size)
            if not batch:
                break
            self._invoke(batch)
        self._plan()

    def _invoke(self, batch: Sequence[Received]) -> None:
        self.batches += 1
        number, now = self.batches, self.scheduler.now
        if number in self.throttled or any(one.covers(now) for one in self._throttling):
            return  # the messages show up again by themselves

        def end(invocation: Invocation) -> None:
            self._running -= 1
            if invocation.end is End.RETURNED and number not in self.lost:
                for handle in to_delete(batch, invocation.response):
                    self.queue.delete(handle)
            self._plan()

        self._running += 1
        self.function.invoke({"Records": [one.record(self.queue.arn) for one in batch]}, end)
