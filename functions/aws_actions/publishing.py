"""The outcome of a request -> AlertsTopic, and so Slack. A failure to publish does not change the outcome."""

from collections.abc import Callable
from dataclasses import dataclass

from aws_actions.models import Request
from observability.aws_errors import AWS_ERRORS, error_code
from observability.ops import Topic
from observability.telemetry import logger
from retry_policies import Deadline, DeadlineExceeded, RetryPolicy

SUBJECT_LIMIT = 99
"""SNS refuses a subject of 100 characters or more."""
NAME_LIMIT = 255


@dataclass(frozen=True, slots=True)
class AlertsTopic:
    """The topic of the alerts; ActionsQueue never subscribes to it."""

    topic: Callable[[], Topic]
    """Make the client at its first use: most requests publish nothing."""
    topic_arn: str
    policy: RetryPolicy

    def publish_outcome(
        self, request: Request, outcome: str, deadline: Deadline, *, code: str = "", request_id: str = ""
    ) -> None:
        """Publish the outcome; a failure is logged."""
        try:
            self.policy.call(
                deadline,
                self.topic().publish,
                TopicArn=self.topic_arn,
                Subject=subject(request, outcome),
                Message=text(request, outcome, code=code, request_id=request_id),
            )
        except (*AWS_ERRORS, DeadlineExceeded) as error:
            logger.error("outcome not published", extra={"error": error_code(error)})


def subject(request: Request, outcome: str) -> str:
    return f"AWS call {outcome}: {_name(request)}"[:SUBJECT_LIMIT]


def text(request: Request, outcome: str, *, code: str, request_id: str) -> str:
    """Return the message: plain text, which cannot be read as a request. Only the alarm's name comes from outside."""
    lines = [
        f"{_name(request)}: {outcome}",
        f"Alarm: {_printable(request.alarm[:NAME_LIMIT])}" if request.alarm else "Asked for by a message",
        f"Code: {code}" if code else "",
        f"Request id: {request_id}" if request_id else "",
    ]
    return "\n".join(filter(None, lines))


def _name(request: Request) -> str:
    return f"{request.call.service} {request.call.operation}"


def _printable(alarm: str) -> str:
    """Return the name in one line."""
    return "".join(character if character.isprintable() else "?" for character in alarm)
