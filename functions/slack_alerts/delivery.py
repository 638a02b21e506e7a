"""The alerts of one destination -> their outcomes: as they are, as plain text, by the default, or parked."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from aws_events.envelope import Record
from record_batch.outcome import Delivered, Later, LaterReason, Outcome, Park, ParkReason
from record_batch.telemetry import logger
from retry_policies import Classification, Deadline, DeadlineExceeded, ErrorKind, RetryPolicy
from slack_alerts.models import (
    Alert,
    Credentials,
    CredentialsMissing,
    CredentialsUnavailable,
    Refused,
    SlackMessage,
    SlackRefused,
    SlackUnreachable,
)

ATTEMPT_LIMIT = 8.0
"""Seconds for one post: others still fit into an invocation."""
PATIENT_RECEIVES = 3
"""So often a missing secret is waited for: usually a slip in a deployment's order, soon mended."""


type Failure = SlackUnreachable | SlackRefused | DeadlineExceeded
"""What a post may come to besides success."""


class Keyring(Protocol):
    """Where credentials are found."""

    def find(self, destination: str, deadline: Deadline) -> Credentials: ...
    def find_again(self, destination: str, deadline: Deadline) -> Credentials | None: ...


@dataclass(frozen=True, slots=True)
class Closed:
    """The destination takes no message at all."""

    why: str
    """In a word, for people: `refused`, `no secret`."""
    code: str


WITHOUT_SECRET = (Later(LaterReason.SECRET_MISSING), Closed("no secret", "no_secret"))
"""What comes of a missing secret, at first and in the end: each record's own receives decide."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Hands alerts over, by a policy."""

    keyring: Keyring
    post: Callable[[Credentials, SlackMessage, float], None]
    policy: RetryPolicy
    default: str
    tell_ops: Callable[[str, str, Deadline], None]

    def visit(self, deadline: Deadline) -> "Visit":
        """One batch's deliveries."""
        return Visit(self, deadline)


@dataclass(frozen=True, slots=True)
class Visit:
    """One batch: a destination that asked for patience or refused is not knocked on again."""

    delivery: Delivery
    deadline: Deadline
    ends: dict[str, Later | Closed] = field(default_factory=dict)

    def deliver(self, destination: str, alerts: Iterable[Alert]) -> Iterator[tuple[Record, Outcome]]:
        """Each record with its outcome; those for which no time is left are not yielded."""
        for alert in alerts:
            if self.deadline.remaining() < self.delivery.policy.min_attempt_time:
                return
            with logger.append_context_keys(record=alert.record.message_id, destination=destination):
                outcome = self._hand_over(destination, alert)
            yield alert.record, outcome

    def _hand_over(self, destination: str, alert: Alert) -> Outcome:
        """To its destination; where that is closed, to the default one; where that is too, aside."""
        end = self._knock(destination, alert)
        if not isinstance(end, Closed):
            return end
        logger.error("destination closed", extra={"why": end.why, "code": end.code})
        if destination == self.delivery.default:
            return self._park(destination, alert, end)
        note = f"meant for {destination}: {end.why}"
        noted = replace(alert, message=alert.message.noted(note), plain=alert.plain.noted(note))
        other = self._knock(self.delivery.default, noted)
        if isinstance(other, Closed):
            return self._park(destination, alert, end)
        if isinstance(other, Delivered) and end in WITHOUT_SECRET:
            self._tell(destination, alert, end)
        return other

    def _park(self, destination: str, alert: Alert, end: Closed) -> Park:
        self._tell(destination, alert, end)
        return Park(ParkReason.DESTINATION_REFUSED, end.code)

    def _tell(self, destination: str, alert: Alert, end: Closed) -> None:
        line = f"Destination {destination}: {end.why} ({end.code}). {alert.line}"
        self.delivery.tell_ops(destination, line, self.deadline)

    def _knock(self, destination: str, alert: Alert) -> Outcome | Closed:
        """Post it there, unless the door is known to be shut; remember if it turns out to be."""
        match self.ends.get(destination):
            case Later(_, after):
                return Later(LaterReason.NOT_ATTEMPTED, after)
            case Closed() as closed:
                return closed
        end = self._try(destination, alert)
        if isinstance(end, Later | Closed) and end not in WITHOUT_SECRET:
            self.ends[destination] = end
        return end

    def _try(self, destination: str, alert: Alert) -> Outcome | Closed:
        """Post it with the credentials at hand; where they are refused, once more if there are others by now."""
        keyring = self.delivery.keyring
        try:
            credentials = keyring.find(destination, self.deadline)
        except CredentialsMissing as error:
            logger.error("no secret", extra={"problem": str(error)})
            is_patient = destination == self.delivery.default or alert.record.receive_count <= PATIENT_RECEIVES
            return WITHOUT_SECRET[0] if is_patient else WITHOUT_SECRET[1]
        except CredentialsUnavailable as error:
            logger.error("secret unavailable", extra={"problem": str(error)})
            return Later(LaterReason.SECRET_UNAVAILABLE)
        end = self._post(credentials, alert)
        if isinstance(end, Closed) and (others := keyring.find_again(destination, self.deadline)) is not None:
            return self._post(others, alert)
        return end

    def _post(self, credentials: Credentials, alert: Alert) -> Outcome | Closed:
        """As it is; where Slack refuses the message, once more as plain text."""
        error = self._attempt(credentials, alert.message)
        if not _refuses_message(error):
            return _end(error, alert.record)
        logger.warning("message refused", extra={"code": str(error)})
        error = self._attempt(credentials, alert.plain)
        return Park(ParkReason.MESSAGE_REFUSED, str(error)) if _refuses_message(error) else _end(error, alert.record)

    def _attempt(self, credentials: Credentials, message: SlackMessage) -> Failure | None:
        """Post by the policy -> None, or the last attempt's error."""

        def post() -> None:
            self.delivery.post(credentials, message, self.deadline.timeout(ATTEMPT_LIMIT))

        try:
            self.delivery.policy.call(self.deadline, post)
        except (SlackUnreachable, SlackRefused, DeadlineExceeded) as error:
            return error
        return None


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


def _refuses_message(error: Failure | None) -> bool:
    return isinstance(error, SlackRefused) and error.refused is Refused.MESSAGE


def _end(error: Failure | None, record: Record) -> Outcome | Closed:
    """What a post came to -> what becomes of the record, or that the destination is closed."""
    match error:
        case None:
            return Delivered()
        case SlackUnreachable(is_untrusted=True):
            return Later(LaterReason.TLS)
        case SlackUnreachable(sent=sent):
            return Later(LaterReason.UNANSWERED if sent else LaterReason.UNREACHABLE)
        case SlackRefused(refused=Refused.UNEXPECTED) if record.receive_count == 1:
            return Later(LaterReason.UNEXPECTED_ANSWER)
        case SlackRefused(refused=Refused.FOR_NOW, classification=judged):
            throttled = judged.kind is ErrorKind.THROTTLED
            return Later(LaterReason.THROTTLED if throttled else LaterReason.UNREACHABLE, judged.retry_after or 0.0)
        case SlackRefused():
            return Closed("refused", str(error))
        case _:
            return Later(LaterReason.NOT_ATTEMPTED)
