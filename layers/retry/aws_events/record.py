"""A record: a message without the SNS envelope around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Source(Enum):
    """The service that delivered the record."""

    SNS = "aws:sns"
    SQS = "aws:sqs"
    ALARM = "aws.cloudwatch"
    """The Lambda action of an alarm."""


type Attribute = Mapping[str, str]
"""A message attribute as Lambda writes it: {"dataType": "String", "stringValue": "…"}; a binary value is in base64."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One element of event["Records"], without its SNS envelope."""

    source: Source
    message_id: str
    """The SQS id, for the batch response; the SNS id of an SNS event; the invocation's id of an alarm's action."""
    text: str
    """The SNS Message, else the whole body."""
    body: str
    """The unchanged body of the record."""
    subject: str = ""
    topic_arn: str = ""
    alarm_arn: str = ""
    """The alarm that invoked the function; "" for another source."""
    queue_arn: str = ""
    sns_message_id: str = ""
    """Constant across SNS's retries, SQS redeliveries and redrives; empty for a raw body."""
    is_confirmation: bool = False
    """Whether it is SNS's own message about a subscription, which is never followed."""
    receipt_handle: str = ""
    receive_count: int = 1
    lane: str = ""
    """The message group of a FIFO queue; "" for a standard queue."""
    deduplication_id: str = ""
    """Set for a message of a FIFO queue only."""
    published_at: float | None = None
    """The instant at which SNS or its queue accepted it, whichever was earlier, in seconds since the epoch; None if
    unknown."""
    queued_at: float | None = None
    """The instant at which its queue accepted it, in seconds since the epoch."""
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    """The SQS message's own attributes."""


class UnknownEvent(Exception):
    """The event comes from an unknown source: the function has a wrong trigger and must fail."""


class UnreadableRecord(Exception):
    """One record cannot be read; `message_id` is "" if it has none."""

    def __init__(self, message_id: str, problem: str) -> None:
        super().__init__(f"record {message_id or '(no messageId)'}: {problem}")
        self.message_id = message_id
