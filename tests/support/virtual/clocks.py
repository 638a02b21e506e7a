"""The wall clock, which can jump. The monotonic clock is the scheduler's."""

from dataclasses import dataclass

from tests.support.virtual.scheduler import Scheduler

EPOCH = 1_769_860_800.0
"""31 January 2026, 12:00 UTC."""


@dataclass
class WallClock:
    """Replaces time.time."""

    scheduler: Scheduler
    offset: float = 0.0
    """Seconds by which it is fast."""

    def __call__(self) -> float:
        return EPOCH + self.scheduler.now + self.offset

    def jump(self, seconds: float) -> None:
        self.offset += seconds
