"""What an invocation does to the world outside: the points where others come between, and where it can be killed."""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum

from tests.support.virtual.scheduler import Scheduler


class Moment(Enum):
    """When a crash strikes."""

    BEFORE = "before"
    """The operation has no effect."""
    AFTER = "after"
    """It has, and nobody learns of it."""


@dataclass
class Operations:
    """All operations of a world."""

    scheduler: Scheduler
    rng: random.Random
    jitter: float = 0.0
    """By what part of its time an operation may take longer."""
    counts: Counter[str] = field(default_factory=Counter)
    """How often each was begun; "" counts them all."""
    _crashes: dict[tuple[str, int], Moment] = field(default_factory=dict)

    def crash(self, nth: int, moment: Moment, operation: str = "") -> None:
        """Kill whoever begins the nth operation of this name (`slack.post`), from 1; without a name the nth of all."""
        self._crashes[operation, nth] = moment

    def clear_faults(self) -> None:
        """Nobody is killed any more."""
        self._crashes.clear()

    def perform[T](self, name: str, seconds: float, effect: Callable[[], T]) -> T:
        """The effect, about so many seconds from now and all at once; outside a task right now, and it cannot fail."""
        if self.scheduler.task is None:
            return effect()
        crash = self._begin(name)
        self.scheduler.sleep(seconds * (1.0 + self.jitter * self.rng.random()) if self.jitter else seconds)
        if crash is None:
            return effect()
        if crash is Moment.AFTER:
            with suppress(Exception):
                effect()
        return self.scheduler.die()

    def _begin(self, name: str) -> Moment | None:
        self.counts[""] += 1
        self.counts[name] += 1
        found = [self._crashes.pop((one, self.counts[one]), None) for one in ("", name)] if self._crashes else ()
        return next(filter(None, found), None)
