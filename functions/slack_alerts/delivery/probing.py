"""Post one alert of a lane in doubt, chosen so that no alert fills a channel with copies."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_events.record import Record
from outcomes.outcome import Later, LaterReason
from record_batch.lane_step import Outcomes
from shared_state.claims import UNANSWERED_LIMIT
from shared_state.rows import Row
from slack_alerts.delivery.alert_post import post_alert
from slack_alerts.delivery.batch_delivery import FULL_BATCH, BatchDelivery
from slack_alerts.delivery.claimed_alert import ClaimedAlert
from slack_alerts.delivery.undelivered import may_not_repeat, move_to_end, park_unanswered

SPENT = UNANSWERED_LIMIT - 1
"""Failed tries after which an alert of a lane in doubt is spent. It is tried only if all others are spent."""
SHORTEST_PAUSE, LONGEST_PAUSE = 900.0, 10_800.0
"""Bounds of the pause after a spent alert, in seconds. Between them it is as long as the alert has been failing."""
LONGEST_LANE_PAUSE = 900.0
"""Longest pause, in seconds, of a lane whose alerts are all spent: a new alert must not wait for longer.

Equal to the template's DoubtPauseCap in the standard pace, which is the cap while an alert is not spent.
"""


def probe(batch: BatchDelivery, records: Sequence[Record]) -> Outcomes[Sequence[Record]]:
    """Post one alert alone, in one attempt, to learn whether the destination answers again; return the others."""
    candidates = [Candidate(record, batch.row(record)) for record in records]
    chosen = find_fresh(candidates)
    if chosen is None and len(records) >= FULL_BATCH and not any(one.was_moved for one in candidates):
        yield from move_to_end(batch, records)  # alerts with fewer failures may wait behind them
        return ()
    if chosen is None:
        chosen = find_spent(candidates)
        if (wait := pause_left(candidates, batch.services.clock())) > 0.0:
            yield records[0], Later(LaterReason.UNANSWERED, min(wait, LONGEST_LANE_PAUSE))
            return ()
    record = chosen.record
    one = batch.claim(record)
    if not isinstance(one, ClaimedAlert):
        yield record, one
    elif may_not_repeat(batch, one):
        yield record, park_unanswered(batch, one)
    else:
        yield record, post_alert(batch, one, is_probe=True)
    return [other for other in records if other is not record]


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
    def last_try(self) -> float:
        """The end of its last try, or of a lapsed lease; 0.0 if it was never tried."""
        return 0.0 if self.row is None else self.row.until

    @property
    def was_moved(self) -> bool:
        """Whether it was sent to the end of its lane after its last try."""
        return self.row is not None and (self.record.queued_at or 0.0) >= self.row.until

    @property
    def ready_at(self) -> float:
        """The end of the pause after its last try: until then no spent alert of the lane is posted."""
        if self.row is None:
            return 0.0
        pause = min(max(self.row.until - self.row.failing_since, SHORTEST_PAUSE), LONGEST_PAUSE)
        return self.row.until + pause


def find_fresh(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the alert with the fewest failed tries, the oldest of several; None if all are spent."""
    return min((one for one in candidates if not one.is_spent), key=lambda one: one.failures, default=None)


def find_spent(candidates: Sequence[Candidate]) -> Candidate:
    """Return the spent alert that was tried longest ago: one that is never answered must not block the others."""
    return min(candidates, key=lambda one: one.last_try)


def pause_left(candidates: Sequence[Candidate], now: float) -> float:
    """Return the seconds until a spent alert may be posted. A try in the future is that of a clock that was wrong."""
    return max((one.ready_at for one in candidates if one.last_try <= now), default=now) - now
