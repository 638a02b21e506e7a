"""make outages: play storms, outages of Slack and faults of our own in virtual time; fail if a bound does not hold.

The tables are written into docs/guarantees.md; each run gives the same. `--json` prints one object a row instead.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict

from benchmarks.markdown import markdown, replace_table
from benchmarks.scenario import DAY, HOUR, MINUTE, Result
from benchmarks.storms import SCENARIOS
from tests.support.virtual.silence import silence

PROCESSES = 2
COLUMNS = {
    "storm": ("alerts", "retry_after", "other_channel_max_s", "last_s", "billed_s", "requests", "refused"),
    "slack": ("outage_s", "delivered", "parked", "dead_peak", "copies", "requests", "billed_s", "last_s"),
    "ours": ("alerts", "outage_s", "delivered", "parked", "dead_peak", "copies", "last_s", "first_alarm_s"),
}
STORM_ENDS = {(1_000, 1.0): 2.5 * MINUTE, (10_000, 1.0): 22 * MINUTE, (10_000, 30.0): 45 * MINUTE}
"""Seconds to the last delivery, by alerts and Retry-After."""
STORM_BILLED = {(10_000, 1.0): 1_500.0}
OTHER_WAITS = {50_000: 30.0}
"""The longest wait of an alert to another channel in seconds, by alerts of the storm; 10 for other storms."""
DOUBTFUL = {"silence", "posts and silence", "posts and 500"}
MOST_COPIES = {"posts and silence": 13, "posts and 500": 13}
REDRIVE = 15 * MINUTE
ALARM_WITHIN = HOUR


def broken_bounds(result: Result) -> Iterable[str]:
    """Yield a sentence for each bound that does not hold."""
    where = f"{result.name}, {result.alerts:,} alerts, {result.outage_s:.0f} s"
    if result.lost or result.delivered + result.parked < result.alerts:
        yield f"{where}: {result.lost} lost, {result.delivered} delivered, {result.parked} parked"
    kind = result.name.partition(":")[2].strip()
    if result.name.startswith("storm"):
        yield from _storm_bounds(result, where)
    elif result.name.startswith("Slack"):
        yield from _outage_bounds(result, kind, where)
    else:
        if result.parked:
            yield f"{where}: {result.parked} parked"
        if result.first_alarm_s > ALARM_WITHIN:
            yield f"{where}: first alarm after {result.first_alarm_s:.0f} s"
    if result.copies > MOST_COPIES.get(kind, 1):
        yield f"{where}: {result.copies} copies of one alert"


def _storm_bounds(result: Result, where: str) -> Iterable[str]:
    key = (result.alerts, result.retry_after)
    if result.parked or result.dead_peak:
        yield f"{where}: {result.parked} parked, {result.dead_peak} dead letters"
    if result.last_s > STORM_ENDS.get(key, float("inf")):
        yield f"{where}: last delivery after {result.last_s:.0f} s"
    if result.billed_s > STORM_BILLED.get(key, float("inf")):
        yield f"{where}: {result.billed_s:.0f} s billed"
    if result.requests > 1.1 * result.posts:
        yield f"{where}: {result.requests} requests for {result.posts} posts"
    if result.other_channel_max_s > OTHER_WAITS.get(result.alerts, 10.0):
        yield f"{where}: the other channel waited {result.other_channel_max_s:.0f} s"


def _outage_bounds(result: Result, kind: str, where: str) -> Iterable[str]:
    if result.parked and not kind.endswith("silence"):
        yield f"{where}: {result.parked} parked"
    allowed = 20 * MINUTE if kind in DOUBTFUL else 10 * MINUTE
    if result.dead_peak:
        allowed += REDRIVE
    if result.last_s > allowed:
        yield f"{where}: last delivery {result.last_s:.0f} s after the recovery"
    if result.dead_peak and result.outage_s < DAY / 2:
        yield f"{where}: {result.dead_peak} dead letters"


def play(number: int) -> Result:
    with silence():
        return SCENARIOS[number].play()


def results(numbers: Sequence[int] = range(len(SCENARIOS))) -> list[Result]:
    """Play these scenarios."""
    with ProcessPoolExecutor(PROCESSES) as pool:
        return list(pool.map(play, numbers))


def tables(found: Iterable[Result]) -> list[str]:
    """Return the three tables of docs/guarantees.md."""
    rows: dict[str, list[list[str]]] = {kind: [] for kind in COLUMNS}
    for result in found:
        kind = result.name.partition(":")[0].partition(",")[0].casefold()
        rows[kind].append([result.name, *(f"{getattr(result, name):,}" for name in COLUMNS[kind])])
    return [markdown((kind, *COLUMNS[kind]), rows[kind]) for kind in COLUMNS]


def main(arguments: Sequence[str]) -> int:
    found = results()
    if "--json" in arguments:
        for result in found:
            print(json.dumps(asdict(result)))  # noqa: T201 - this is a command
    else:
        for shown in tables(found):
            print(f"{shown}\n")  # noqa: T201 - this is a command
            replace_table(shown)
    broken = [sentence for result in found for sentence in broken_bounds(result)]
    for sentence in broken or ["every bound holds"]:
        print(sentence, file=sys.stderr)  # noqa: T201 - this is a command
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
