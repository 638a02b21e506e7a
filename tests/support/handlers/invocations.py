"""Which function takes which sample event, and what it answers where no AWS can be reached: nothing is lost."""

from collections.abc import Callable
from typing import Any

from redrive.models import Report, Request, Stopped
from tests.support.samples.events import sample

type Expect = Callable[[str], Any]
"""An event's name -> the function's answer."""


def everything_again(event: str) -> Any:  # noqa: ANN401 - JSON
    """Each record goes back to its queue."""
    return {"batchItemFailures": [{"itemIdentifier": one["messageId"]} for one in sample(event)["Records"]]}


def undelivered(event: str) -> Any:  # noqa: ANN401 - JSON
    """The invocation fails, so that SNS comes again."""
    number = len(sample(event)["Records"])
    return f"{number} of {number} records were not delivered and cannot be named in a response"


def nothing_moved(event: str) -> Any:  # noqa: ANN401 - JSON
    """Nobody knows what may be moved, so nothing is."""
    return Report(stopped=Stopped.TROUBLE).as_dict(Request.from_event(sample(event)))


def not_published(_event: str) -> Any:  # noqa: ANN401 - JSON
    """Operations could not be told, so the invocation fails and its alarm rings."""
    return "EndpointConnectionError"


WITHOUT_AWS: dict[str, dict[str, Expect]] = {
    "IntakeFunction": {
        "eventbridge-in-sns": everything_again,
        "malformed-body": everything_again,
        "plain-text": everything_again,
        "sns-alarm": undelivered,
        "sqs-alarms": everything_again,
    },
    "SlackAlertsFunction": {"lane-alarms": everything_again},
    "ActionsFunction": {"action-alarm": everything_again, "action-request": everything_again},
    "RedriveFunction": {"redrive-dry-run": nothing_moved},
    "NoticesFunction": {"notices": not_published},
}
