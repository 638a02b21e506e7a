"""What stands in the parking queue, seen without taking it away."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aws_events.envelope import Record, read_event
from aws_events.message_attributes import ATTRIBUTE
from notifications.parsing import parse
from observability.redaction import redact
from slack_alerts.formatting.mrkdwn import clean, one_line

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import ChangeMessageVisibilityBatchRequestEntryTypeDef, MessageTypeDef

PAGE = 10
HIDDEN_FOR = 30
"""Seconds that a look hides a message: long enough that none is seen twice, and it is given back at the end."""
WAIT = 1
"""Seconds that SQS waits for a message: so it asks all of its servers."""
TITLE_LIMIT = 120
WORD_LIMIT = 60
UNKNOWN = "unknown"
"""Why of what bears none of our attributes: somebody else put it there."""


@dataclass(frozen=True)
class Parked:
    """One parked alert; of its body the title alone."""

    what: str
    reason: str
    detail: str
    since: datetime
    receives: int
    """Receives of the queue from which it was parked."""
    hop: int
    """Its redrives from the parking queue, and its moves to the end of a lane."""
    sns_message_id: str


def look(sqs: "SQSClient", queue_url: str, wait: int = WAIT) -> list[Parked]:
    """Everything that can be seen, oldest first; each message is given back."""
    seen: dict[str, MessageTypeDef] = {}
    try:
        while page := _receive(sqs, queue_url, wait):
            new = [one for one in page if one["MessageId"] not in seen]
            seen |= {one["MessageId"]: one for one in page}  # the newest receipt is the one that gives it back
            if not new:
                break
    finally:
        _give_back(sqs, queue_url, [*seen.values()])
    return sorted(map(_read, seen.values()), key=lambda one: one.since)


def approximate_count(sqs: "SQSClient", queue_url: str) -> int:
    """How many SQS says there are, those that somebody is looking at included."""
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
        MessageAttributeNames=[ATTRIBUTE],
        MessageSystemAttributeNames=["SentTimestamp"],
    )
    return answer.get("Messages", [])


def _give_back(sqs: "SQSClient", queue_url: str, messages: "list[MessageTypeDef]") -> None:
    """Show them again at once; one that SQS has shown again by itself is not there to be given back."""
    for start in range(0, len(messages), PAGE):
        entries: list[ChangeMessageVisibilityBatchRequestEntryTypeDef] = [
            {"Id": str(number), "ReceiptHandle": one["ReceiptHandle"], "VisibilityTimeout": 0}
            for number, one in enumerate(messages[start : start + PAGE])
        ]
        sqs.change_message_visibility_batch(QueueUrl=queue_url, Entries=entries)


def _read(message: "MessageTypeDef") -> Parked:
    facts = _facts(message)
    return Parked(
        what=_title(message),
        reason=_word(facts.get("reason")) or UNKNOWN,
        detail=_word(facts.get("detail")),
        since=datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC),
        receives=_number(facts.get("receives")),
        hop=_number(facts.get("hop")),
        sns_message_id=_word(facts.get("sns_message_id")),
    )


def _facts(message: "MessageTypeDef") -> Mapping[str, object]:
    """What the function wrote beside the body."""
    ours = message.get("MessageAttributes", {}).get(ATTRIBUTE)
    try:
        facts = json.loads(ours["StringValue"] if ours and "StringValue" in ours else "{}")
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _title(message: "MessageTypeDef") -> str:
    """The state and the title that the function would give it."""
    record = {"eventSource": "aws:sqs", "messageId": message["MessageId"], "body": message["Body"]}
    (read,) = read_event({"Records": [record]})
    if not isinstance(read, Record):
        return UNKNOWN
    notification = parse(read)
    return clean(redact(one_line(f"{notification.label} {notification.title}")), TITLE_LIMIT)


def _word(value: object) -> str:
    return clean(redact(one_line(value)), WORD_LIMIT) if isinstance(value, str) else ""


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
