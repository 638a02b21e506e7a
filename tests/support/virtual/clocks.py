"""The clock on the wall, which may be set; the one that never jumps is the scheduler's."""

from dataclasses import dataclass

from tests.support.virtual.scheduler import Scheduler

EPOCH = 1_769_860_800.0
"""31 January 2026, 12:00 UTC."""


@dataclass
class WallClock:
    """In place of time.time; each machine may have its own, that is wrong in its own way."""

    scheduler: Scheduler
    offset: float = 0.0
    """Seconds it is ahead."""

    def __call__(self) -> float:
        return EPOCH + self.scheduler.now + self.offset

    def jump(self, seconds: float) -> None:
        """Somebody sets it: forwards, or backwards."""
        self.offset += seconds
