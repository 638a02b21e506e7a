"""Messages of the dead-letter and parking queues, as ReceiveMessage returns them -> letters that can be sent on."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from aws_events.envelope import Record, UnknownEvent, read_event
from aws_events.loose_json import dict_of, load
from record_batch.carried import SqsAttribute, carried, handed_on, written


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message taken from the dead-letter or the parking queue."""

    record: Record
    since: float
    """When it was parked; of a dead letter, when it was published. Seconds since the epoch."""
    lane: str = ""
    """The lane it died in; "" outside the lanes."""

    @property
    def receipt_handle(self) -> str:
        return self.record.receipt_handle

    @property
    def reason(self) -> str:
        """Return why it was parked; "" for a dead letter."""
        return str(written(self.record).get("reason", ""))

    @property
    def parked_from(self) -> str:
        """Return the ARN of the queue from which it was parked; "" if it is unknown."""
        return str(written(self.record).get("queue", ""))

    def attributes(self, **facts: object) -> dict[str, SqsAttribute]:
        """Return its attributes with the facts it carries, and these."""
        return handed_on(self.record, **facts)


def read_letter(message: Mapping[str, Any], *, is_in_lane: bool = False) -> Letter:
    """ReceiveMessage's message -> Letter; the group of a standard queue's message is its publisher's, not a lane."""
    system: Mapping[str, str] = message.get("Attributes", {})
    shaped = {
        "eventSource": "aws:sqs",
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": system,
        "messageAttributes": {name: _as_lambda(one) for name, one in message.get("MessageAttributes", {}).items()},
    }
    [record] = read_event({"Records": [shaped]})
    if not isinstance(record, Record):  # SQS has no message without id and body
        raise record
    sent = system.get("SentTimestamp", "")
    unwrapped, lane = _unwrapped(record), system.get("MessageGroupId", "") if is_in_lane else ""
    sent_at = int(sent) / 1000 if sent.isdecimal() else 0.0
    return Letter(record=unwrapped, since=carried(unwrapped).sent_at or sent_at if lane else sent_at, lane=lane)


def _unwrapped(record: Record) -> Record:
    """What Lambda put there after a direct invocation had failed is its report: {"requestContext", "requestPayload"}.

    The one SNS record in its requestPayload is the alert. Were there more (SNS sends one), the report goes as it is.
    """
    try:
        report = dict_of(load(record.body))
        found = read_event(report.get("requestPayload")) if "requestContext" in report else []
    except (ValueError, UnknownEvent):
        return record
    match found:
        case [Record(topic_arn=topic, message_id=message_id) as alert] if topic and message_id:
            ours = {name: getattr(record, name) for name in OF_THE_MESSAGE}
            return replace(alert, **ours)
    return record


OF_THE_MESSAGE = ("source", "message_id", "receipt_handle", "receive_count", "attributes")
"""What a record has of the SQS message, whatever stands in its body."""


def _as_lambda(attribute: Mapping[str, Any]) -> dict[str, str]:
    """An attribute as ReceiveMessage gives it -> as Lambda writes it."""
    if "BinaryValue" in attribute:
        value = {"binaryValue": base64.b64encode(attribute["BinaryValue"]).decode()}
    else:
        value = {"stringValue": attribute.get("StringValue", "")}
    return {"dataType": attribute["DataType"]} | value
