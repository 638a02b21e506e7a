"""The kinds of events: how each is recognised, its parser, its sample. This table is the documentation (`make kinds`).

A parser is a function `Body -> Notification` in the module of its family, which is imported when its row matches. To
add a kind, write the function, a row here and a sample in events/kinds/ (docs/adding-a-kind.md).
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from notifications.body import Body
from notifications.matching import Matcher, event, fields
from notifications.models import Notification


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of event."""

    name: str
    matches: Matcher
    parser: str
    """family.function below `notifications`."""
    samples: tuple[str, ...]
    """Files in events/kinds/."""

    def load(self) -> Callable[[Body], Notification]:
        """Import the family and return the parser."""
        family, _, function = self.parser.partition(".")
        parser: Callable[[Body], Notification] = getattr(import_module(f"notifications.{family}"), function)
        return parser


ALARMS = (
    Row(
        "CloudWatch alarm in SNS",
        fields("AlarmName", "NewStateValue"),
        "alarms.alarm",
        (
            "alarm-metric.json",
            "alarm-ok.json",
            "alarm-no-data.json",
            "alarm-math.json",
            "alarm-anomaly.json",
            "alarm-composite.json",
            "alarm-contributor.json",
            "alarm-log.json",
        ),
    ),
    Row(
        "CloudWatch alarm in EventBridge",
        event("aws.cloudwatch", "CloudWatch Alarm State Change", "CloudWatch Alarm Contributor State Change"),
        "alarms.alarm",
        ("alarm-event.json", "alarm-event-ok.json", "alarm-event-composite.json", "alarm-event-contributor.json"),
    ),
    Row("CloudWatch alarm's Lambda action", fields("alarmData.state.value"), "alarms.alarm", ("alarm-action.json",)),
    Row(
        "CloudWatch alarm configuration",
        event("aws.cloudwatch", "CloudWatch Alarm Configuration Change"),
        "alarms.configuration_change",
        ("alarm-configuration.json",),
    ),
)

SECURITY = (
    Row(
        "GuardDuty finding",
        event("aws.guardduty", "GuardDuty Finding"),
        "security.guardduty_finding",
        ("guardduty-finding.json",),
    ),
)

COST: tuple[Row, ...] = ()

DEPLOYMENTS: tuple[Row, ...] = ()

COMPUTE: tuple[Row, ...] = ()

DATA: tuple[Row, ...] = ()

MAIL: tuple[Row, ...] = ()

OPERATIONS: tuple[Row, ...] = ()

OTHER_TOOLS: tuple[Row, ...] = ()

KINDS = (*ALARMS, *SECURITY, *COST, *DEPLOYMENTS, *COMPUTE, *DATA, *MAIL, *OPERATIONS, *OTHER_TOOLS)
"""The first row that matches decides."""


def find(body: Body) -> Row | None:
    """Return the row of the body's kind, or None."""
    return next((row for row in KINDS if row.matches(body)), None)
