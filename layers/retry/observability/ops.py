"""Notices to operations, one line each, through SNS and not Slack, which may be the cause."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from observability.aws_errors import AWS_ERRORS, error_code
from observability.redaction import redact
from observability.telemetry import logger
from retry_policies import Deadline, DeadlineExceeded, RetryPolicy
from retry_policies.deadline import Clock

QUIET = 900.0
"""Seconds between two notices about the same subject from one execution environment."""
QUIET_AFTER_FAILURE = 60.0
"""Seconds without any call after one failed; the alarm on the parking queue notifies operations too."""
PUBLISH_TIME = 2.0
"""Seconds after which no attempt to publish starts: the alerts need the time."""
SUBJECT_LIMIT = 99
"""SNS refuses a subject of 100 characters or more."""
LINE_LIMIT = 500


class Topic(Protocol):
    """The SNS client's methods that OpsTopic calls."""

    def publish(self, *, TopicArn: str, Subject: str, Message: str) -> object: ...


@dataclass(slots=True)
class OpsTopic:
    """The SNS topic of operations."""

    topic: Callable[[], Topic]
    """Make the client at its first use: most invocations publish nothing."""
    topic_arn: str
    policy: RetryPolicy
    clock: Clock = time.monotonic
    quiet_until: dict[str, float] = field(default_factory=dict)
    """By subject: until then the notice is not repeated."""
    paused_until: float = float("-inf")

    def publish(self, about: str, line: str, deadline: Deadline) -> None:
        """Publish the line, redacted, unless one with this subject was published recently. Log a failure."""
        if self.clock() < self.quiet_until.get(about, float("-inf")):
            return
        if self.clock() < self.paused_until:
            logger.error("operations not notified", extra={"about": about, "error": "failed a short while ago"})
            return
        message = redact(" ".join(line.split()))[:LINE_LIMIT]
        subject = f"Holdfast: {about}"[:SUBJECT_LIMIT]
        try:
            self.policy.call(deadline.at_most(PUBLISH_TIME), self._publish, subject, message)
        except (*AWS_ERRORS, DeadlineExceeded) as error:
            logger.error("operations not notified", extra={"about": about, "error": error_code(error)})
            self.paused_until = self.clock() + QUIET_AFTER_FAILURE
        else:
            self.quiet_until[about] = self.clock() + QUIET

    def _publish(self, subject: str, message: str) -> None:
        self.topic().publish(TopicArn=self.topic_arn, Subject=subject, Message=message)
