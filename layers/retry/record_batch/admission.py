"""Admit records that came from this stack's queue, topics and alarms, are not too old and hold an alert."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from aws_events.message_attributes import read_facts
from aws_events.record import Record, Source
from aws_events.s3_test_event import is_s3_test_event
from aws_events.stack_event import is_resource_progress
from outcomes.outcome import Outcome, Park, ParkReason, Skipped, SkipReason
from retry_policies.deadline import Clock

EXPIRES_AFTER = 12 * 86_400.0
"""Seconds since publication. SQS deletes a message after 14 days, so operations have two days to act."""
EXPIRED = Park(ParkReason.EXPIRED, f"{EXPIRES_AFTER / 86_400:.0f} days old")


@dataclass(frozen=True, slots=True)
class Admission:
    """The queue and the topics of this stack, by ARN."""

    queue_arn: str
    topic_arns: frozenset[str] | None
    """None admits every topic."""
    alarm_arns: str = ""
    """Pattern of the alarms that may invoke the function directly; "" admits none."""
    expires: bool = True
    """Whether to park a record that is EXPIRES_AFTER old; requests for AWS calls have their own expiry."""
    clock: Clock = time.time

    def admit(self, records: Iterable[Record]) -> tuple[list[Record], list[tuple[Record, Outcome]]]:
        """Return (admitted records, the others with their outcome)."""
        admitted: list[Record] = []
        others: list[tuple[Record, Outcome]] = []
        for record in records:
            outcome = self._judge(record)
            if outcome is None:
                admitted.append(record)
            else:
                others.append((record, outcome))
        return admitted, others

    def _judge(self, record: Record) -> Outcome | None:
        if record.queue_arn and record.queue_arn != self.queue_arn:
            return Park(ParkReason.UNEXPECTED_SOURCE, "queue")
        if record.topic_arn and self.topic_arns is not None and record.topic_arn not in self.topic_arns:
            return Park(ParkReason.UNEXPECTED_SOURCE, "topic")
        if record.source is Source.ALARM and not (self.alarm_arns and fnmatchcase(record.alarm_arn, self.alarm_arns)):
            return Park(ParkReason.UNEXPECTED_SOURCE, "alarm")
        if self.expires and is_expired(record, self.clock()):
            return EXPIRED
        reason = reason_to_skip(record)
        return None if reason is None else Skipped(reason)


def reason_to_skip(record: Record) -> SkipReason | None:
    """Return why the record holds nothing to deliver; None for an alert."""
    if record.is_confirmation:
        return SkipReason.SUBSCRIPTION
    if is_s3_test_event(record.text):
        return SkipReason.TEST_EVENT
    if is_resource_progress(record.text):
        return SkipReason.STACK_RESOURCE
    return None


def is_expired(record: Record, now: float) -> bool:
    """Return whether the record is EXPIRES_AFTER old, counted from the latest of publication, redrive and mute."""
    facts = read_facts(record)
    since = max(facts.sent_at or 0.0, facts.renewed_at or 0.0)
    return 0.0 < since <= now - EXPIRES_AFTER
