"""Messages of a queue of ours, as SQS's own API hands them out -> letters that can be sent on."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from aws_events.envelope import Record, read_event
from record_batch.carried import OURS, carried


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message taken from the dead-letter or the parking queue."""

    record: Record
    receipt_handle: str
    attributes: Mapping[str, Any]
    """As SendMessage takes them."""
    since: float
    """When it came into this queue, or was published: what SQS counts its age from. Seconds since the epoch."""

    @property
    def hop(self) -> int:
        return carried(self.record).hop

    @property
    def reason(self) -> str:
        """Why it was parked; "" for a dead letter."""
        return str(_ours(self.attributes).get("reason", ""))

    def sent_on(self, hop: int) -> dict[str, Any]:
        """Its attributes with the id of its first stay and this hop: what slack_alerts knows it by."""
        written = {"alert_id": carried(self.record).alert_id, "hop": hop}
        if "attributes" in (ours := _ours(self.attributes)):
            written["attributes"] = ours["attributes"]  # ten others had no room beside ours
        others = {name: one for name, one in self.attributes.items() if name != OURS}
        return others | {OURS: {"DataType": "String", "StringValue": json.dumps(written)}}


def read_letter(message: Mapping[str, Any]) -> Letter | None:
    """ReceiveMessage's message -> Letter; None for one without a readable body, which no code of ours has sent."""
    attributes = {name: _sendable(one) for name, one in message.get("MessageAttributes", {}).items()}
    shaped = {
        "eventSource": "aws:sqs",
        "messageId": message.get("MessageId"),
        "body": message.get("Body"),
        "messageAttributes": {
            name: {"dataType": one["DataType"], "stringValue": one["StringValue"]}
            for name, one in attributes.items()
            if "StringValue" in one
        },
    }
    [record] = read_event({"Records": [shaped]})
    if not isinstance(record, Record):
        return None
    sent = message.get("Attributes", {}).get("SentTimestamp", "")
    return Letter(
        record=_unwrapped(record),
        receipt_handle=str(message.get("ReceiptHandle", "")),
        attributes=attributes,
        since=int(sent) / 1000 if str(sent).isdecimal() else 0.0,
    )


def _unwrapped(record: Record) -> Record:
    """What Lambda put there after a direct invocation had failed is its report, with the SNS event inside."""
    for envelope in _failed_request(record.body):
        [inner] = read_event({"Records": [{"eventSource": "aws:sqs", "messageId": "-", "body": json.dumps(envelope)}]})
        if isinstance(inner, Record) and inner.sns_message_id:
            return replace(inner, message_id=record.message_id, attributes=record.attributes)
    return record


def _failed_request(body: str) -> Iterator[Mapping[str, object]]:
    """The SNS envelopes in {"requestContext", "requestPayload": {"Records": [{"Sns": …}]}, …}."""
    try:
        report = json.loads(body)
    except (ValueError, RecursionError):
        return
    request = report.get("requestPayload") if isinstance(report, dict) and "requestContext" in report else None
    records = request.get("Records") if isinstance(request, dict) else None
    for record in records if isinstance(records, list) else ():
        if isinstance(record, dict) and isinstance(record.get("Sns"), dict):
            yield record["Sns"]


def _sendable(attribute: Mapping[str, Any]) -> dict[str, Any]:
    return {key: attribute[key] for key in ("DataType", "StringValue", "BinaryValue") if key in attribute}


def _ours(attributes: Mapping[str, Any]) -> dict[str, Any]:
    try:
        written = json.loads(attributes.get(OURS, {}).get("StringValue", "{}"))
    except (ValueError, RecursionError):
        return {}
    return written if isinstance(written, dict) else {}
