"""Looks at the messages of a queue without taking any: receive, then make visible again."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import batched
from typing import Any

from aws_events.message_attributes import ATTRIBUTE
from notices.models import Look, Standing
from notices.naming import standing
from observability.aws_errors import AWS_ERRORS, error_code
from observability.telemetry import logger
from retry_policies import Deadline, DeadlineExceeded, RetryPolicy
from retry_policies.batch_calls import EntriesFailed, send_message_batch

PAGE = 10
PAGES = 20
"""Receives per queue and run: a look sees at most 200 messages."""
HIDDEN = 30
"""Seconds for which a received message is hidden, if it cannot be made visible again: longer than a look takes."""
WAIT = 1
"""Seconds of a long poll, which asks all of SQS's servers; a short poll may miss messages."""
SHOW_TIME = 2.0
"""Seconds in which messages are made visible; no such call starts later, because the notice needs the time."""
DEPTHS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


class QueueUnreadable(Exception):
    """SQS returned no messages or no attributes; the message is its error's code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The parking queue or a dead-letter queue."""

    sqs: Any
    """boto3's SQS client; its read timeout is longer than WAIT."""
    url: str
    reads: RetryPolicy
    writes: RetryPolicy

    @property
    def name(self) -> str:
        return self.url.rpartition("/")[2]

    def look(self, until: Deadline, deadline: Deadline) -> Look:
        """Receive messages until `until`, and make them visible before `deadline`. Raise QueueUnreadable."""
        seen: dict[str, Standing] = {}
        held: dict[str, str] = {}
        try:
            depth = self._depth(until)
            is_exhausted = self._receive_all(depth, seen, held, until)
        except (*AWS_ERRORS, DeadlineExceeded) as error:
            raise QueueUnreadable(error_code(error)) from error
        finally:
            self._show(held.values(), deadline.at_most(SHOW_TIME))
        return Look(seen=tuple(seen.values()), depth=max(depth, len(seen)), is_exhausted=is_exhausted)

    def _depth(self, until: Deadline) -> int:
        answer = self.reads.call(until, self.sqs.get_queue_attributes, QueueUrl=self.url, AttributeNames=list(DEPTHS))
        return sum(int(answer["Attributes"][name]) for name in DEPTHS)

    def _receive_all(self, depth: int, seen: dict[str, Standing], held: dict[str, str], until: Deadline) -> bool:
        """Fill `seen`, and `held` with receipt handles, both by message id; return whether the queue is exhausted."""
        for _ in range(PAGES):
            must_wait = depth > len(seen) and until.remaining() > WAIT
            try:
                messages = self._receive(WAIT if must_wait else 0, until)
            except DeadlineExceeded:
                return False
            if not messages:
                return must_wait and not self.url.endswith(".fifo")
            held |= {message["MessageId"]: message["ReceiptHandle"] for message in messages}
            seen |= {message["MessageId"]: standing(message) for message in messages}
        return False

    def _receive(self, wait: int, until: Deadline) -> list[dict[str, Any]]:
        answer = self.reads.call(
            until,
            self.sqs.receive_message,
            QueueUrl=self.url,
            MaxNumberOfMessages=PAGE,
            WaitTimeSeconds=wait,
            VisibilityTimeout=HIDDEN,
            MessageAttributeNames=[ATTRIBUTE],
            MessageSystemAttributeNames=["SentTimestamp"],
        )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages

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
