"""The facts of a delivery: attempts, waits, latency, lane, and the notes that the message carries."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from demo.books import Books
from demo.ledger import Alert
from demo.slack.memory import Request

DOUBT, LATE = "possible duplicate", "delayed by "
SHOWN = 12
"""Alerts of a digest that are listed."""


@dataclass(frozen=True)
class Facts:
    """The line below a message, and the rows that it opens."""

    summary: str
    marks: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]


def facts_of(request: Request, books: Books) -> Facts:
    """Return the facts of an accepted request."""
    alerts = books.shown_in(request)
    tries = {alert.id: [one for one in books.requests(alert) if one.number <= request.number] for alert in alerts}
    marks = tuple(name for name, words in (("possible duplicate", DOUBT), ("delayed", LATE)) if words in request.body)
    if len(alerts) == 1:
        return _of_one(request, alerts[0], tries[alerts[0].id], marks)
    rows = [("Lane", request.webhook), ("Alerts", f"{len(alerts)} in one message")]
    rows += [(alert.label, _latency(request, alert)) for alert in alerts[:SHOWN]]
    rows += [("and", f"{len(alerts) - SHOWN} more")] if len(alerts) > SHOWN else []
    summary = f"Digest of {len(alerts)} alerts" if alerts else "Not published by this stack"
    return Facts(summary, marks, tuple(rows))


def _of_one(request: Request, alert: Alert, tries: Sequence[Request], marks: tuple[str, ...]) -> Facts:
    latency, attempts = _latency(request, alert), max(1, len(tries))
    waits = [
        f"{one.status or 'no'} {one.answer}{_patience(one)}, posted again {later.time - one.time:.1f} s later"
        for one, later in pairwise(tries)
    ]
    rows = (
        ("Attempts", str(attempts)),
        ("Waits", "; ".join(waits) or "none"),
        ("Latency", f"{latency} from publication to the post"),
        ("Lane", request.webhook),
        ("SNS id", alert.id),
    )
    return Facts(f"{latency} · {attempts} attempt{'' if attempts == 1 else 's'}", marks, rows)


def _latency(request: Request, alert: Alert) -> str:
    return f"{max(0.0, request.time - alert.published_at):.1f} s" if alert.published_at else "unknown"


def _patience(one: Request) -> str:
    return f" (Retry-After {one.retry_after} s)" if one.retry_after is not None else ""
