"""Storms, outages and faults of our own keep their bounds; `make outages` plays the long ones too."""

import pytest

from benchmarks.outages import broken_bounds, play
from benchmarks.scenario import DAY
from benchmarks.storms import SCENARIOS

QUICK = [
    number
    for number, one in enumerate(SCENARIOS)
    if one.alerts <= 2_000 and one.seconds < DAY and not one.name.startswith("ours")
]
"""Scenarios of less than a second each; the longer ones take half of the time of `make outages`."""
OURS = [number for number, one in enumerate(SCENARIOS) if one.name.startswith("ours")]


@pytest.mark.parametrize(
    "number", [*QUICK, *OURS], ids=lambda number: f"{SCENARIOS[number].name} {SCENARIOS[number].seconds:.0f} s"
)
def test_every_bound_holds(number: int) -> None:
    assert [*broken_bounds(play(number))] == []
