"""LanesQueue: a FIFO queue. A lane is the message group of one destination."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from aws_events.record import Record
from aws_events.sqs_attributes import SIZE_LIMIT
from observability.aws_errors import AWS_ERRORS, error_code
from observability.telemetry import logger
from record_batch.lane_message import LaneMessage
from record_batch.overflow import Overflow
from retry_policies import Deadline, DeadlineExceeded, RetryPolicy
from retry_policies.batch_calls import EntriesFailed, send_message_batch
from shared_state.rows import RowsUnavailable

PAGE = 10
"""Entries of a batch call at most."""
LONGEST_HIDDEN = 43_200
"""Seconds that SQS hides a message at most, counted from its receive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneQueue:
    """LanesQueue and its client. Failures are logged with their code and never raised."""

    sqs: Any
    """boto3's SQS client."""
    url: str
    overflow: Overflow
    policy: RetryPolicy
    """It may repeat calls: a second send has the same deduplication id."""

    def send(self, messages: Sequence[LaneMessage], deadline: Deadline) -> list[bool]:
        """Send the messages in order; return for each whether SQS took it. A lane stops at its first failure."""
        taken = [False] * len(messages)
        stopped: set[str] = set()
        for page in _pages(messages):
            entries = []
            for number in page:
                message = messages[number]
                if message.lane not in stopped and self._keep(message):
                    entries.append(_entry(number, message))
                else:
                    stopped.add(message.lane)
            failed = self._call("lane message not sent", self.sqs.send_message_batch, entries, deadline)
            for entry in entries:
                taken[int(entry["Id"])] = entry["Id"] not in failed
            stopped |= {messages[int(one)].lane for one in failed}
        return taken

    def delete(self, records: Sequence[Record], deadline: Deadline) -> None:
        """Delete finished records, ten at most; if that fails, SQS deletes them after the batch response."""
        entries = [{"Id": str(number), "ReceiptHandle": one.receipt_handle} for number, one in enumerate(records)]
        self._call("not deleted", self.sqs.delete_message_batch, entries, deadline)

    def pause(self, records: Sequence[Record], seconds: float, deadline: Deadline) -> None:
        """Hide the first of ten records at most for `seconds`; show the others, which SQS holds back behind it.

        If the call fails, the records stay hidden for the queue's own visibility timeout.
        """
        hidden = min(math.ceil(seconds), LONGEST_HIDDEN)
        entries = [
            {"Id": str(number), "ReceiptHandle": one.receipt_handle, "VisibilityTimeout": 0 if number else hidden}
            for number, one in enumerate(records)
        ]
        self._call("visibility not changed", self.sqs.change_message_visibility_batch, entries, deadline)

    def _keep(self, message: LaneMessage) -> bool:
        """Write the facts that the message has no room for; return whether it may be sent."""
        try:
            self.overflow.keep(message.deduplication_id, message.attributes.overflow)
        except RowsUnavailable as error:
            logger.error("facts not written", extra={"error": str(error)})
            return False
        return True

    def _call(self, problem: str, call: Any, entries: list[dict[str, Any]], deadline: Deadline) -> set[str]:  # noqa: ANN401 - boto3's method
        """Call with the entries and repeat the failed ones; return the ids that failed in the end."""
        if not entries:
            return set()
        sending = send_message_batch(call, entries, QueueUrl=self.url)
        try:
            self.policy.call(deadline, sending)
        except EntriesFailed as error:
            code = error.failed[0].classification.code
        except (*AWS_ERRORS, DeadlineExceeded) as error:
            code = error_code(error)
        else:
            return set()
        failed = {str(entry["Id"]) for entry in (*sending.pending, *(one.entry for one in sending.refused))}
        logger.error(problem, extra={"entries": len(failed), "error": code})
        return failed


def _entry(number: int, message: LaneMessage) -> dict[str, Any]:
    return {
        "Id": str(number),
        "MessageBody": message.body,
        "MessageAttributes": message.attributes.sent,
        "MessageGroupId": message.lane,
        "MessageDeduplicationId": message.deduplication_id,
    }


def _pages(messages: Iterable[LaneMessage]) -> Iterator[list[int]]:
    """Yield the positions of the messages that fit into one call: ten, and one MiB in all."""
    page: list[int] = []
    room = SIZE_LIMIT
    for number, message in enumerate(messages):
        size = message.size
        if page and (len(page) == PAGE or size > room):
            yield page
            page, room = [], SIZE_LIMIT
        page.append(number)
        room -= size
    if page:
        yield page
