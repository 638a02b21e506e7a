"""The queue that a redrive works through: receive messages, make them visible again, delete them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from observability.aws_errors import AWS_ERRORS, error_code
from observability.telemetry import logger
from record_batch.overflow import Overflow
from record_batch.receiving import QueueUnreadable, receive_messages
from redrive.messages import Message, read_message
from retry_policies import Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceQueue:
    """A dead-letter queue or the parking queue; all lengths in seconds."""

    sqs: Any
    """boto3's SQS client; its read timeout is longer than a long poll."""
    url: str
    overflow: Overflow
    hidden: float
    """How long a received message is hidden: longer than the function runs."""
    grace: float
    """How long after the deadline messages may still be made visible."""

    def receive(self) -> list[Message]:
        """Return some messages; none if no more are visible. Raises QueueUnreadable or RowsUnavailable."""
        try:
            received = receive_messages(self.sqs, self.url, hidden=self.hidden)
        except AWS_ERRORS as error:
            raise QueueUnreadable(error_code(error)) from error
        is_fifo = self.url.endswith(".fifo")
        messages = [read_message(message, is_in_lane=is_fifo) for message in received]
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
