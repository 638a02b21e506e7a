"""`make bench ONLY=cold`: the CPU of cold starts from the built artifacts, in boto3 with two clients (the boto3 line).

Each start is a process of its own, with the deployed function's environment, a local AWS and a Slack over TLS. A round
starts each of them once. The ratios are those of the same round.
"""

import statistics
from collections.abc import Mapping, Sequence

from benchmarks.cold_imports import import_tables
from benchmarks.cold_process import NOTIFIER, TWO_CLIENTS
from benchmarks.cold_stack import FUNCTIONS, cold_stack
from benchmarks.cold_variants import AS_BUILT, SOURCE
from benchmarks.measuring import spread
from benchmarks.package import package
from benchmarks.tables import Cell, Column, Goal, Table

ROUNDS = 9
STAGES = ("imported", "wired", "handled")
BARE = ""
NAMES = {BARE: "bare Python", TWO_CLIENTS: "boto3 and two clients", NOTIFIER: "a notifier with urllib and boto3"}
STARTS = (
    *((subject, AS_BUILT) for subject in NAMES),
    *((function, variant) for variant in (AS_BUILT, SOURCE) for function in FUNCTIONS),
)
COLUMNS = (
    Column("start"),
    Column("artifacts"),
    Column("import, × line", ".2f"),
    Column("with clients, × line", ".2f"),
    Column("with first event, × line", ".2f"),
    Column("import, ms", ".0f"),
    Column("with clients, ms", ".0f"),
    Column("with first event, ms", ".0f"),
    Column("modules", ",.0f"),
)

type Start = tuple[str, str]
"""Subject and variant."""
type Rounds = Sequence[Mapping[Start, Mapping[str, float]]]
"""Of each round: start -> CPU seconds after each stage."""


def tables(rounds: int = ROUNDS) -> list[Table]:
    with cold_stack() as stack:
        measured = [
            {(subject, variant): stack.start(subject, variant) for subject, variant in STARTS} for _ in range(rounds)
        ]
        return [starts(measured), *import_tables(stack), package(stack, measured[0])]


def starts(rounds: Rounds) -> Table:
    rows = tuple(_row(rounds, start) for start in STARTS)
    title = "CPU of a cold start, in boto3 with two clients"
    return Table("cold", title, COLUMNS, rows, goals(rounds))


def goals(rounds: Rounds) -> tuple[Goal, ...]:
    def goal(function: str, stage: str, bound: float, text: str) -> Goal:
        return Goal(f"{function}, {text}", statistics.median(_ratios(rounds, (function, AS_BUILT), stage)), bound)

    return (
        goal("slack_alerts", "imported", 0.75, "import"),
        goal("slack_alerts", "wired", 0.95, "with clients"),
        goal("slack_alerts", "handled", 1.05, "with the first alarm"),
        goal("intake", "handled", 0.6, "with the first record"),
        goal("slack_alerts", "imported", 0.6, "import (stretch)"),
    )


def _row(rounds: Rounds, start: Start) -> tuple[Cell, ...]:
    subject, variant = start
    known = [stage if stage in rounds[0][start] else "" for stage in STAGES]
    if subject == BARE:
        known[0] = "started"
    ratios: list[Cell] = [spread(_ratios(rounds, start, stage)) if stage else "–" for stage in known]
    medians: list[Cell] = [_milliseconds(rounds, start, stage) if stage else "–" for stage in known]
    modules = rounds[0][start]["modules"]
    return (NAMES.get(subject, subject), "–" if subject in NAMES else variant, *ratios, *medians, modules)


def _ratios(rounds: Rounds, start: Start, stage: str) -> list[float]:
    """Compare the CPU until the end of a stage with the boto3 line."""
    return [one[start][stage] / one[TWO_CLIENTS, AS_BUILT]["wired"] for one in rounds]


def _milliseconds(rounds: Rounds, start: Start, stage: str) -> float:
    return 1000 * statistics.median(one[start][stage] for one in rounds)
