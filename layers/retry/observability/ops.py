"""One line to operations, through SNS and not through Slack."""

import time
from dataclasses import dataclass, field
from typing import Protocol

from observability.aws_errors import AWS_ERRORS, error_code
from observability.redaction import redact
from observability.telemetry import logger
from retry_policies import Deadline, DeadlineExceeded, RetryPolicy
from retry_policies.deadline import Clock

QUIET = 900.0
"""Seconds: at most one line about the same thing in fifteen minutes, from one execution environment."""
QUIET_AFTER_FAILURE = 60.0
"""Seconds until a topic that failed is asked again, whatever it is about: the alarm on the parking queue tells too."""
TELL_TIME = 2.0
"""Seconds after which no attempt to tell starts: the alerts need the time."""
SUBJECT_LIMIT = 99
"""SNS refuses a subject of 100 characters or more."""
LINE_LIMIT = 500


class Topic(Protocol):
    """The part of the SNS client that is called here."""

    def publish(self, *, TopicArn: str, Subject: str, Message: str) -> object: ...


@dataclass(slots=True)
class OpsTopic:
    """The topic of operations."""

    topic: Topic
    topic_arn: str
    policy: RetryPolicy
    clock: Clock = time.monotonic
    told: dict[str, float] = field(default_factory=dict)
    """Until when each thing need not be told again."""
    quiet_until: float = float("-inf")

    def tell(self, about: str, line: str, deadline: Deadline) -> None:
        """Publish the line, redacted, unless this was told a short while ago; a failure is logged."""
        if self.clock() < self.told.get(about, float("-inf")):
            return
        if self.clock() < self.quiet_until:
            logger.error("operations not told", extra={"about": about, "error": "failed a short while ago"})
            return
        message = redact(" ".join(line.split()))[:LINE_LIMIT]
        subject = f"Holdfast: {about}"[:SUBJECT_LIMIT]
        try:
            self.policy.call(
                deadline.at_most(TELL_TIME),
                self.topic.publish,
                TopicArn=self.topic_arn,
                Subject=subject,
                Message=message,
            )
        except (*AWS_ERRORS, DeadlineExceeded) as error:
            logger.error("operations not told", extra={"about": about, "error": error_code(error)})
            self.quiet_until = self.clock() + QUIET_AFTER_FAILURE
        else:
            self.told[about] = self.clock() + QUIET
