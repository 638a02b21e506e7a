"""The error of a post -> its classification for the policy, and its outcome once the policy gives up."""

from outcomes.outcome import Later, LaterReason, Park, ParkReason
from retry_policies import Classification, DeadlineExceeded, ErrorKind
from slack_alerts.models import ClosedDestination, Refused, SlackRefused, SlackUnreachable

TOKEN_EXPIRED = "token_expired"  # noqa: S105 - Slack's code

type Failure = SlackUnreachable | SlackRefused | DeadlineExceeded


def classify(error: BaseException) -> Classification | None:
    """Return the classification of a post's error."""
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


def outcome_of(failure: Failure) -> Later | Park | ClosedDestination:
    """Return the outcome of a failed post, or ClosedDestination."""
    match failure:
        case SlackUnreachable(is_untrusted=True):
            return Later(LaterReason.TLS)
        case SlackUnreachable(sent=sent):
            return Later(LaterReason.UNANSWERED if sent else LaterReason.UNREACHABLE)
        case SlackRefused(refused=Refused.UNEXPECTED | Refused.FOREIGN):
            return Later(LaterReason.UNEXPECTED_ANSWER)
        case SlackRefused(refused=Refused.FOR_NOW, classification=Classification(kind=kind)):
            return Later(LaterReason.THROTTLED if kind is ErrorKind.THROTTLED else LaterReason.UNREACHABLE)
        case SlackRefused(refused=Refused.MESSAGE):
            return Park(ParkReason.MESSAGE_REFUSED, str(failure))
        case SlackRefused(classification=Classification(code=code)) if code == TOKEN_EXPIRED:
            return Later(LaterReason.SECRET_EXPIRED)
        case SlackRefused():
            return ClosedDestination("refused", str(failure))
        case _:
            return Later(LaterReason.NOT_ATTEMPTED)
