"""Interleaved rounds: a busy moment of the machine slows all that are compared, so their ratio holds."""

import statistics
from collections.abc import Callable, Mapping, Sequence

from benchmarks.tables import Spread

type Samples = Mapping[str, Sequence[float]]
"""The figures of each round, by name."""


def interleave(acts: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Call all in turn, round after round; each returns its own figure."""
    samples: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(rounds):
        for name, act in acts.items():
            samples[name].append(act())
    return samples


def spread(values: Sequence[float]) -> Spread:
    """Return the median and the quartiles."""
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(median, low, high)


def ratios(samples: Samples, base: str) -> dict[str, Spread]:
    """Compare each with the base of the same round."""
    return {
        name: spread([one / other for one, other in zip(values, samples[base], strict=True)])
        for name, values in samples.items()
    }
