"""A graph as JSON -> its picture, drawn by CloudWatch."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from botocore.exceptions import BotoCoreError, ClientError

from retry_policies import Deadline, DeadlineExceeded, ErrorKind, RetryPolicy
from retry_policies.aws import classify_aws
from retry_policies.presets import AWS_READ
from slack_alerts.pictures.failure import NoPicture, Reason
from slack_alerts.pictures.png import png_problem
from slack_alerts.pictures.widget import SIZE

CALL_TIMEOUT = 1.5
"""Seconds to connect to CloudWatch, and to wait for its answer."""
DRAWING = AWS_READ.with_(
    name="pictures_drawing", max_attempts=2, min_attempt_time=2 * CALL_TIMEOUT, on_retry=(), on_giveup=()
)
"""Without hooks: a failure is one metric and one log line."""


class CloudWatch(Protocol):
    """The call of CloudWatch's client that a picture needs."""

    def get_metric_widget_image(self, *, MetricWidget: str) -> dict[str, bytes]: ...


@dataclass(frozen=True, slots=True)
class Drawing:
    """CloudWatch's drawings; the client is made at the first one."""

    client: Callable[[], CloudWatch]
    policy: RetryPolicy = DRAWING

    def draw(self, graph: str, deadline: Deadline) -> bytes:
        """Return the PNG. Raises NoPicture."""
        try:
            answer = self.policy.call(deadline, self._ask, graph)
        except DeadlineExceeded:
            raise NoPicture(Reason.NO_TIME) from None
        except (ClientError, BotoCoreError) as error:
            raise _failure(error) from None
        picture = answer.get("MetricWidgetImage", b"")
        if problem := png_problem(picture, SIZE):
            raise NoPicture(Reason.WRONG_PICTURE, problem)
        return picture

    def _ask(self, graph: str) -> dict[str, bytes]:
        return self.client().get_metric_widget_image(MetricWidget=graph)


def _failure(error: ClientError | BotoCoreError) -> NoPicture:
    found = classify_aws(error)
    kind, code = (ErrorKind.PERMANENT, "") if found is None else (found.kind, found.code)
    reason = Reason.THROTTLED if kind is ErrorKind.THROTTLED else Reason.NOT_DRAWN
    return NoPicture(reason, code or type(error).__name__, found.retry_after if found else None)
