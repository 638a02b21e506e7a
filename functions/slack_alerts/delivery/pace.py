"""At most one post per interval and lane: Slack takes one message a second in each channel."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from retry_policies import Deadline
from retry_policies.deadline import Clock


@dataclass(slots=True)
class Pace:
    """The posts of one lane in one batch; all lengths in seconds."""

    interval: float
    clock: Clock = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    started: float | None = None
    """When the last post began."""

    def start(self) -> None:
        """Record that a post begins."""
        self.started = self.clock()

    def wait(self, deadline: Deadline | None = None) -> None:
        """Sleep until an interval after the last post began, or until the deadline."""
        if self.started is None:
            return
        left = self.started + self.interval - self.clock()
        if deadline is not None:
            left = min(left, deadline.remaining())
        if left > 0:
            self.sleep(left)
