"""Measure the alerts that wait in LanesQueue, for LaneWaitingAlarm; those of muted routes are no fault."""

import time
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit

from observability.telemetry import measure
from retry_policies import Deadline, RetryPolicy
from retry_policies.deadline import Clock
from shared_state.last_success import LastSuccess

DEPTH = "ApproximateNumberOfMessages"
"""Visible messages. A paused lane hides its first one only."""
HELD_FOR = 1_800.0
"""Seconds for which alerts count as muted after slack_alerts has held some: twice its pause of a muted lane."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanesWaiting:
    """The queue and the last time at which slack_alerts held a muted alert; `clock` is the wall clock."""

    sqs: Any
    """boto3's SQS client."""
    url: str
    reads: RetryPolicy
    last_hold: LastSuccess
    clock: Clock = time.time

    def report(self, deadline: Deadline) -> None:
        """Measure how many alerts wait, 0 while some of them are muted. Raise boto3's errors.

        Never skip the metric: without it LaneWaitingAlarm stays silent. SQS counts the queue, not a single lane.
        """
        read = self.reads.call(deadline, self.sqs.get_queue_attributes, QueueUrl=self.url, AttributeNames=[DEPTH])
        is_held = self.clock() - self.last_hold.at() < HELD_FOR
        measure("LanesWaiting", 0.0 if is_held else float(read["Attributes"][DEPTH]), MetricUnit.Count)
