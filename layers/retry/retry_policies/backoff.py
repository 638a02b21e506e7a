"""How long to wait before the next attempt."""

import math
from collections.abc import Callable

type Uniform = Callable[[float, float], float]
"""random.uniform, or what a test puts in its place."""


def backoff_window(retry: int, *, initial: float, multiplier: float, cap: float) -> float:
    """min(cap, initial * multiplier^(retry - 1)) seconds for the retry-th retry, from 1; it cannot overflow."""
    try:
        return min(cap, initial * multiplier ** (retry - 1))
    except OverflowError:
        return cap


def full_jitter(window: float, *, at_least: float, uniform: Uniform) -> float:
    """at_least + U(0, window) seconds: what was asked is a lower bound, and callers spread out beyond it.

    Exactly what was asked would bring everybody back at once; jitter added and then cut at a cap would be none.
    """
    return at_least + uniform(0.0, window)


def valid_retry_after(seconds: float | None) -> float | None:
    """Return the seconds of a Retry-After if they are finite and not negative, else None."""
    return seconds if seconds is not None and 0.0 <= seconds < math.inf else None
