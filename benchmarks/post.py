"""`make bench ONLY=post`: the CPU of a post and of a warm alert over TLS, with a kept TLS context and with a new one.

Both take turns in one run against a server of this machine with a certificate of a test CA beside certifi's bundle.
Exits 1 if a post with the kept context takes more than an eighth of the CPU.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import certifi
from rich.console import Console
from rich.table import Table

from slack_alerts.models import SlackMessage, Webhook
from slack_alerts.slack.connecting import tls_context
from slack_alerts.slack.http import SlackHttp
from tests.support.fault_server.server import FaultServer

ROUNDS = 40
MESSAGE = SlackMessage("disk full", ({"type": "header", "text": {"type": "plain_text", "text": "disk full"}},))
LEAST_RATIO = 8.0


def cpu(act: Callable[[], object]) -> float:
    """Return the CPU time of this thread in ms."""
    started_at = time.thread_time()
    act()
    return 1000 * (time.thread_time() - started_at)


def main() -> int:
    with FaultServer("good") as server, tempfile.NamedTemporaryFile() as bundle:
        trusted = Path(certifi.where()).read_bytes() + Path(server.ca_file).read_bytes()
        Path(bundle.name).write_bytes(trusted)
        slack = SlackHttp(ca_file=bundle.name)
        webhook = Webhook(server.url("/ok", host="localhost"))
        kept, new = [], []
        for _ in range(ROUNDS):
            kept.append(cpu(lambda: slack.post(webhook, MESSAGE, 5.0)))
            tls_context.cache_clear()
            new.append(cpu(lambda: slack.post(webhook, MESSAGE, 5.0)))
    return show({"a context per post, as before": new, "one context per process": kept})


def show(times: dict[str, list[float]]) -> int:
    table = Table("a post over TLS", "CPU ms, median", "least", "most")
    for name, taken in times.items():
        table.add_row(name, *(f"{value:.1f}" for value in (statistics.median(taken), min(taken), max(taken))))
    Console().print(table)
    before, after = map(statistics.median, times.values())
    print(f"ratio {before / after:.1f}; the bound is {LEAST_RATIO:.0f}")  # noqa: T201 - a command
    return 0 if before / after >= LEAST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
