"""Messages of the dead-letter and parking queues: from ReceiveMessage, and as they are sent on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aws_events.message_attributes import Attributes, raw_facts, read_facts, with_facts
from aws_events.received import read_received, sent_at
from aws_events.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message taken from the dead-letter or the parking queue."""

    record: Record
    since: float
    """The time of its parking, or the publication of a dead letter, in seconds since the epoch."""
    lane: str = ""
    """The lane it died in; "" outside the lanes."""

    @property
    def receipt_handle(self) -> str:
        return self.record.receipt_handle

    @property
    def reason(self) -> str:
        """Return why it was parked; "" for a dead letter."""
        return str(raw_facts(self.record).get("reason", ""))

    @property
    def parked_from(self) -> str:
        """Return the ARN of the queue from which it was parked; "" if it is unknown."""
        return str(raw_facts(self.record).get("queue", ""))

    def attributes(self, **facts: object) -> Attributes:
        """Return the record's own attributes, and its facts with these in our attribute."""
        return with_facts(self.record, **facts)


def read_message(message: Mapping[str, Any], *, is_in_lane: bool = False) -> Message:
    """Parse a message of ReceiveMessage; a group of a standard queue is not a lane."""
    record, lane = read_received(message), message.get("Attributes", {}).get("MessageGroupId", "") if is_in_lane else ""
    # A FIFO dead-letter queue resets SentTimestamp when a message moves there.
    published = read_facts(record).sent_at if lane else None
    return Message(record=record, since=published or sent_at(message), lane=lane)
