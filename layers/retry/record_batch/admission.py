"""What is let in: only what came by the queue and the topics this stack listens to, and has something to deliver."""

from collections.abc import Iterable
from dataclasses import dataclass

from aws_events.envelope import Record
from record_batch.outcome import Outcome, Park, ParkReason, Skipped, SkipReason


@dataclass(frozen=True, slots=True)
class Admission:
    """The queue and the topics of this stack, by ARN."""

    queue_arn: str
    topic_arns: frozenset[str]

    def admit(self, records: Iterable[Record]) -> tuple[list[Record], list[tuple[Record, Outcome]]]:
        """(records to work on, the others with their outcome)."""
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
        if record.topic_arn and record.topic_arn not in self.topic_arns:
            return Park(ParkReason.UNEXPECTED_SOURCE, "topic")
        if record.is_confirmation:
            return Skipped(SkipReason.SUBSCRIPTION)
        return None
