"""The instant after which nothing starts."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, Self

type Clock = Callable[[], float]
"""time.monotonic or a test's clock: seconds that never go back."""


class DeadlineExceeded(Exception):
    """There was no time for a first attempt. After a TimeoutError, by contrast, the call may have taken effect."""


class LambdaContext(Protocol):
    """The part of the Lambda context that a deadline needs."""

    def get_remaining_time_in_millis(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Deadline:
    """An instant on a monotonic clock."""

    at: float
    clock: Clock = time.monotonic

    @classmethod
    def after(cls, seconds: float, *, clock: Clock = time.monotonic) -> Self:
        """Return the deadline this many seconds from now: `policy.call(Deadline.after(20), fetch, url)`."""
        return cls(clock() + seconds, clock)

    @classmethod
    def from_context(cls, context: LambdaContext, *, reserve: float = 5.0, clock: Clock = time.monotonic) -> Self:
        """Return the end of this invocation, less the reserve (seconds) for the answer to the batch.

        Read the context once: it uses the wall clock, which may be set.
        """
        return cls.after(context.get_remaining_time_in_millis() / 1000 - reserve, clock=clock)

    def remaining(self) -> float:
        """Return the seconds left, negative after the deadline."""
        return self.at - self.clock()

    def at_most(self, seconds: float) -> Self:
        """Return the earlier of this deadline and the one this many seconds from now."""
        return replace(self, at=min(self.at, self.clock() + seconds))

    def timeout(self, cap: float) -> float:
        """Return the seconds one call may take now: the cap or the time left, never negative."""
        return max(0.0, min(cap, self.remaining()))
