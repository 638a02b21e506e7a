"""A picture -> a reply in the thread of its alert."""

from dataclasses import dataclass

from retry_policies import Deadline, DeadlineExceeded, ErrorKind, RetryPolicy
from retry_policies.presets import SLACK_WEBHOOK
from slack_alerts.delivery.failures import classify
from slack_alerts.models import BotToken, Place, SlackRefused, SlackUnreachable
from slack_alerts.pictures.failure import NoPicture, Reason
from slack_alerts.slack.egress import ForbiddenUrl
from slack_alerts.slack.upload import File, SlackUpload

CALL_LIMIT = 3.0
"""Seconds for one attempt of one call."""
UPLOADING = SLACK_WEBHOOK.with_(
    name="pictures_upload", classifier=classify, max_attempts=2, min_attempt_time=0.5, on_retry=(), on_giveup=()
)
"""A call without an answer is not repeated."""


@dataclass(frozen=True, slots=True)
class Uploading:
    """The three calls of an upload, by a policy."""

    slack: SlackUpload
    policy: RetryPolicy = UPLOADING

    def upload(self, credentials: BotToken, place: Place, file: File, deadline: Deadline) -> None:
        """Post the file below the message. Raises NoPicture."""

        def timeout() -> float:
            return deadline.timeout(CALL_LIMIT)

        # After an answer like 500 the thread may already show the picture; a second call could post it twice.
        once = self.policy.with_(repeatable=False)
        try:
            ticket = self.policy.call(deadline, lambda: self.slack.reserve(credentials, file, timeout()))
            self.policy.call(deadline, lambda: self.slack.send(ticket, file, timeout()))
            once.call(deadline, lambda: self.slack.complete(credentials, ticket, file, place, timeout()))
        except DeadlineExceeded:
            failure = NoPicture(Reason.NO_TIME)
        except ForbiddenUrl:
            failure = NoPicture(Reason.NOT_UPLOADED, "forbidden_url")
        except SlackUnreachable as error:
            failure = NoPicture(Reason.NOT_UPLOADED, "unanswered" if error.sent else "not_connected")
        except SlackRefused as error:
            failure = _refused(error)
        else:
            return
        raise failure


def _refused(error: SlackRefused) -> NoPicture:
    found = error.classification
    is_throttled = found.kind is ErrorKind.THROTTLED
    return NoPicture(Reason.THROTTLED if is_throttled else Reason.NOT_UPLOADED, found.code or "", found.retry_after)
