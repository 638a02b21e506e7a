"""The queue that a redrive works through: receive messages, show them again, delete them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from observability.aws_errors import AWS_ERRORS, error_code
from observability.telemetry import logger
from record_batch.overflow import Overflow
from redrive.messages import Message, read_message
from retry_policies import Deadline

PAGE = 10
SYSTEM_ATTRIBUTES = ["SentTimestamp", "ApproximateReceiveCount", "MessageGroupId", "MessageDeduplicationId"]
WAIT = 1
"""Seconds of a long poll, which asks all of SQS's servers."""


class QueueUnreadable(Exception):
    """SQS returned no messages; the message is the error's code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """The dead-letter or the parking queue; all lengths in seconds."""

    sqs: Any
    """boto3's SQS client, which waits for longer than WAIT."""
    url: str
    overflow: Overflow
    hidden: float
    """How long a received message is hidden: longer than the function runs."""
    grace: float
    """How long after the deadline messages may still be shown again."""

    def receive(self) -> list[Message]:
        """Return some messages; none if no more are visible. Raises QueueUnreadable or RowsUnavailable."""
        try:
            answer = self.sqs.receive_message(
                QueueUrl=self.url,
                MaxNumberOfMessages=PAGE,
                WaitTimeSeconds=WAIT,
                VisibilityTimeout=math.ceil(self.hidden),
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=SYSTEM_ATTRIBUTES,
            )
        except AWS_ERRORS as error:
            raise QueueUnreadable(error_code(error)) from error
        is_fifo = self.url.endswith(".fifo")
        messages = [read_message(message, is_in_lane=is_fifo) for message in answer.get("Messages", [])]
        return [replace(message, record=self.overflow.restore(message.record)) for message in messages]

    def delete(self, message: Message) -> None:
        """Delete the message; raises boto3's errors."""
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message.receipt_handle)

    def show(self, receipt_handles: Iterable[str], deadline: Deadline) -> None:
        """Make the messages visible again at once; if that fails, they are visible after `hidden`."""
        end = replace(deadline, at=deadline.at + self.grace)
        for handle in receipt_handles:
            if end.remaining() <= 0:
                return
            try:
                self.sqs.change_message_visibility(QueueUrl=self.url, ReceiptHandle=handle, VisibilityTimeout=0)
            except AWS_ERRORS as error:
                logger.warning("visibility not changed", extra={"error": error_code(error)})
