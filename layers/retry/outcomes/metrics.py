"""What the dashboard and the alarms read: a metric for each record's end, and the seconds that delivery took.

Dimensions are the service and reasons of ours, never anything from a message.
"""

import time
from collections.abc import Iterable
from datetime import datetime

from aws_events.envelope import Record
from observability.telemetry import count, measure
from outcomes.outcome import LONGEST_WAIT, OUR_OWN, Delivered, Duplicate, Later, Move, Moved, Outcome, Park, Skipped
from retry_policies import RetryEvent
from retry_policies.deadline import Clock


def report_end(outcome: Outcome) -> None:
    """One more of this end; what waits for us and not for the destination counts apart."""
    match outcome:
        case Delivered():
            count("Delivered")
        case Duplicate():
            count("Duplicates")
        case Skipped(reason):
            count("Skipped", reason=reason.value)
        case Later(reason):
            count("Deferred", reason=reason.value)
        case Move() | Moved():
            count("Moved")
        case Park(reason):
            count("Parked", reason=reason.value)
    if isinstance(outcome, Later | Skipped) and outcome.reason in OUR_OWN:
        count("OwnFaults")


def report_oldest(returning: Iterable[Record], *, clock: Clock = time.time) -> None:
    """The age of the oldest alert that this batch could not deliver."""
    published = [record.published_at for record in returning if record.published_at is not None]
    if published:
        measure("OldestUndelivered", max(0.0, clock() - min(published)))


def report_latency(occurred_at: datetime | None, now: float) -> None:
    """From the alarm's own time to the answer of the destination."""
    if occurred_at is not None:
        measure("DeliveryLatency", max(0.0, now - occurred_at.timestamp()))


def report_pause(event: RetryEvent) -> None:
    """A hook of a policy: so long it sleeps before its next attempt."""
    measure("SecondsWaited", event.wait)


def report_asked(seconds: float | None) -> None:
    """The patience that a destination asked for and that did not fit into the invocation."""
    if seconds is not None:
        measure("SecondsAsked", min(max(0.0, seconds), LONGEST_WAIT))
