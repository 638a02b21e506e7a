"""`make bench ONLY=post`: the CPU of a post and of a warm alert over TLS, with a kept TLS context and with a new one.

All take turns in one run against servers of this machine, which have processes of their own. The least of all rounds is
compared, because other processes can only add to it.
"""

import time
from collections.abc import Callable, Mapping
from functools import partial

from benchmarks.measuring import interleave
from benchmarks.output import discarded_output
from benchmarks.tables import Cell, Column, Goal, Table
from benchmarks.warm_alert import WarmAlert, warm_alert
from slack_alerts.models import SlackMessage

ROUNDS = 150
MESSAGE = SlackMessage("disk full", ({"type": "header", "text": {"type": "plain_text", "text": "disk full"}},))
POST, IN_MEMORY, IN_TABLE = "a post", "a warm alert, claims in memory", "a warm alert, claims in a table on loopback"
BOUNDS = {POST: 8.0, IN_MEMORY: 3.0, IN_TABLE: 3.0}
"""The least CPU with a new context, divided by the least CPU with a kept one."""
NEW, KEPT = "new", "kept"
COLUMNS = (
    Column("over TLS"),
    Column("a context per post, × kept", ".1f"),
    Column("a context per post, ms", ".1f"),
    Column("one context per process, ms", ".1f"),
)

type Acts = Mapping[str, Callable[[], object]]


def tables(rounds: int = ROUNDS) -> list[Table]:
    with discarded_output(), warm_alert() as alert:
        samples = interleave({name: partial(_milliseconds, act) for name, act in acts(alert).items()}, rounds)
    least = {name: min(values) for name, values in samples.items()}
    rows: list[tuple[Cell, ...]] = []
    goals: list[Goal] = []
    for what, bound in BOUNDS.items():
        new, kept = least[f"{what}, {NEW}"], least[f"{what}, {KEPT}"]
        rows.append((what, new / kept, new, kept))
        text = f"{what}, a context per post, × kept"
        goals.append(Goal(text, new / kept, bound, ".1f", is_least=True, is_required=True))
    title = "Least CPU with a TLS context per post, as before, and with one per process"
    return [Table("post", title, COLUMNS, tuple(rows), tuple(goals))]


def acts(alert: WarmAlert) -> Acts:
    in_memory = alert.in_memory()
    return {
        f"{POST}, {NEW}": partial(alert.renewing().steps.delivery.post, alert.webhook, MESSAGE, 5.0),
        f"{POST}, {KEPT}": partial(alert.slack.post, alert.webhook, MESSAGE, 5.0),
        f"{IN_MEMORY}, {NEW}": in_memory.renewing().handle,
        f"{IN_MEMORY}, {KEPT}": in_memory.handle,
        f"{IN_TABLE}, {NEW}": alert.renewing().handle,
        f"{IN_TABLE}, {KEPT}": alert.handle,
    }


def _milliseconds(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return 1000 * (time.process_time() - began)
