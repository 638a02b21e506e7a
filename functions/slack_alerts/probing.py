"""Choose the alert that a lane in doubt posts, so that no alert fills a channel with copies."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_events.envelope import Record
from record_batch.rows import Row

SPENT = 5
"""Failed tries after which an alert is posted seldom while its lane is in doubt."""
SHORTEST_PAUSE, LONGEST_PAUSE = 900.0, 10_800.0
"""Seconds between two posts of such an alert: as long as it has failed, so twelve hours see seven of them."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record and the row of its alert."""

    record: Record
    row: Row | None

    @property
    def failures(self) -> int:
        return 0 if self.row is None else self.row.failures

    @property
    def is_spent(self) -> bool:
        return self.failures >= SPENT

    @property
    def has_turned(self) -> bool:
        """Whether it was sent to the end of its lane after its last try."""
        return self.row is not None and (self.record.queued_at or 0.0) >= self.row.until

    def wait(self, now: float) -> float:
        """Return the seconds until the last try is long enough ago; 0.0 if it is."""
        if self.row is None:
            return 0.0
        pause = min(max(self.row.until - self.row.failing_since, SHORTEST_PAUSE), LONGEST_PAUSE)
        return max(0.0, self.row.until + 0.9 * pause - now)  # SQS and the clocks may differ a little


def find_fresh(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the alert with the fewest failed tries, the oldest of several; None if all are spent."""
    return min((one for one in candidates if not one.is_spent), key=lambda one: one.failures, default=None)


def find_spent(candidates: Sequence[Candidate], now: float) -> Candidate | None:
    """Return the spent alert with the fewest failed tries; None if each was posted a short while ago."""
    return min((one for one in candidates if not one.wait(now)), key=lambda one: one.failures, default=None)
