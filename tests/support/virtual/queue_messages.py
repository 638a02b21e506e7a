"""Messages in a queue, and messages as a receive returns them."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.virtual.clocks import EPOCH

type Attributes = Mapping[str, Mapping[str, Any]]
"""The form of SendMessage: {"name": {"DataType": "String", "StringValue": "…"}}."""


@dataclass(slots=True, eq=False)
class Message:
    """A message in a queue; two share an id if SQS delivers one twice."""

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
    """The only valid place of the message in the heap of its queue."""
    group: str = ""
    """The message group in a FIFO queue; empty in a standard queue."""
    deduplication_id: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    message_id: str
    receipt_handle: str
    body: str
    attributes: Attributes
    system_attributes: dict[str, str]

    @classmethod
    def of(cls, message: Message) -> "Received":
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
        """Return the record that Lambda passes to a function."""
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
