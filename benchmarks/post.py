"""`make bench ONLY=post`: the CPU of a post and of a warm alert over TLS, with a kept TLS context and with a new one.

All take turns in one run against servers of this machine. The least of all rounds is compared, because other processes
can only add to it. Exits 1 if a post with the kept context takes more than an eighth of the CPU, or an alert more than
a third.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.warm_alert import WarmAlert, warm_alert
from slack_alerts.models import SlackMessage

ROUNDS = 150
MESSAGE = SlackMessage("disk full", ({"type": "header", "text": {"type": "plain_text", "text": "disk full"}},))
POST, IN_MEMORY, IN_TABLE = "a post", "a warm alert, claims in memory", "a warm alert, claims in a table on loopback"
BOUNDS = {POST: 8.0, IN_MEMORY: 3.0, IN_TABLE: 3.0}
NEW, KEPT = "a TLS context per post, as before", "one TLS context per process"

type Acts = Mapping[tuple[str, str], Callable[[], object]]
"""(what, which TLS context) -> the act."""


def main() -> int:
    with discarded_output(), warm_alert() as alert:
        times = measure(acts(alert))
    return show(times)


def acts(alert: WarmAlert) -> Acts:
    post = partial(alert.slack.post, alert.webhook, MESSAGE, 5.0)
    in_memory = alert.in_memory()
    return {
        (POST, NEW): partial(alert.renewing().steps.delivery.post, alert.webhook, MESSAGE, 5.0),
        (POST, KEPT): post,
        (IN_MEMORY, NEW): in_memory.renewing().handle,
        (IN_MEMORY, KEPT): in_memory.handle,
        (IN_TABLE, NEW): alert.renewing().handle,
        (IN_TABLE, KEPT): alert.handle,
    }


def measure(acts: Acts) -> dict[tuple[str, str], list[float]]:
    """Return the CPU of each act in ms, round after round."""
    times: dict[tuple[str, str], list[float]] = {key: [] for key in acts}
    for _ in range(ROUNDS):
        for key, act in acts.items():
            started_at = time.process_time()
            act()
            times[key].append(1000 * (time.process_time() - started_at))
    return times


def show(times: Mapping[tuple[str, str], Sequence[float]]) -> int:
    table = Table("CPU over TLS, ms, least (median)", NEW, KEPT, "ratio", "bound")
    is_good = True
    for what, bound in BOUNDS.items():
        before, after = times[what, NEW], times[what, KEPT]
        ratio = min(before) / min(after)
        is_good &= ratio >= bound
        shown = (f"{min(taken):.1f} ({statistics.median(taken):.1f})" for taken in (before, after))
        table.add_row(what, *shown, f"{ratio:.1f}", f"{bound:.0f}")
    Console().print(table)
    return 0 if is_good else 1


@contextmanager
def discarded_output() -> Iterator[None]:
    """Discard standard output, which has the function's log: writing it is measured, showing it is not."""
    sys.stdout.flush()
    kept = os.dup(1)
    with Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


if __name__ == "__main__":
    sys.exit(main())
