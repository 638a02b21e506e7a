"""Metrics for the dashboard and the alarms: a counter for each outcome, and seconds of latency and waiting.

The dimensions are the service and our own reasons, never text from a message.
"""

import time
from collections.abc import Iterable
from datetime import datetime

from aws_events.message_attributes import read_facts
from aws_events.record import Record
from observability.telemetry import count, measure
from outcomes.outcome import (
    LONGEST_WAIT,
    Delivered,
    Duplicate,
    Later,
    LaterReason,
    Move,
    Moved,
    Outcome,
    Park,
    Skipped,
    SkipReason,
)
from retry_policies import RetryEvent
from retry_policies.deadline import Clock

OUR_OWN = frozenset(
    {
        LaterReason.TLS,
        LaterReason.DENIED,
        LaterReason.RULES_UNAVAILABLE,
        LaterReason.CLAIMS_UNAVAILABLE,
        LaterReason.SECRET_UNAVAILABLE,
        LaterReason.SECRET_MISSING,
        LaterReason.SECRET_EXPIRED,
        LaterReason.NOT_SENT,
        LaterReason.PARKING_FAILED,
        LaterReason.UNEXPECTED,
        SkipReason.SELF_TEST_FAILED,
    }
)
"""Ends caused by our own configuration, permissions or code: waiting does not help."""


def report_end(outcome: Outcome) -> None:
    """Count the outcome, and a fault of our own as such."""
    match outcome:
        case Delivered():
            count("Delivered")
        case Duplicate():
            count("Duplicates")
        case Skipped(reason):
            count("Skipped", reason=reason.value)
        case Later(reason):
            count("Later", reason=reason.value)
        case Move() | Moved():
            count("Moved")
        case Park(reason):
            count("Parked", reason=reason.value)
    if isinstance(outcome, Later | Skipped) and outcome.reason in OUR_OWN:
        count("OwnFaults")


def report_oldest(returning: Iterable[Record], *, clock: Clock = time.time) -> None:
    """Measure the age of the oldest alert that this batch did not deliver; after a mute or a redrive it counts anew."""
    since = [
        max(record.published_at, read_facts(record).renewed_at or 0.0)
        for record in returning
        if record.published_at is not None
    ]
    if since:
        measure("OldestUndelivered", max(0.0, clock() - min(since)))


def report_latency(occurred_at: datetime | None, now: float) -> None:
    """Measure the time from the event to the answer of the destination, with the time of a mute."""
    if occurred_at is not None:
        measure("DeliveryLatency", max(0.0, now - occurred_at.timestamp()))


def report_pause(event: RetryEvent) -> None:
    """Measure the pause before the next attempt; an `on_retry` hook."""
    measure("SecondsWaited", event.wait)


def report_retry_after(seconds: float | None) -> None:
    """Measure a Retry-After that did not fit into the invocation."""
    if seconds is not None:
        measure("SecondsAsked", min(max(0.0, seconds), LONGEST_WAIT))
