"""One alert to one set of credentials: as it is and, where Slack refuses the message, as plain text."""

from collections.abc import Callable
from dataclasses import dataclass

from aws_events.envelope import Record
from record_batch.outcome import Delivered, Later, LaterReason, Outcome, Park, ParkReason
from record_batch.telemetry import logger
from retry_policies import Classification, Deadline, DeadlineExceeded, ErrorKind, RetryPolicy
from slack_alerts.models import Alert, Closed, Credentials, Refused, SlackMessage, SlackRefused, SlackUnreachable

ATTEMPT_LIMIT = 8.0
"""Seconds for one post: others still fit into an invocation."""
DOUBT = "possible duplicate: an earlier post of this alert may have arrived"
"""Over each post after one that may have arrived, here or in an earlier invocation."""

type Failure = SlackUnreachable | SlackRefused | DeadlineExceeded
"""What a post may come to besides success."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of it."""

    failure: Failure | None
    """The last attempt's error; None if Slack has it."""
    is_doubtful: bool
    """Whether it may stand in the channel although an answer came, by an attempt of now or by an earlier post."""

    @property
    def refuses_message(self) -> bool:
        return isinstance(self.failure, SlackRefused) and self.failure.refused is Refused.MESSAGE

    @property
    def asked(self) -> float | None:
        """The seconds that Slack asked for."""
        return self.failure.classification.retry_after if isinstance(self.failure, SlackRefused) else None


@dataclass(slots=True)
class Posting:
    """Posts by a policy, before a deadline."""

    send: Callable[[Credentials, SlackMessage, float], None]
    """(credentials, message, timeout) -> None, or SlackRefused or SlackUnreachable."""
    policy: RetryPolicy
    deadline: Deadline
    is_doubtful: bool
    """Whether an earlier post may have arrived."""

    def post(self, credentials: Credentials, alert: Alert) -> Posted:
        """The alert; once more as plain text where Slack refuses the message."""
        posted = self._attempt(credentials, alert.message)
        if posted.refuses_message:
            logger.warning("message refused", extra={"code": str(posted.failure)})
            posted = self._attempt(credentials, alert.plain)
        return posted

    def _attempt(self, credentials: Credentials, message: SlackMessage) -> Posted:
        try:
            self.policy.call(self.deadline, self._send, credentials, message)
        except (SlackUnreachable, SlackRefused, DeadlineExceeded) as error:
            return Posted(error, self.is_doubtful)
        return Posted(None, is_doubtful=False)

    def _send(self, credentials: Credentials, message: SlackMessage) -> None:
        marked = message.noted(DOUBT) if self.is_doubtful else message
        try:
            self.send(credentials, marked, self.deadline.timeout(ATTEMPT_LIMIT))
        except SlackRefused as error:
            self.is_doubtful |= error.classification.kind is ErrorKind.AMBIGUOUS or error.refused is Refused.UNEXPECTED
            raise


def classify(error: BaseException) -> Classification | None:
    """What a post raised -> its classification."""
    match error:
        case SlackRefused(classification=classification):
            return classification
        case SlackUnreachable(is_untrusted=True):
            return Classification(ErrorKind.PERMANENT, code="certificate")
        case SlackUnreachable(sent=True):
            return Classification(ErrorKind.AMBIGUOUS, code="unanswered", answered=False)
        case SlackUnreachable():
            return Classification(ErrorKind.TRANSIENT, code="not_connected")
        case _:
            return None


def judge(posted: Posted, record: Record) -> Outcome | Closed:
    """What a post came to -> what becomes of the record, or that the destination is closed."""
    match posted.failure:
        case None:
            return Delivered()
        case SlackUnreachable(is_untrusted=True):
            return Later(LaterReason.TLS)
        case SlackUnreachable(sent=sent):
            return Later(LaterReason.UNANSWERED if sent else LaterReason.UNREACHABLE)
        case SlackRefused(refused=Refused.UNEXPECTED) if record.receive_count == 1:
            return Later(LaterReason.UNEXPECTED_ANSWER)
        case SlackRefused(refused=Refused.FOR_NOW, classification=judged):
            return Later(LaterReason.THROTTLED if judged.kind is ErrorKind.THROTTLED else LaterReason.UNREACHABLE)
        case SlackRefused(refused=Refused.MESSAGE):
            return Park(ParkReason.MESSAGE_REFUSED, str(posted.failure))
        case SlackRefused():
            return Closed("refused", str(posted.failure))
        case _:
            return Later(LaterReason.NOT_ATTEMPTED)
