"""`make bench ONLY=faulty`: storms to a faulty Slack in virtual time, ours beside notifiers as people write them.

The limit is the least that a sender of digests can do: one request for each digest and for each failed post, one
request a pause while Slack is down, one post a second. For a seed it is that of the posts that failed there.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import product

from benchmarks.faults import FAULTS
from benchmarks.faulty_slack import OURS, Ends, play
from benchmarks.measuring import spread
from benchmarks.notifiers import NOTIFIERS
from benchmarks.tables import Cell, Column, Goal, Table
from tests.support.virtual.silence import silence

PROCESSES = 2
SIZES = (1_000, 10_000)
SEEDS = 10
"""Seeds of the storms of the first size."""
LIMIT = "the limit"
REQUESTS_BOUND = 1.1
LAST_BOUND = 1.5

type Case = tuple[str, int, int, int]
"""Notifier, number of the fault, alerts, seed."""
type Found = Mapping[Case, Ends]

COLUMNS = (
    Column("Slack"),
    Column("sender"),
    Column("lost, %", ".1f"),
    Column("requests, × limit", ",.2f"),
    Column("delivered", ",d"),
    Column("lost", ",d"),
    Column("duplicates", ",d"),
    Column("requests", ",.0f"),
    Column("billed, s", ",.0f"),
    Column("last, s", ",.0f"),
)
SEED_COLUMNS = (
    Column("Slack"),
    Column("most lost", ",d"),
    Column("requests, × limit", ".2f"),
    Column("last, × limit", ".2f"),
    Column("seeds beyond 1.5 × the limit", "d"),
)


def tables(sizes: Sequence[int] = SIZES, seeds: int = SEEDS) -> list[Table]:
    numbers = range(len(FAULTS))
    cases = [
        *product((OURS, *NOTIFIERS), numbers, sizes, (0,)),
        *product((OURS,), numbers, sizes[:1], range(1, seeds)),
    ]
    longest_first = sorted(cases, key=lambda case: -case[2])
    with ProcessPoolExecutor(PROCESSES) as pool:
        found = dict(zip(longest_first, pool.map(_play, longest_first), strict=True))
    return [*(_of_size(found, alerts) for alerts in sizes), _of_seeds(found, sizes[0], seeds)]


def _play(case: Case) -> Ends:
    notifier, fault, alerts, seed = case
    with silence():
        return play(notifier, FAULTS[fault], alerts, seed)


def _of_size(found: Found, alerts: int) -> Table:
    rows: list[tuple[Cell, ...]] = []
    goals: list[Goal] = []
    for number, fault in enumerate(FAULTS):
        least = fault.least_requests(alerts)
        ends = {notifier: found[notifier, number, alerts, 0] for notifier in (OURS, *NOTIFIERS)}
        rows += [_row(fault.name, notifier, one, alerts, least) for notifier, one in ends.items()]
        rows.append((fault.name, LIMIT, 0.0, 1.0, alerts, 0, 0, least, "–", fault.least_posts(alerts)))
        lowest = min(one.billed for one in ends.values() if not one.lost)
        text = f"{fault.name}: billed seconds of ours, in the lowest of all that lose nothing"
        goals.append(Goal(text, ends[OURS].billed / lowest, 1.0))
    title = f"{alerts:,} alerts at once to a faulty Slack, in virtual time"
    return Table(f"faulty-{alerts}", title, COLUMNS, tuple(rows), tuple(goals))


def _row(fault: str, notifier: str, ends: Ends, alerts: int, least: float) -> tuple[Cell, ...]:
    last: Cell = ends.last if ends.delivered else "–"
    counts = (ends.delivered, ends.lost, ends.duplicates, ends.requests)
    return (fault, notifier, 100 * ends.lost / alerts, ends.requests / least, *counts, ends.billed, last)


def _of_seeds(found: Found, alerts: int, seeds: int) -> Table:
    rows: list[tuple[Cell, ...]] = []
    goals: list[Goal] = []
    for number, fault in enumerate(FAULTS):
        ends = [found[OURS, number, alerts, seed] for seed in range(seeds)]
        lost = max(one.lost for one in ends)
        requests = [one.requests / fault.least_requests(alerts, one.succeeded) for one in ends]
        last = [one.last / fault.least_posts(alerts, one.succeeded) for one in ends]
        rows.append((fault.name, lost, spread(requests), spread(last), sum(one > LAST_BOUND for one in last)))
        goals += [
            Goal(f"{fault.name}: lost, worst seed", lost, 0, "d", is_required=True),
            Goal(f"{fault.name}: requests, × limit, worst seed", max(requests), REQUESTS_BOUND),
            Goal(f"{fault.name}: last delivery, × limit, worst seed", max(last), LAST_BOUND),
        ]
    title = f"{OURS} over {seeds} seeds, {alerts:,} alerts"
    return Table("faulty-seeds", title, SEED_COLUMNS, tuple(rows), tuple(goals))
