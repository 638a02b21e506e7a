"""The import of slack_alerts, as built: its dearest modules, and its parts."""

import json
import re
import statistics
from collections.abc import Mapping, Sequence

from benchmarks import cold_building
from benchmarks.cold_building import DATACLASSES, PATTERNS, WHOLE
from benchmarks.cold_stack import ColdStack
from benchmarks.cold_variants import AS_BUILT
from benchmarks.tables import Cell, Column, Table
from holdfast_cli.sam import ROOT

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

OURS = frozenset(one.name for root in ("functions", "layers/retry") for one in (ROOT / root).iterdir() if one.is_dir())
BOTOCORE = frozenset({"botocore", "dateutil", "jmespath", "six", "urllib3"})
POWERTOOLS = frozenset({"aws_lambda_powertools", "typing_extensions"})
PART_COLUMNS = (Column("part"), Column("% of the import", ".0f"), Column("ms", ".1f"), Column("number", ",.0f"))

type Built = Mapping[str, tuple[float, int]]
"""Part of an import -> seconds, number."""
type Times = Mapping[str, tuple[float, float]]
"""Module -> its own milliseconds, and those with its imports."""


def import_tables(stack: ColdStack) -> list[Table]:
    """Import the function some times; return the dearest modules, and the parts of the import."""
    environment = stack.environment(FUNCTION, AS_BUILT)
    command = ["-X", "importtime", "-c", f"import {FUNCTION}.app"]
    times = medians([import_times(stack.run(command, environment).stderr) for _ in range(RUNS)])
    script = ["-P", cold_building.__file__, f"{FUNCTION}.app"]
    built: list[Built] = [json.loads(stack.run(script, environment).stdout) for _ in range(RUNS)]
    return [dearest_modules(times), parts(times, built)]


def dearest_modules(times: Times) -> Table:
    """Return the modules with the largest time of their own."""
    whole = sum(own for own, _ in times.values())
    dearest = sorted(times, key=lambda name: -times[name][0])[:SHOWN]
    rows = tuple((name, 100 * times[name][0] / whole, *times[name]) for name in dearest)
    return Table("modules", f"The dearest imports of {FUNCTION}, as built", COLUMNS, rows)


def parts(times: Times, built: Sequence[Built]) -> Table:
    """Return the share of each group of packages, and that of dataclasses and regular expressions in all of them."""
    whole = sum(own for own, _ in times.values())
    groups: dict[str, list[float]] = {"ours": [], "botocore": [], "Powertools": [], "Python": []}
    for name, (own, _) in times.items():
        groups[_group(name.partition(".")[0])].append(own)
    rows: list[tuple[Cell, ...]] = [
        (f"modules: {group}", 100 * sum(spent) / whole, sum(spent), len(spent)) for group, spent in groups.items()
    ]
    for part in (DATACLASSES, PATTERNS):
        share = statistics.median(100 * run[part][0] / run[WHOLE][0] for run in built)
        seconds = statistics.median(run[part][0] for run in built)
        rows.append((f"of all these: {part}", share, 1000 * seconds, built[0][part][1]))
    return Table("parts", f"The parts of the import of {FUNCTION}, as built", PART_COLUMNS, tuple(rows))


def _group(package: str) -> str:
    if package in OURS:
        return "ours"
    if package in BOTOCORE:
        return "botocore"
    return "Powertools" if package in POWERTOOLS else "Python"


def import_times(output: str) -> Times:
    """Read the output of `python -X importtime`."""
    return {name: (int(own) / 1000, int(whole) / 1000) for own, whole, _, name in LINE.findall(output)}


def medians(runs: Sequence[Times]) -> Times:
    """Return the median of each time over the runs."""
    return {
        name: (statistics.median(run[name][0] for run in runs), statistics.median(run[name][1] for run in runs))
        for name in runs[0]
    }
