"""Read the records of a Lambda event: an SNS event, or an SQS event of SNS envelopes or raw bodies."""

import json
import re

from aws_events.loose_json import text_of
from aws_events.record import Attribute, Record, Source, UnknownEvent, UnreadableRecord
from aws_events.timestamps import datetime_of, is_timestamp

CONFIRMATIONS = frozenset({"SubscriptionConfirmation", "UnsubscribeConfirmation"})
REJECTED = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""Characters that SQS rejects and that JSON need not escape."""


def read_event(event: object) -> list[Record | UnreadableRecord]:
    """Return the records in order, unreadable ones as errors.

    Raise UnknownEvent for anything but a dict whose Records are a list from SNS or SQS.
    """
    records = event.get("Records") if isinstance(event, dict) else None
    if not isinstance(records, list):
        raise UnknownEvent("the event has no list of Records: only SNS and SQS events are understood")
    return [_read(record) for record in records]


def _read(record: object) -> Record | UnreadableRecord:
    if not isinstance(record, dict):
        return UnreadableRecord("", "is not an object")
    source = record.get("eventSource") or record.get("EventSource")
    if source == Source.SQS.value:
        return _read_sqs(record)
    if source == Source.SNS.value:
        return _read_sns(record)
    raise UnknownEvent("a record's event source is neither aws:sqs nor aws:sns")


def _read_sqs(record: dict[str, object]) -> Record | UnreadableRecord:
    message_id, body = text_of(record.get("messageId")), record.get("body")
    if not message_id:
        return UnreadableRecord("", "has no messageId")
    if not isinstance(body, str):
        return UnreadableRecord(message_id, "has no body of text")
    envelope = _envelope(body)
    attributes = record.get("attributes")
    attributes = attributes if isinstance(attributes, dict) else {}
    queue_arn = text_of(record.get("eventSourceARN"))
    count, sent = (text_of(attributes.get(name)) for name in ("ApproximateReceiveCount", "SentTimestamp"))
    queued_at = int(sent) / 1000 if sent.isdecimal() else None
    return Record(
        source=Source.SQS,
        message_id=message_id,
        text=body if envelope is None else text_of(envelope["Message"]),
        body=body,
        subject=text_of((envelope or {}).get("Subject")),
        topic_arn=text_of((envelope or {}).get("TopicArn")),
        sns_message_id=text_of((envelope or {}).get("MessageId")),
        queue_arn=queue_arn,
        is_confirmation=text_of((envelope or {}).get("Type")) in CONFIRMATIONS,
        receipt_handle=text_of(record.get("receiptHandle")),
        receive_count=int(count) if count.isdecimal() else 1,
        deduplication_id=text_of(attributes.get("MessageDeduplicationId")),
        lane=text_of(attributes.get("MessageGroupId")) if queue_arn.endswith(".fifo") else "",
        published_at=_earliest(_timestamp((envelope or {}).get("Timestamp")), queued_at),
        queued_at=queued_at,
        attributes=_attributes(record.get("messageAttributes")),
    )


def _read_sns(record: dict[str, object]) -> Record | UnreadableRecord:
    envelope = record.get("Sns")
    if not isinstance(envelope, dict) or not isinstance(envelope.get("Message"), str):
        return UnreadableRecord("", "has no Sns.Message of text")
    message_id = text_of(envelope.get("MessageId"))
    return Record(
        source=Source.SNS,
        message_id=message_id,
        text=text_of(envelope["Message"]),
        body=_as_body(envelope),
        subject=text_of(envelope.get("Subject")),
        topic_arn=text_of(envelope.get("TopicArn")),
        sns_message_id=message_id,
        published_at=_timestamp(envelope.get("Timestamp")),
        is_confirmation=text_of(envelope.get("Type")) in CONFIRMATIONS,
    )


def _as_body(envelope: dict[str, object]) -> str:
    """Return JSON with the fewest escapes, because those of a large text would take it over SQS's limit."""
    return REJECTED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(envelope, ensure_ascii=False))


def _attributes(value: object) -> dict[str, Attribute]:
    """Keep the text values; the list values are reserved and always empty."""
    pairs = value.items() if isinstance(value, dict) else ()
    return {
        name: {key: one for key, one in attribute.items() if isinstance(one, str)}
        for name, attribute in pairs
        if isinstance(name, str) and isinstance(attribute, dict)
    }


def _envelope(body: str) -> dict[str, object] | None:
    """Return the SNS envelope in a body; None for a raw body."""
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):
        return None
    is_envelope = (
        isinstance(envelope, dict)
        and isinstance(envelope.get("Message"), str)
        and isinstance(envelope.get("TopicArn"), str)
        and isinstance(envelope.get("MessageId"), str)
    )
    return envelope if is_envelope else None


def _earliest(*timestamps: float | None) -> float | None:
    """Return the earliest; an envelope's timestamp may be forged, a queue's is not."""
    return min(filter(is_timestamp, timestamps), default=None)


def _timestamp(value: object) -> float | None:
    """Convert 2026-01-31T12:00:00.000Z to seconds since the epoch."""
    found = datetime_of(value)
    return None if found is None else found.timestamp()
