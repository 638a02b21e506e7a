"""Return a Later record to its queue, hidden for its delay. Queue a record that invoked the function directly."""

import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from aws_events.record import Record
from observability.aws_errors import AWS_ERRORS, error_code
from observability.telemetry import logger
from outcomes.outcome import LONGEST_WAIT, Later, LaterReason
from retry_policies.aws_answers import known_code
from retry_policies.backoff import Uniform, backoff_window
from retry_policies.deadline import Deadline

LONGEST_DELAY = 900
"""SQS's limit of DelaySeconds."""
QUICK_RECEIVES = 3
"""Receives up to which a record that was not attempted returns soon: it did not fail itself."""


type Answer = Mapping[str, Any]


class Queue(Protocol):
    """The SQS client's methods that Redelivery calls."""

    def change_message_visibility_batch(self, *, QueueUrl: str, Entries: Sequence[Mapping[str, Any]]) -> Answer: ...
    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> Answer: ...
    def send_message(self, *, QueueUrl: str, MessageBody: str, DelaySeconds: int) -> Answer: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Redelivery:
    """The queue and the delays, in seconds."""

    queue: Queue
    queue_url: str
    first_delay: float
    delay_cap: float
    time_for_call: float
    """No call starts if less time remains."""
    uniform: Uniform = random.uniform

    def delay(self, later: Later, receive_count: int, *, is_moving: bool) -> float:
        """Return max(later.after, min(cap, first * 2^(n - 1))) * U(1, 1.25) for receive n.

        If the batch delivered something, a record that was not attempted waits U(first / 6, first / 2) only.
        """
        if later.reason is LaterReason.NOT_ATTEMPTED and is_moving and receive_count <= QUICK_RECEIVES:
            return self.uniform(self.first_delay / 6, self.first_delay / 2)
        own = backoff_window(receive_count, initial=self.first_delay, multiplier=2.0, cap=self.delay_cap)
        return max(min(later.after, LONGEST_WAIT), own) * self.uniform(1.0, 1.25)

    def hide(self, returning: Sequence[tuple[Record, Later]], end: Deadline, *, is_moving: bool) -> None:
        """Hide ten records at most, each for its delay; if that fails, the queue's own visibility timeout applies."""
        entries = [
            {
                "Id": str(number),
                "ReceiptHandle": record.receipt_handle,
                "VisibilityTimeout": math.ceil(self.delay(later, record.receive_count, is_moving=is_moving)),
            }
            for number, (record, later) in enumerate(returning)
        ]
        records = [record for record, _ in returning]
        if entries:
            hide = partial(self.queue.change_message_visibility_batch, Entries=entries)
            answer = self._call("visibility not changed", records, end, hide)
            for entry in answer.get("Failed", []) if answer else ():
                facts = {"record": records[int(entry["Id"])].message_id, "error": known_code(entry.get("Code"))}
                logger.warning("visibility not changed", extra=facts)

    def delete(self, record: Record, end: Deadline) -> None:
        """Delete the record; if that fails, SQS deletes it after the batch response."""
        self._call(
            "not deleted", [record], end, partial(self.queue.delete_message, ReceiptHandle=record.receipt_handle)
        )

    def enqueue(self, record: Record, later: Later, end: Deadline, *, is_moving: bool) -> bool:
        """Queue a record that invoked the function directly. On False the invocation fails and Lambda retries."""
        seconds = min(LONGEST_DELAY, math.ceil(self.delay(later, record.receive_count, is_moving=is_moving)))
        send = partial(self.queue.send_message, MessageBody=record.body, DelaySeconds=seconds)
        return self._call("not queued", [record], end, send) is not None

    def _call(
        self, failed: str, records: Iterable[Record], end: Deadline, call: Callable[..., Answer]
    ) -> Answer | None:
        """Call if there is time; log a failure for each record and return None."""
        code = "no time"
        if end.remaining() >= self.time_for_call:
            try:
                return call(QueueUrl=self.queue_url)
            except AWS_ERRORS as error:
                code = error_code(error)
        for record in records:
            logger.warning(failed, extra={"record": record.message_id, "error": code})
        return None
