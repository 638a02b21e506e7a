"""The dearest imports of slack_alerts, as built."""

import re
import statistics
from collections.abc import Mapping, Sequence

from benchmarks.cold_stack import ColdStack
from benchmarks.cold_variants import AS_BUILT
from benchmarks.tables import Column, Table

FUNCTION = "slack_alerts"
RUNS = 5
SHOWN = 10
LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| ( *)(\S+)")
"""A line of `python -X importtime`: own microseconds, microseconds with its imports, the module."""
COLUMNS = (
    Column("module"),
    Column("own, % of the import", ".1f"),
    Column("own, ms", ".1f"),
    Column("with its imports, ms", ".1f"),
)

type Times = Mapping[str, tuple[float, float]]
"""Module -> its own milliseconds, and those with its imports."""


def dearest_modules(stack: ColdStack) -> Table:
    """Import the function some times; return the modules with the largest time of their own."""
    environment = stack.environment(FUNCTION, AS_BUILT)
    command = ["-X", "importtime", "-c", f"import {FUNCTION}.app"]
    times = medians([import_times(stack.run(command, environment).stderr) for _ in range(RUNS)])
    whole = sum(own for own, _ in times.values())
    dearest = sorted(times, key=lambda name: -times[name][0])[:SHOWN]
    rows = tuple((name, 100 * times[name][0] / whole, *times[name]) for name in dearest)
    return Table("modules", f"The dearest imports of {FUNCTION}, as built", COLUMNS, rows)


def import_times(output: str) -> Times:
    """Read the output of `python -X importtime`."""
    return {name: (int(own) / 1000, int(whole) / 1000) for own, whole, _, name in LINE.findall(output)}


def medians(runs: Sequence[Times]) -> Times:
    """Return the median of each time over the runs."""
    return {
        name: (statistics.median(run[name][0] for run in runs), statistics.median(run[name][1] for run in runs))
        for name in runs[0]
    }
