"""The pause before the next attempt."""

import math
from collections.abc import Callable

type Uniform = Callable[[float, float], float]
"""random.uniform or a test's function."""


def backoff_window(retry: int, *, initial: float, multiplier: float, cap: float) -> float:
    """Return min(cap, initial * multiplier^(retry - 1)) seconds; `retry` counts from 1."""
    try:
        return min(cap, initial * multiplier ** (retry - 1))
    except OverflowError:
        return cap


def full_jitter(window: float, *, at_least: float, uniform: Uniform) -> float:
    """Return at_least + U(0, window) seconds.

    Do not cut the sum: callers that wait for exactly the same time return at the same moment.
    """
    return at_least + uniform(0.0, window)


def valid_retry_after(seconds: float | None) -> float | None:
    """Return the seconds of a Retry-After if they are finite and not negative, else None."""
    return seconds if seconds is not None and 0.0 <= seconds < math.inf else None
