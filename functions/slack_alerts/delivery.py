"""The alerts of one destination -> their outcomes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from aws_events.envelope import Record
from record_batch.outcome import Delivered, Later, LaterReason, Outcome
from record_batch.telemetry import logger
from retry_policies import Classification, Deadline, DeadlineExceeded, ErrorKind, RetryPolicy
from retry_policies.slack import REFUSED_DESTINATION_CODES, classify_webhook
from slack_alerts.models import Alert, CredentialsError, SlackMessage, SlackRefused, SlackUnreachable, Webhook

ATTEMPT_LIMIT = 8.0
"""Seconds for one post: the second one still fits into an invocation."""
REFUSED_DESTINATION = frozenset({401, 403, 404, 410, *range(300, 400)})
"""Statuses with which Slack refuses every message, not just this one."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Hands alerts over, by a policy, until the destination asks for patience."""

    find_webhook: Callable[[str, Deadline], Webhook]
    post: Callable[[Webhook, SlackMessage, float], None]
    policy: RetryPolicy

    def deliver(
        self, destination: str, alerts: Iterable[Alert], deadline: Deadline
    ) -> Iterator[tuple[Record, Outcome]]:
        """Each record with its outcome; those for which no time is left are not yielded."""
        closed: Later | None = None
        for alert in alerts:
            if deadline.remaining() < self.policy.min_attempt_time:
                return
            outcome = closed or self._deliver(destination, alert, deadline)
            yield alert.record, outcome
            if isinstance(outcome, Later) and outcome.reason is not LaterReason.MESSAGE_REFUSED:
                closed = Later(LaterReason.NOT_ATTEMPTED, outcome.after)

    def _deliver(self, destination: str, alert: Alert, deadline: Deadline) -> Outcome:
        def attempt() -> None:
            self.post(webhook, alert.message, deadline.timeout(ATTEMPT_LIMIT))

        with logger.append_context_keys(record=alert.record.message_id):  # so that each retry's line tells whose it is
            try:
                webhook = self.find_webhook(destination, deadline)
                self.policy.call(deadline, attempt)
            except (CredentialsError, SlackUnreachable, SlackRefused) as error:
                return _outcome(error)
            except DeadlineExceeded:
                return Later(LaterReason.NOT_ATTEMPTED)
            return Delivered()


def classify(error: BaseException) -> Classification | None:
    """What a post raised -> its classification."""
    match error:
        case SlackRefused():
            return classify_webhook(error.status, error.code, error.retry_after)
        case SlackUnreachable(sent=True):
            return Classification(ErrorKind.AMBIGUOUS, code="unanswered", answered=False)
        case SlackUnreachable():
            return Classification(ErrorKind.TRANSIENT, code="not_connected")
        case _:
            return None


def _outcome(error: CredentialsError | SlackUnreachable | SlackRefused) -> Later:
    match error:
        case CredentialsError():
            logger.error("no webhook", extra={"problem": str(error)})
            return Later(LaterReason.SECRET_UNAVAILABLE)
        case SlackUnreachable():
            return Later(LaterReason.UNREACHABLE)
        case SlackRefused():
            judged = classify_webhook(error.status, error.code, error.retry_after)
            if judged.kind is ErrorKind.THROTTLED:
                return Later(LaterReason.THROTTLED, judged.retry_after or 0.0)
            if judged.kind is not ErrorKind.PERMANENT:
                return Later(LaterReason.UNREACHABLE)
            if error.status in REFUSED_DESTINATION or error.code in REFUSED_DESTINATION_CODES:
                return Later(LaterReason.DESTINATION_REFUSED)
            return Later(LaterReason.MESSAGE_REFUSED)
