"""The answer of each function to each sample event while no AWS can be reached: nothing is lost."""

from collections.abc import Callable
from typing import Any

from redrive.report import Report, Stopped
from redrive.request import Request
from tests.support.samples.events import sample

type Expect = Callable[[str], Any]
"""An event's name -> the function's answer."""


def all_failed(event: str) -> Any:  # noqa: ANN401 - JSON
    """Return the response that names every record."""
    return {"batchItemFailures": [{"itemIdentifier": one["messageId"]} for one in sample(event)["Records"]]}


def undelivered(event: str) -> Any:  # noqa: ANN401 - JSON
    """Return the error of the invocation, after which SNS tries again."""
    number = len(sample(event)["Records"])
    return f"{number} of {number} records were not delivered and cannot be named in a response"


def stopped_early(event: str) -> Any:  # noqa: ANN401 - JSON
    """Return the report of a redrive that moved nothing."""
    return Report(stopped=Stopped.TROUBLE).as_dict(Request.from_event(sample(event)))


def publish_failed(_event: str) -> Any:  # noqa: ANN401 - JSON
    """Return the error of the invocation, which its alarm reports."""
    return "EndpointConnectionError"


WITHOUT_AWS: dict[str, dict[str, Expect]] = {
    "IntakeFunction": {
        "eventbridge-in-sns": all_failed,
        "malformed-body": all_failed,
        "plain-text": all_failed,
        "sns-alarm": undelivered,
        "sqs-alarms": all_failed,
    },
    "SlackAlertsFunction": {"lane-alarms": all_failed},
    "ActionsFunction": {"action-alarm": all_failed, "action-request": all_failed},
    "RedriveFunction": {"redrive-dry-run": stopped_early},
    "NoticesFunction": {"notices": publish_failed},
}
