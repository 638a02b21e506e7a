"""`make bench ONLY=warm`: alarms a second through the warm handlers, beside loops that only post.

Batches of ten, one post for each alarm except in digests. A loop of requests.Session keeps its connection; ours opens
one for each post, because a kept one may have died in a frozen Lambda. The loopback server is a process of its own.
"""

import statistics
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import certifi

from benchmarks.loopback_server import loopback_server
from benchmarks.measuring import spread
from benchmarks.output import discarded_output
from benchmarks.tables import Cell, Column, Goal, Table
from benchmarks.warm_cases import (
    MEMORY,
    OURS,
    SESSION,
    Case,
    Cost,
    Rounds,
    measure,
    quick_cases,
    slow_cases,
)
from benchmarks.warm_post import post_table
from benchmarks.warm_stack import BATCH, warm_environment

ROUNDS = 15
SLOW_ROUNDS = 5
SLOW = 0.1
"""Seconds of the slow server's answer."""
SESSION_BOUND = 0.7
SLOW_BOUND = 6.0
COLUMNS = (
    Column("sender"),
    Column("Slack"),
    Column("destinations"),
    Column("claims"),
    Column("alarms a second, × Session loop", ".2f"),
    Column("alarms a second", ",.0f"),
    Column("CPU, ms an alarm", ".2f"),
)


def tables(rounds: int = ROUNDS, slow_rounds: int = SLOW_ROUNDS) -> list[Table]:
    with ExitStack() as stack:
        ca_file = Path(stack.enter_context(TemporaryDirectory())) / "ca.pem"
        quick = stack.enter_context(loopback_server())
        secure = stack.enter_context(loopback_server(0.0, ca_file))
        ca_file.write_bytes(Path(certifi.where()).read_bytes() + ca_file.read_bytes())  # as many as in Lambda
        slow = stack.enter_context(loopback_server(SLOW))
        stack.enter_context(discarded_output())
        found: dict[Case, list[Cost]] = {}
        for webhook, cases, number in (
            (quick, quick_cases(quick, "HTTP, 0 ms", None), rounds),
            (secure, quick_cases(secure, "TLS, 0 ms", ca_file), rounds),
            (slow, slow_cases(slow, f"HTTP, {SLOW * 1000:.0f} ms"), slow_rounds),
        ):
            with warm_environment(webhook):
                found |= measure(cases, number)
        return [warm_table(found), post_table(secure, ca_file)]


def warm_table(found: Rounds) -> Table:
    relative = {case: _rates(found, case) for case in found}
    rows: list[tuple[Cell, ...]] = []
    for case, costs in found.items():
        walls = statistics.median(one.wall for one in costs)
        cpu = 1000 * statistics.median(one.cpu for one in costs) / BATCH
        shown = spread(relative[case])
        rows.append((case.sender, case.slack, str(case.destinations), case.claims, shown, BATCH / walls, cpu))
    medians = {case: statistics.median(values) for case, values in relative.items()}
    quick, slow = (next(case.slack for case in found if one in case.slack) for one in (" 0 ms", " 100 ms"))
    goals = (
        Goal(
            f"{OURS}, claims in memory, {quick}, × Session loop",
            medians[Case(OURS, quick, 1, MEMORY)],
            SESSION_BOUND,
            is_least=True,
        ),
        Goal(
            f"{OURS}, ten destinations, {slow}, × Session loop",
            medians[Case(OURS, slow, BATCH, MEMORY)],
            SLOW_BOUND,
            is_least=True,
        ),
    )
    return Table("warm", "Warm batches of ten alarms", COLUMNS, tuple(rows), goals)


def _rates(found: Rounds, case: Case) -> list[float]:
    """Compare the alarms a second with those of the Session loop in the same round."""
    return [base.wall / one.wall for one, base in zip(found[case], found[Case(SESSION, case.slack)], strict=True)]
