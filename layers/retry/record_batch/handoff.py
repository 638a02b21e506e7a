"""A record that is for later goes back to its queue, hidden for as long as it should wait."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from botocore.exceptions import BotoCoreError, ClientError

from aws_events.envelope import Record
from record_batch.outcome import Later
from record_batch.telemetry import logger
from retry_policies.backoff import Uniform, backoff_window
from retry_policies.deadline import Deadline

LONGEST_ASKED = 3600.0
"""Seconds of a Retry-After that are taken at their word."""


class Queue(Protocol):
    """The part of the SQS client that is called here."""

    def change_message_visibility(self, *, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> object: ...  # noqa: N803


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """Back to the queue; all lengths in seconds."""

    queue: Queue
    queue_url: str
    first_delay: float
    delay_cap: float
    time_for_call: float
    """No call starts with less than this before the function's end."""
    uniform: Uniform = random.uniform

    def delay(self, receive_count: int, asked: float) -> float:
        """max(asked, min(cap, first * 2^(n - 1))) * U(1, 1.25) for receive n: asked is a lower bound."""
        own = backoff_window(receive_count, initial=self.first_delay, multiplier=2.0, cap=self.delay_cap)
        return max(min(asked, LONGEST_ASKED), own) * self.uniform(1.0, 1.25)

    def hide(self, returning: Sequence[tuple[Record, Later]], end: Deadline) -> None:
        """Hide each record for its delay; where that fails, the queue's own visibility timeout applies."""
        for record, later in returning:
            if end.remaining() < self.time_for_call:
                logger.warning("visibility not changed", extra={"record": record.message_id, "error": "no time"})
                continue
            try:
                self.queue.change_message_visibility(
                    QueueUrl=self.queue_url,
                    ReceiptHandle=record.receipt_handle,
                    VisibilityTimeout=math.ceil(self.delay(record.receive_count, later.after)),
                )
            except ClientError as error:
                problem = error.response["Error"]["Code"]
                logger.warning("visibility not changed", extra={"record": record.message_id, "error": problem})
            except BotoCoreError as error:
                problem = type(error).__name__
                logger.warning("visibility not changed", extra={"record": record.message_id, "error": problem})
