"""The queue that a redrive works through: letters are taken, shown again, let go."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from record_batch.aws_errors import AWS_ERRORS, error_code
from record_batch.telemetry import logger
from redrive.letters import Letter, read_letter
from retry_policies import Deadline

PAGE = 10
WAIT = 1
"""Seconds that SQS waits for a message: so it asks all of its servers."""


class QueueUnreadable(Exception):  # noqa: N818 - the name says what it is
    """SQS did not hand anything out; the message is its error's code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """The dead-letter or the parking queue; all lengths in seconds."""

    sqs: Any
    """boto3's SQS client, which waits for longer than WAIT."""
    url: str
    hidden: float
    """So long a letter is hidden while a redrive holds it: longer than the function runs."""
    grace: float
    """So long after the deadline letters may still be shown again."""

    def receive(self) -> list[Letter]:
        """Some letters; none where there is nothing more to be seen. Raises QueueUnreadable."""
        try:
            answer = self.sqs.receive_message(
                QueueUrl=self.url,
                MaxNumberOfMessages=PAGE,
                WaitTimeSeconds=WAIT,
                VisibilityTimeout=math.ceil(self.hidden),
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["SentTimestamp", "ApproximateReceiveCount"],
            )
        except AWS_ERRORS as error:
            raise QueueUnreadable(error_code(error)) from error
        return [read_letter(message) for message in answer.get("Messages", [])]

    def delete(self, letter: Letter) -> None:
        """Let it go; raises what boto3 raises."""
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=letter.receipt_handle)

    def show(self, receipt_handles: Iterable[str], deadline: Deadline) -> None:
        """Visible again at once; where that fails or takes too long, they are so by themselves after `hidden`."""
        end = replace(deadline, at=deadline.at + self.grace)
        for handle in receipt_handles:
            if end.remaining() <= 0:
                return
            try:
                self.sqs.change_message_visibility(QueueUrl=self.url, ReceiptHandle=handle, VisibilityTimeout=0)
            except AWS_ERRORS as error:
                logger.warning("visibility not changed", extra={"error": error_code(error)})
                return
