"""The request for a redrive, and its report."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Self

NO_LIMIT = 1_000_000
SEEN_PER_LANE = 10
"""Dead letters of one lane that a redrive sees while it leaves them in the queue: SQS holds back the others."""


class Source(Enum):
    """The queues whose messages go back."""

    DEAD_LETTERS = "dead_letters"
    """LanesDeadLetterQueue to the end of each lane, AlertsDeadLetterQueue to AlertsQueue."""
    PARKING = "parking"
    """ParkingQueue to AlertsQueue."""


class End(Enum):
    """The end of one message, or its expected end in a dry run."""

    MOVED = "moved"
    PROBE = "probes"
    """Back to AlertsQueue as the only one, to learn whether intake works."""
    EXPIRED = "expired"
    """12 days old: parked."""
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
    """Another redrive is running: nothing was looked at."""
    TROUBLE = "trouble"
    """A queue or the table could not be read; the log says which. Without the table nothing more is moved."""


class RequestError(ValueError):
    """The event has an unknown field or an invalid value; the message names the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One redrive; a dry run unless the event says otherwise."""

    source: Source = Source.DEAD_LETTERS
    is_dry_run: bool = True
    reasons: frozenset[str] = frozenset()
    """Only messages parked for one of these reasons; empty: for any."""
    older_than: float = 0.0
    """Only messages parked at least so many seconds ago; dead letters published so long ago."""
    limit: int = NO_LIMIT
    """At most so many messages leave the queue."""

    @property
    def sees_lanes_in_part(self) -> bool:
        """Whether this request leaves dead letters in their queue, where they hide those behind them in their lane."""
        return self.source is Source.DEAD_LETTERS and (self.is_dry_run or self.older_than > 0)

    @classmethod
    def from_event(cls, event: object) -> Self:
        """{"queue", "dry_run", "reasons", "older_than", "limit"}, each optional. Raises RequestError."""
        if not isinstance(event, Mapping):
            raise RequestError("the event must be an object")
        if unknown := sorted(map(str, event.keys() - set(FIELDS))):
            raise RequestError(f"{unknown[0]}: is not a field; there are {', '.join(FIELDS)}")
        source = _source(event.get("queue", Source.DEAD_LETTERS.value))
        reasons = _reasons(event.get("reasons", []))
        if reasons and source is not Source.PARKING:
            raise RequestError("reasons: only parked alerts have a reason")
        return cls(
            source=source,
            is_dry_run=_flag(event.get("dry_run", True)),
            reasons=reasons,
            older_than=_number("older_than", event.get("older_than", 0)),
            limit=_number("limit", event.get("limit", NO_LIMIT)),
        )


FIELDS = ("queue", "dry_run", "reasons", "older_than", "limit")


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


def _source(value: object) -> Source:
    names = [one.value for one in Source]
    if value not in names:
        raise RequestError(f"queue: must be one of {', '.join(names)}")
    return Source(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise RequestError("dry_run: must be true or false")
    return value


def _reasons(value: object) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise RequestError("reasons: must be a list of parking reasons")
    return frozenset(value)


def _number(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**9:
        raise RequestError(f"{name}: must be a whole number from 0 on")
    return value
