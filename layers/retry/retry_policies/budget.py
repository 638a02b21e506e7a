"""A limit on retries across many calls: without one, retries would multiply the traffic in an outage."""

import math
from dataclasses import dataclass, field
from threading import Lock

TOKEN = 1_000_000
"""Millionths in a token. With floats, ten deposits of 0.1 would not make one token."""


@dataclass(slots=True, eq=False)
class RetryBudget:
    """Retries <= burst + ratio * successful calls, over all threads. Use one for each destination.

    Tokens do not depend on a clock: a Lambda environment may be frozen between two events.
    """

    ratio: float = 0.1
    """Tokens for one success; the default is that of Finagle and gRPC."""
    burst: int = 10
    """The largest number of tokens, and the number at the start."""
    _left: int = field(init=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.ratio < math.inf:
            raise ValueError(f"ratio must be a number of at least 0, not {self.ratio}")
        if self.burst < 1:
            raise ValueError(f"burst must be at least 1, not {self.burst}: nothing would ever be repeated")
        self._left = self.burst * TOKEN

    @property
    def tokens(self) -> float:
        """The tokens that are left, from 0 to burst."""
        return self._left / TOKEN

    def on_success(self) -> None:
        """Deposit `ratio`. A full budget takes no lock: a race loses one deposit at most."""
        full = self.burst * TOKEN
        if self._left < full:
            with self._lock:
                self._left = min(full, self._left + int(self.ratio * TOKEN))

    def take(self) -> bool:
        """Take the token of a retry before its pause, so that a waiting retry counts. Return False if there is none."""
        with self._lock:
            if self._left < TOKEN:
                return False
            self._left -= TOKEN
            return True

    def give_back(self) -> None:
        """Return the token of a retry that was not made."""
        with self._lock:
            self._left = min(self.burst * TOKEN, self._left + TOKEN)
