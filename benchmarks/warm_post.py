"""The CPU of one post over TLS."""

import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from benchmarks.loops import connect, context, post
from benchmarks.measuring import interleave, ratios
from benchmarks.tables import Column, Goal, Table
from slack_alerts.models import SlackMessage, Webhook
from slack_alerts.slack.http import SlackHttp

ROUNDS = 60
RAW, OURS = "http.client, new connection, kept TLS context", "slack_alerts"
BOUND = 2.0
TEXT = "disk full"
COLUMNS = (Column("a post over TLS"), Column("CPU, × http.client", ".2f"), Column("CPU, ms", ".2f"))


def post_table(webhook: str, ca_file: Path, rounds: int = ROUNDS) -> Table:
    tls, slack = context(ca_file), SlackHttp(ca_file=str(ca_file))
    kept = connect(webhook, tls)
    acts: Mapping[str, Callable[[], object]] = {
        RAW: lambda: post(connect(webhook, tls), webhook, TEXT),
        "http.client, kept connection": lambda: post(kept, webhook, TEXT),
        "http.client, new TLS context": lambda: post(connect(webhook, context(ca_file)), webhook, TEXT),
        OURS: lambda: slack.post(Webhook(webhook), SlackMessage(TEXT), 5.0),
    }
    samples = interleave({name: partial(_milliseconds, act) for name, act in acts.items()}, rounds)
    relative = ratios(samples, RAW)
    rows = tuple((name, relative[name], statistics.median(values)) for name, values in samples.items())
    goal = Goal(f"{OURS}, × {RAW}", relative[OURS].median, BOUND)
    return Table("warm-post", "One post over TLS", COLUMNS, rows, (goal,))


def _milliseconds(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return 1000 * (time.process_time() - began)
