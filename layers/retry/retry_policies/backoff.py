"""How long to wait before the next attempt."""

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
    """at_least + U(0, window) seconds: what was asked is a lower bound, and callers spread out beyond it."""
    return at_least + uniform(0.0, window)
