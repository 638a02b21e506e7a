"""Read the messages of a queue without removing any: receive, then make visible again."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import batched
from typing import Any

from notices.models import QueuedMessage, Snapshot
from notices.naming import queued_message
from observability.aws_errors import AWS_ERRORS, error_code
from observability.telemetry import logger
from record_batch.overflow import Overflow
from record_batch.receiving import PAGE, WAIT, QueueUnreadable, receive_messages
from retry_policies import Deadline, DeadlineExceeded, RetryPolicy
from retry_policies.batch_calls import EntriesFailed, send_message_batch

PAGES = 20
"""Receives per queue and run: a snapshot has at most 200 messages."""
HIDDEN = 30
"""Seconds for which a message is hidden if it cannot be made visible again: longer than reading the queue takes."""
SHOW_TIME = 2.0
"""Seconds after which no call to make messages visible starts: the notice needs the time."""
DEPTHS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedQueue:
    """The parking queue or a dead-letter queue."""

    sqs: Any
    """boto3's SQS client; its read timeout is longer than WAIT."""
    url: str
    overflow: Overflow
    """The rows with the reason of a parked message that has no room for that reason."""
    reads: RetryPolicy
    writes: RetryPolicy
    pages: int = PAGES

    @property
    def name(self) -> str:
        return self.url.rpartition("/")[2]

    def read(self, until: Deadline, deadline: Deadline) -> Snapshot:
        """Receive messages until `until`, and make them visible before `deadline`. Raise QueueUnreadable."""
        seen: dict[str, QueuedMessage] = {}
        hidden: dict[str, str] = {}
        try:
            depth = self._depth(until)
            is_exhausted = self._receive_all(depth, seen, hidden, until)
        except (*AWS_ERRORS, DeadlineExceeded) as error:
            raise QueueUnreadable(error_code(error)) from error
        finally:
            self._show(hidden.values(), deadline.at_most(SHOW_TIME))
        return Snapshot(seen=tuple(seen.values()), depth=max(depth, len(seen)), is_exhausted=is_exhausted)

    def _depth(self, until: Deadline) -> int:
        answer = self.reads.call(until, self.sqs.get_queue_attributes, QueueUrl=self.url, AttributeNames=list(DEPTHS))
        return sum(int(answer["Attributes"][name]) for name in DEPTHS)

    def _receive_all(self, depth: int, seen: dict[str, QueuedMessage], hidden: dict[str, str], until: Deadline) -> bool:
        """Fill `seen`, and `hidden` with receipt handles, both by message id; return whether the queue is exhausted."""
        for _ in range(self.pages):
            must_wait = depth > len(seen) and until.remaining() > WAIT
            wait = WAIT if must_wait else 0
            try:
                messages = self.reads.call(until, receive_messages, self.sqs, self.url, hidden=HIDDEN, wait=wait)
            except DeadlineExceeded:
                return False
            if not messages:
                return must_wait and not self.url.endswith(".fifo")
            hidden |= {message["MessageId"]: message["ReceiptHandle"] for message in messages}
            seen |= {message["MessageId"]: queued_message(message, self.overflow) for message in messages}
        return False

    def _show(self, receipt_handles: Collection[str], deadline: Deadline) -> None:
        """Make messages visible; if that fails they become visible after HIDDEN."""
        for handles in batched(receipt_handles, PAGE, strict=False):
            entries = [
                {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0}
                for number, handle in enumerate(handles)
            ]
            showing = send_message_batch(self.sqs.change_message_visibility_batch, entries, QueueUrl=self.url)
            try:
                self.writes.call(deadline, showing)
            except EntriesFailed as error:
                logger.warning("visibility not changed", extra={"queue": self.name, "entries": len(error.failed)})
            except (*AWS_ERRORS, DeadlineExceeded) as error:
                logger.warning("visibility not changed", extra={"queue": self.name, "error": error_code(error)})
                return
