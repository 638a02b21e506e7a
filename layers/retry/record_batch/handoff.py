"""A record that is for later goes back to its queue, hidden for as long as it should wait."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any, NotRequired, Protocol, TypedDict

from botocore.exceptions import BotoCoreError, ClientError

from aws_events.envelope import Record
from record_batch.outcome import Later
from record_batch.telemetry import logger
from retry_policies.backoff import Uniform, backoff_window

LONGEST_ASKED = 3600.0
"""Seconds of a Retry-After that are taken at their word."""
SQS_ENTRIES = 10
"""SQS takes at most ten entries in one batch call."""


class Entry(TypedDict):
    """What ChangeMessageVisibilityBatch takes for one message."""

    Id: str
    ReceiptHandle: str
    VisibilityTimeout: NotRequired[int]


class Queue(Protocol):
    """The part of the SQS client that is called here."""

    def change_message_visibility_batch(self, *, QueueUrl: str, Entries: Sequence[Entry]) -> Mapping[str, Any]: ...  # noqa: N803


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """Back to the queue; all lengths in seconds."""

    queue: Queue
    queue_url: str
    first_delay: float
    delay_cap: float
    uniform: Uniform = random.uniform

    def delay(self, receive_count: int, asked: float) -> float:
        """max(asked, min(cap, first * 2^(n - 1))) * U(1, 1.25) for receive n: asked is a lower bound."""
        own = backoff_window(receive_count, initial=self.first_delay, multiplier=2.0, cap=self.delay_cap)
        return max(min(asked, LONGEST_ASKED), own) * self.uniform(1.0, 1.25)

    def hide(self, returning: Sequence[tuple[Record, Later]]) -> None:
        """Hide each record for its delay; where SQS refuses, the queue's own visibility timeout applies."""
        for some in batched(returning, SQS_ENTRIES, strict=False):
            entries = [
                Entry(
                    Id=str(position),
                    ReceiptHandle=record.receipt_handle,
                    VisibilityTimeout=math.ceil(self.delay(record.receive_count, later.after)),
                )
                for position, (record, later) in enumerate(some)
            ]
            try:
                answer = self.queue.change_message_visibility_batch(QueueUrl=self.queue_url, Entries=entries)
            except (BotoCoreError, ClientError) as error:
                logger.warning("visibility not changed", extra={"records": len(entries), "error": type(error).__name__})
            else:
                for entry in answer.get("Failed", []):
                    logger.warning("visibility not changed", extra={"records": 1, "error": entry["Code"]})
