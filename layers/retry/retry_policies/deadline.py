"""The instant after which nothing starts."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, Self

type Clock = Callable[[], float]
"""time.monotonic, or what a test puts in its place: seconds that never go back."""


class DeadlineExceeded(Exception):
    """There was no time left for a first attempt: nothing was called. It is no TimeoutError: those may be sent."""


class LambdaContext(Protocol):
    """The part of the Lambda context that tells the time left."""

    def get_remaining_time_in_millis(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Deadline:
    """An instant on a monotonic clock; a timeout is a length and belongs to one call."""

    at: float
    clock: Clock = time.monotonic

    @classmethod
    def after(cls, seconds: float, *, clock: Clock = time.monotonic) -> Self:
        """The instant this many seconds from now."""
        return cls(clock() + seconds, clock)

    @classmethod
    def from_context(cls, context: LambdaContext, *, reserve: float = 5.0, clock: Clock = time.monotonic) -> Self:
        """The end of this invocation, less the reserve (seconds) kept to answer the batch.

        The context is asked once: it reads the wall clock, which may be set; ours may not.
        """
        return cls.after(context.get_remaining_time_in_millis() / 1000 - reserve, clock=clock)

    def remaining(self) -> float:
        """Seconds left; negative once it has passed."""
        return self.at - self.clock()

    def at_most(self, seconds: float) -> Self:
        """This deadline or the one so many seconds from now, whichever comes first."""
        return replace(self, at=min(self.at, self.clock() + seconds))

    def timeout(self, cap: float) -> float:
        """Seconds one call may take now: the cap, or what is left of the time. Never negative."""
        return max(0.0, min(cap, self.remaining()))
