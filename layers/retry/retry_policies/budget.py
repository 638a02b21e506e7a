"""Retries allowed across many calls, so that an outage is not answered with four times the traffic."""

import math
from dataclasses import dataclass, field
from threading import Lock

WHOLE = 1_000_000
"""A token in millionths: ten deposits of 0.1 are exactly one token, which floats would not give."""


@dataclass(slots=True, eq=False)
class RetryBudget:
    """Retries <= burst + ratio * successful calls, whatever the threads do; one for each destination.

    It counts calls and asks no clock: a Lambda environment frozen between two events loses or gains nothing.
    """

    ratio: float = 0.1
    """One retry for every ten successes: the tenth that Finagle's and gRPC's budgets settle on."""
    burst: int = 10
    """Retries that may be made at once: from the start, and again after enough successes."""
    _left: int = field(init=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.ratio < math.inf:
            raise ValueError(f"ratio must be a number from 0 on, not {self.ratio}")
        if self.burst < 1:
            raise ValueError(f"burst must be at least 1, or nothing is ever repeated, not {self.burst}")
        self._left = self.burst * WHOLE

    @property
    def tokens(self) -> float:
        """What is left, from 0 to burst."""
        return self._left / WHOLE

    def on_success(self) -> None:
        """A call succeeded. A full budget takes no lock: the worst a race can do is to lose one deposit."""
        full = self.burst * WHOLE
        if self._left < full:
            with self._lock:
                self._left = min(full, self._left + int(self.ratio * WHOLE))

    def take(self) -> bool:
        """One token for one retry, before its pause: a retry that waits counts. False if there is none."""
        with self._lock:
            if self._left < WHOLE:
                return False
            self._left -= WHOLE
            return True

    def give_back(self) -> None:
        """The retry for which a token was taken was not made."""
        with self._lock:
            self._left = min(self.burst * WHOLE, self._left + WHOLE)
