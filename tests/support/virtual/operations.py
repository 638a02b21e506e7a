"""Operations of an invocation outside its process. Other tasks run at each one, and a crash happens at one."""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum

from tests.support.virtual.scheduler import Scheduler


class Moment(Enum):
    BEFORE = "before"
    """The operation has no effect."""
    AFTER = "after"
    """The operation has its effect, and the invocation does not get its result."""


@dataclass
class Operations:
    scheduler: Scheduler
    rng: random.Random
    jitter: float = 0.0
    """The largest random extension of an operation, as a fraction of its length."""
    counts: Counter[str] = field(default_factory=Counter)
    """The number of begun operations by name; "" counts all."""
    _crashes: dict[tuple[str, int], Moment] = field(default_factory=dict)

    def crash(self, nth: int, moment: Moment, operation: str = "") -> None:
        """Kill the invocation at the nth operation of this name (`slack.post`), from 1; "" counts all operations."""
        self._crashes[operation, nth] = moment

    def clear_faults(self) -> None:
        self._crashes.clear()

    def perform[T](self, name: str, seconds: float, effect: Callable[[], T]) -> T:
        """Wait that many seconds, then do the effect; outside a task do it at once, without faults."""
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
