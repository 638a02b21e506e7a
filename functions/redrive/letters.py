"""Messages of a queue of ours, as SQS's own API hands them out -> letters that can be sent on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aws_events.envelope import Record
from aws_events.received import read_received, sent_at
from record_batch.carried import SqsAttribute, carried, handed_on, written


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message taken from the dead-letter or the parking queue."""

    record: Record
    since: float
    """When it was parked; of a dead letter, when it was published. Seconds since the epoch."""

    @property
    def receipt_handle(self) -> str:
        return self.record.receipt_handle

    @property
    def hop(self) -> int:
        return carried(self.record).hop

    @property
    def reason(self) -> str:
        """Why it was parked; "" for a dead letter."""
        return str(written(self.record).get("reason", ""))

    @property
    def parked_from(self) -> str:
        """ARN of the queue from which it was parked; "" where it came from none, or nobody wrote it down."""
        return str(written(self.record).get("queue", ""))

    def sent_on(self, hop: int) -> dict[str, SqsAttribute]:
        """Its attributes with the id of its first stay and this hop: what slack_alerts knows it by."""
        return handed_on(self.record, hop=hop)


def read_letter(message: Mapping[str, Any]) -> Letter:
    """ReceiveMessage's message -> Letter."""
    return Letter(record=read_received(message), since=sent_at(message))
