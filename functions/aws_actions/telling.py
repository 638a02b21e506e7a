"""What became of a request -> AlertsTopic, and so Slack. Where that fails, nothing else changes."""

from collections.abc import Callable
from dataclasses import dataclass

from aws_actions.models import Request
from aws_actions.outcome_message import outcome_message
from observability.aws_errors import AWS_ERRORS, error_code
from observability.ops import Topic
from observability.telemetry import logger
from retry_policies import Deadline, DeadlineExceeded, RetryPolicy


@dataclass(frozen=True, slots=True)
class AlertsTopic:
    """The topic of the alerts, which ActionsQueue never subscribes to."""

    topic: Callable[[], Topic]
    """Made when something is to be told: most requests ask for nothing."""
    topic_arn: str
    policy: RetryPolicy

    def tell(self, request: Request, word: str, code: str, request_id: str, deadline: Deadline) -> None:
        """Publish it, or log that it could not be."""
        said = outcome_message(request, word, code=code, request_id=request_id)
        publish = self.topic().publish
        try:
            self.policy.call(deadline, publish, TopicArn=self.topic_arn, Subject=said.subject, Message=said.text)
        except (*AWS_ERRORS, DeadlineExceeded) as error:
            logger.error("outcome not told", extra={"error": error_code(error)})
