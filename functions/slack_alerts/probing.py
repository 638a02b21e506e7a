"""Choose the alert that a lane in doubt posts, so that no alert fills a channel with copies."""

from collections.abc import Sequence

from record_batch.rows import Row

SPENT = 5
"""Failed tries after which an alert is posted seldom while its lane is in doubt."""
SPENT_PAUSE = 5400.0
"""Seconds between two posts of such an alert: 8 in twelve hours."""


def find_probe(rows: Sequence[Row | None], now: float) -> int | None:
    """Return the position of the alert with the fewest failed tries, the oldest of several; None if all are spent."""
    failures = {number: row.failures if row is not None else 0 for number, row in enumerate(rows)}
    ready = [number for number in failures if not _is_spent(rows[number], now)]
    return min(ready, key=failures.__getitem__, default=None)


def _is_spent(row: Row | None, now: float) -> bool:
    return row is not None and row.failures >= SPENT and now < row.until + SPENT_PAUSE
