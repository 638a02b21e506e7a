"""What Lambda passes to a handler -> its records: an SNS event, an SQS event of SNS envelopes, or of raw bodies."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from aws_events.loose_json import text_of
from aws_events.moments import is_moment, moment_of


class Source(Enum):
    """Where the event source mapping or the subscription took the record from."""

    SNS = "aws:sns"
    SQS = "aws:sqs"


CONFIRMATIONS = frozenset({"SubscriptionConfirmation", "UnsubscribeConfirmation"})

type Attribute = Mapping[str, str]
"""{"dataType": "String", "stringValue": "…"}, as Lambda writes it; a binary value is in base64."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One element of event["Records"], its SNS envelope taken off where there is one."""

    source: Source
    message_id: str
    """The SQS id, which the batch response names; the SNS id for an SNS event."""
    text: str
    """The SNS Message, else the whole body."""
    body: str
    """What stood in the record, verbatim."""
    subject: str = ""
    topic_arn: str = ""
    queue_arn: str = ""
    sns_message_id: str = ""
    """The same across SNS's own retries, SQS redeliveries and redrives; empty for a raw body."""
    is_confirmation: bool = False
    """One of SNS's own messages about a subscription: nothing in it is followed."""
    receipt_handle: str = ""
    receive_count: int = 1
    lane: str = ""
    """The message group of a FIFO queue; "" for a standard queue."""
    deduplication_id: str = ""
    """Set for a message of a FIFO queue only."""
    published_at: float | None = None
    """Seconds since the epoch: when SNS took it, but never later than the queue did; None where neither says."""
    queued_at: float | None = None
    """The instant at which its queue accepted it, in seconds since the epoch."""
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    """The SQS message's own attributes, as they came: parking hands them on."""


class UnknownEvent(Exception):
    """Neither SNS nor SQS sent this: the function is wired to something it cannot read, so it must fail."""


class UnreadableRecord(Exception):
    """One record cannot be read; `message_id` tells the batch response which, "" where even that is missing."""

    def __init__(self, message_id: str, problem: str) -> None:
        super().__init__(f"record {message_id or '(no messageId)'}: {problem}")
        self.message_id = message_id


def read_event(event: object) -> list[Record | UnreadableRecord]:
    """An event -> its records in their order, unreadable ones as the error that says why.

    Raises UnknownEvent for anything but a dict whose Records are a list of one known source.
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
        published_at=_earliest(_moment((envelope or {}).get("Timestamp")), queued_at),
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
        body=json.dumps(envelope),
        subject=text_of(envelope.get("Subject")),
        topic_arn=text_of(envelope.get("TopicArn")),
        sns_message_id=message_id,
        published_at=_moment(envelope.get("Timestamp")),
        is_confirmation=text_of(envelope.get("Type")) in CONFIRMATIONS,
    )


def _attributes(value: object) -> dict[str, Attribute]:
    """What is a mapping of text is kept; lists, which SQS reserves and never fills, are not."""
    pairs = value.items() if isinstance(value, dict) else ()
    return {
        name: {key: one for key, one in attribute.items() if isinstance(one, str)}
        for name, attribute in pairs
        if isinstance(name, str) and isinstance(attribute, dict)
    }


def _envelope(body: str) -> dict[str, object] | None:
    """The SNS envelope in a body, or None for a raw one."""
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


def _earliest(*moments: float | None) -> float | None:
    """An envelope says what its sender wrote; the queue, what it saw itself."""
    return min(filter(is_moment, moments), default=None)


def _moment(value: object) -> float | None:
    """2026-01-31T12:00:00.000Z -> seconds since the epoch."""
    moment = moment_of(value)
    return None if moment is None else moment.timestamp()
