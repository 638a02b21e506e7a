"""Read a message that SQS's ReceiveMessage returned."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aws_events.alarm_action import read_invocation
from aws_events.event_reading import read_event
from aws_events.loose_json import dict_of, load
from aws_events.record import Record, Source, UnknownEvent

MESSAGE_FIELDS = (
    "source",
    "message_id",
    "receipt_handle",
    "receive_count",
    "queued_at",
    "deduplication_id",
    "attributes",
)
"""The fields of a record that describe the SQS message, independent of its body."""


def read_received(message: Mapping[str, Any]) -> Record:
    """Return the record; a report of a failed direct invocation is replaced by the alert in it."""
    shaped = {
        "eventSource": "aws:sqs",
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {name: _as_lambda(one) for name, one in message.get("MessageAttributes", {}).items()},
    }
    [record] = read_event({"Records": [shaped]})
    if not isinstance(record, Record):  # SQS has no message without id and body
        raise record
    return _unwrapped(record)


def sent_at(message: Mapping[str, Any]) -> float:
    """Return SentTimestamp in seconds since the epoch; 0.0 if it was not requested."""
    sent: str = message.get("Attributes", {}).get("SentTimestamp", "")
    return int(sent) / 1000 if sent.isdecimal() else 0.0


def _unwrapped(record: Record) -> Record:
    """Return the alert of a failed direct invocation: Lambda queues {"requestContext", "requestPayload"}.

    SNS and alarms send one record per invocation; a report with another number of records is returned as it is.
    """
    try:
        report = dict_of(load(record.body))
        found = read_invocation(report.get("requestPayload"), request_id="") if "requestContext" in report else []
    except (ValueError, UnknownEvent):
        return record
    match found:
        case [Record() as alert] if alert.source is Source.ALARM or (alert.topic_arn and alert.message_id):
            ours = {name: getattr(record, name) for name in MESSAGE_FIELDS}
            return replace(alert, **ours)
    return record


def _as_lambda(attribute: Mapping[str, Any]) -> dict[str, str]:
    """Convert an attribute from ReceiveMessage's shape to the shape of a Lambda event."""
    if "BinaryValue" in attribute:
        value = {"binaryValue": base64.b64encode(attribute["BinaryValue"]).decode()}
    else:
        value = {"stringValue": attribute.get("StringValue", "")}
    return {"dataType": attribute["DataType"]} | value
