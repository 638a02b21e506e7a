"""The report of a redrive: the ends of its messages, and why it stopped."""

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum

from redrive.request import Request

SEEN_PER_LANE = 10
"""The most dead letters of one lane that a redrive receives if it deletes none: SQS holds back those behind them."""


class End(Enum):
    """The end of one message, or its expected end in a dry run."""

    MOVED = "moved"
    PROBE = "probes"
    """Sent to AlertsQueue alone, to test whether intake works."""
    EXPIRED = "expired"
    """Too old (record_batch.admission.EXPIRES_AFTER): parked."""
    WAITING = "waiting"
    """Left in its queue: intake has not finished a probe yet."""
    FILTERED = "filtered"
    """Not selected by the request, or not an alert: a request for an AWS call never goes to AlertsQueue."""
    FAILED = "failed"
    """A queue did not accept or did not delete the message."""


LEAVING = (End.MOVED, End.PROBE, End.EXPIRED)
"""With these ends a message leaves its queue."""


class Stopped(Enum):
    """The reason why a redrive ended."""

    DONE = "done"
    """No further message is visible."""
    LIMIT = "limit"
    TIME = "time"
    RUNNING = "running"
    """Another redrive is running: this one read no queue."""
    TROUBLE = "trouble"
    """A queue or the table could not be read; the log says which. Without the table nothing more is moved."""


@dataclass(slots=True)
class Report:
    """The number of messages per end, and why the redrive stopped."""

    ends: Counter[End] = field(default_factory=Counter)
    stopped: Stopped = Stopped.DONE

    def stop(self, reason: Stopped) -> None:
        """Record why the work on one queue ended; the first reason other than `done` stays."""
        if self.stopped is Stopped.DONE:
            self.stopped = reason

    @property
    def moved(self) -> int:
        """Return how many messages have left the queue, or would in a dry run."""
        return sum(self.ends[end] for end in LEAVING)

    def as_dict(self, request: Request) -> dict[str, str | int | bool]:
        """Return the report as JSON: every end, also those with 0 messages."""
        limits = {"seen_per_lane_at_most": SEEN_PER_LANE} if request.sees_lanes_in_part else {}
        return {
            "queue": request.source.value,
            "dry_run": request.is_dry_run,
            **{end.value: self.ends[end] for end in End},
            **limits,
            "stopped": self.stopped.value,
        }
