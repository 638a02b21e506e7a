"""The alerts in the parking queue, read without removing them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aws_events.message_attributes import raw_facts
from aws_events.received import read_received
from aws_events.record import Record
from notifications.parsing import parse
from observability.redaction import redact
from record_batch.overflow import Overflow
from shared_state.rows import RowsUnavailable
from slack_alerts.formatting.mrkdwn import clean, one_line

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import ChangeMessageVisibilityBatchRequestEntryTypeDef, MessageTypeDef

PAGE = 10
HIDDEN_FOR = 30
"""Seconds for which a message is hidden, so that none is read twice; at the end all are made visible."""
WAIT = 1
"""Seconds of a long poll, which asks all servers of SQS."""
TITLE_LIMIT = 120
WORD_LIMIT = 60
UNKNOWN = "unknown"
"""The reason of a message without our attribute, which another sender put there."""


@dataclass(frozen=True)
class Parked:
    """A parked alert; `what` is its title, the only part of its body."""

    what: str
    reason: str
    detail: str
    since: datetime
    receives: int
    """Receives of the queue from which it was parked."""
    hop: int
    """Its redrives from the parking queue, and its moves to the end of a lane."""
    sns_message_id: str


def read_all(sqs: "SQSClient", queue_url: str, overflow: Overflow, wait: int = WAIT) -> list[Parked]:
    """Return all visible messages, oldest first, and make them visible again."""
    received: dict[str, MessageTypeDef] = {}
    try:
        while page := _receive(sqs, queue_url, wait):
            new = [one for one in page if one["MessageId"] not in received]
            received |= {one["MessageId"]: one for one in page}  # only the newest receipt can make it visible
            if not new:
                break
    finally:
        _make_visible(sqs, queue_url, [*received.values()])
    return sorted((_read(one, overflow) for one in received.values()), key=lambda one: one.since)


def approximate_count(sqs: "SQSClient", queue_url: str) -> int:
    """Return the number of messages by SQS, hidden ones included."""
    attributes = sqs.get_queue_attributes(
        QueueUrl=queue_url, AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    )["Attributes"]
    return sum(map(int, attributes.values()))


def _receive(sqs: "SQSClient", queue_url: str, wait: int) -> "list[MessageTypeDef]":
    answer = sqs.receive_message(
        QueueUrl=queue_url,
        MaxNumberOfMessages=PAGE,
        VisibilityTimeout=HIDDEN_FOR,
        WaitTimeSeconds=wait,
        MessageAttributeNames=["All"],
        MessageSystemAttributeNames=["SentTimestamp"],
    )
    return answer.get("Messages", [])


def _make_visible(sqs: "SQSClient", queue_url: str, messages: "list[MessageTypeDef]") -> None:
    """Make messages visible at once; ignore those that are visible again already."""
    for start in range(0, len(messages), PAGE):
        entries: list[ChangeMessageVisibilityBatchRequestEntryTypeDef] = [
            {"Id": str(number), "ReceiptHandle": one["ReceiptHandle"], "VisibilityTimeout": 0}
            for number, one in enumerate(messages[start : start + PAGE])
        ]
        sqs.change_message_visibility_batch(QueueUrl=queue_url, Entries=entries)


def _read(message: "MessageTypeDef", overflow: Overflow) -> Parked:
    record, problem = read_received(message), ""
    try:
        record = overflow.restore(record)
    except RowsUnavailable as error:
        problem = f"its row cannot be read: {error}"
    facts = raw_facts(record)
    return Parked(
        what=_title(record),
        reason=_word(facts.get("reason")) or UNKNOWN,
        detail=_word(facts.get("detail")) or problem,
        since=datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC),
        receives=_number(facts.get("receives")),
        hop=_number(facts.get("hop")),
        sns_message_id=_word(facts.get("sns_message_id")),
    )


def _title(record: Record) -> str:
    """Return state and title as slack_alerts would show them."""
    notification = parse(record)
    return clean(redact(one_line(f"{notification.label} {notification.title}")), TITLE_LIMIT)


def _word(value: object) -> str:
    return clean(redact(one_line(value)), WORD_LIMIT) if isinstance(value, str) else ""


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
