"""The state of intake, and AlertsQueue, from which it receives."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from record_batch.overflow import Overflow
from redrive.messages import Message
from retry_policies import Deadline
from retry_policies.deadline import Clock
from shared_state.last_success import LastSuccess

WORKS_WITHIN = 300.0
"""Seconds: intake counts as working if it finished a record within this time."""
OVERFLOW_DELAY = 10
"""Seconds of delay for a message whose facts are written to the table after it is sent."""
CHECK_EVERY = 1.0
"""Seconds between two checks whether intake has finished the probe."""


@dataclass(slots=True, kw_only=True)
class Intake:
    """The state of intake during one redrive."""

    sqs: Any
    """boto3's SQS client."""
    url: str
    overflow: Overflow
    last_success: LastSuccess
    clock: Clock = time.time
    sleep: Callable[[float], None] = time.sleep
    is_working: bool = False
    has_probed: bool = False
    """Whether this redrive has tried to send a probe; a second probe would give no new information."""

    def check(self) -> bool:
        """Return whether intake has finished a record lately. May raise RowsUnavailable."""
        self.is_working = self.is_working or self.last_success.at() >= self.clock() - WORKS_WITHIN
        return self.is_working

    def wait(self, deadline: Deadline) -> None:
        """Wait until intake has finished the probe, for half of the time: the rest is for the other messages."""
        end = deadline.at_most(deadline.remaining() / 2)
        while not self.check() and end.remaining() > 0:
            self.sleep(CHECK_EVERY)

    def send(self, message: Message, **facts: object) -> None:
        """Send the message to AlertsQueue; raises boto3's errors or RowsUnavailable."""
        attributes = message.attributes(**facts)
        answer = self.sqs.send_message(
            QueueUrl=self.url,
            MessageBody=message.record.body,
            MessageAttributes=attributes.sent,
            DelaySeconds=OVERFLOW_DELAY if attributes.overflow else 0,
        )
        self.overflow.keep(answer["MessageId"], attributes.overflow)
