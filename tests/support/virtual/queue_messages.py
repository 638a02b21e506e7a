"""What stands in a queue, and what a receive hands out."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.virtual.clocks import EPOCH

type Attributes = Mapping[str, Mapping[str, Any]]
"""As SendMessage takes them: {"name": {"DataType": "String", "StringValue": "…"}}."""


@dataclass(slots=True, eq=False)
class Message:
    """As the queue sees it; two may share an id where SQS delivers one twice."""

    serial: int
    message_id: str
    body: str
    attributes: Attributes
    sent: float
    visible_at: float
    receives: int = 0
    first_received: float = 0.0
    received: float = 0.0
    handle: str = ""
    place: int = field(default=-1)
    """Which of its places in the queue's order counts."""
    group: str = ""
    """The message group in a FIFO queue; empty in a standard queue."""
    deduplication_id: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it was handed out once."""

    message_id: str
    receipt_handle: str
    body: str
    attributes: Attributes
    system_attributes: dict[str, str]

    @classmethod
    def of(cls, message: Message) -> "Received":
        """As it stands now."""
        system = {
            "ApproximateReceiveCount": str(message.receives),
            "SentTimestamp": _milliseconds(message.sent),
            "SenderId": "AIDAEXAMPLE",
            "ApproximateFirstReceiveTimestamp": _milliseconds(message.first_received),
        }
        if message.group:
            system |= {
                "MessageGroupId": message.group,
                "MessageDeduplicationId": message.deduplication_id,
                "SequenceNumber": f"{message.serial:020}",
            }
        return cls(message.message_id, message.handle, message.body, message.attributes, system)

    def record(self, queue_arn: str) -> dict[str, Any]:
        """As Lambda passes it to a function."""
        return {
            "messageId": self.message_id,
            "receiptHandle": self.receipt_handle,
            "body": self.body,
            "attributes": self.system_attributes,
            "messageAttributes": {name: _lambda(one) for name, one in self.attributes.items()},
            "md5OfBody": "00000000000000000000000000000000",
            "eventSource": "aws:sqs",
            "eventSourceARN": queue_arn,
            "awsRegion": queue_arn.split(":")[3],
        }


def _lambda(attribute: Mapping[str, Any]) -> dict[str, Any]:
    value: dict[str, Any] = {"stringListValues": [], "binaryListValues": [], "dataType": attribute["DataType"]}
    if "BinaryValue" in attribute:
        return {"binaryValue": base64.b64encode(attribute["BinaryValue"]).decode(), **value}
    return {"stringValue": attribute["StringValue"], **value}


def _milliseconds(instant: float) -> str:
    return str(round((EPOCH + instant) * 1000))
