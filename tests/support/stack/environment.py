"""The variables that the template gives to its functions, for queues, topics and a table in this process."""

import re
from collections.abc import Mapping

from tests.support.samples.events import TEST_ALARM_ARN
from tests.support.stack.template import ACTIONS, EMAIL, resolve

ACCOUNT = "123456789012"
QUEUES = {
    "alerts": "AlertsQueue",
    "dead": "AlertsDeadLetterQueue",
    "lanes.fifo": "LanesQueue",
    "lanes-dead.fifo": "LanesDeadLetterQueue",
    "parking": "ParkingQueue",
    "actions": "ActionsQueue",
    "actions-dead": "ActionsDeadLetterQueue",
}
"""Name of each queue -> its name in the template."""
TOPICS = {"alerts": "AlertsTopic", "ops": "OpsTopic", "actions": "ActionsTopic"}
URLS = {resource: f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/{name}" for name, resource in QUEUES.items()}
REFERENCES = {
    **URLS,
    **{f"{resource}.Arn": f"arn:aws:sqs:eu-west-1:{ACCOUNT}:{name}" for name, resource in QUEUES.items()},
    **{resource: f"arn:aws:sns:eu-west-1:{ACCOUNT}:{name}" for name, resource in TOPICS.items()},
    "ActionsCallRole.Arn": f"arn:aws:iam::{ACCOUNT}:role/calls",
    "DeliveriesTable": "deliveries",
    "TestAlarm.Arn": TEST_ALARM_ARN,
}
"""A reference in the template -> its value."""


def environment(function: str, references: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables of a function, such as SlackAlerts, in a stack with all its parts."""
    values = REFERENCES | dict(references or {})
    variables: dict[str, str] = resolve(OpsEmail=EMAIL, **ACTIONS)[f"{function}Function"]["Environment"]["Variables"]
    return {name: re.sub(r"<([\w.]+)>", lambda one: values[one[1]], value) for name, value in variables.items()}
