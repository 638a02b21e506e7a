"""Parse the JSON that CloudWatch publishes when an alarm changes state.

Fields: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from aws_events.loose_json import dict_of, list_of, load, number_of, text_of, whole_of
from aws_events.timestamps import datetime_of

SEVERITY = re.compile(r"(?im)^severity:[ \t]*([A-Za-z0-9._-]{1,64})[ \t]*$")


class AlarmState(Enum):
    """The states of a CloudWatch alarm."""

    ALARM = "ALARM"
    OK = "OK"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """The metric and the threshold of an alarm; None for a missing number."""

    metric: str
    """The metric's name; for metric math, the label or the expression."""
    namespace: str
    statistic: str
    operator: str
    threshold: float | None
    period: int | None
    """Seconds."""
    periods: int | None
    dimensions: tuple[tuple[str, str], ...]
    band: str
    """The band's expression, which replaces the threshold of an anomaly alarm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A CloudWatch alarm whose state changed."""

    name: str
    state: AlarmState
    old_state: str
    reason: str
    description: str
    account: str
    region: str
    """The code in the ARN (eu-west-1), else the name in the message."""
    arn: str
    changed_at: datetime | None
    trigger: Trigger | None
    rule: str
    """The rule of a composite alarm."""
    children: tuple[tuple[str, str], ...]
    """(ARN or name, state) of the alarms that triggered a composite alarm."""
    contributor: tuple[tuple[str, str], ...]
    """(attribute, value) pairs that identify this time series among those of the same alarm."""
    contributor_id: str

    @property
    def identity(self) -> str:
        """Identify one change of one alarm, the same for every copy; "" if account or time is missing."""
        if not self.account or self.changed_at is None:
            return ""
        changed_at = self.changed_at.astimezone(UTC).isoformat()
        series = [self.contributor_id, sorted(self.contributor)]
        return json.dumps(["alarm", self.account, self.region, self.name, series, self.state.value, changed_at])

    @property
    def severity(self) -> str:
        """Return the word in a line `Severity: high` of the description: CloudWatch has no field for it."""
        found = SEVERITY.search(self.description)
        return found[1] if found else ""


class NotAnAlarm(ValueError):
    """The text is not a CloudWatch alarm's state change."""


def parse_alarm(text: str) -> Alarm:
    """Parse CloudWatch's JSON. A missing field, or one of another type, is left empty. Raise NotAnAlarm."""
    try:
        message = load(text)
    except ValueError as error:
        raise NotAnAlarm("not JSON") from error
    if not isinstance(message, dict):
        raise NotAnAlarm("not a JSON object")
    name, state = message.get("AlarmName"), text_of(message.get("NewStateValue"))
    if not isinstance(name, str) or state not in {one.value for one in AlarmState}:
        raise NotAnAlarm("no AlarmName, or a NewStateValue that CloudWatch does not have")
    arn = text_of(message.get("AlarmArn"))
    return Alarm(
        name=name,
        state=AlarmState(state),
        old_state=text_of(message.get("OldStateValue")),
        reason=text_of(message.get("NewStateReason")),
        description=text_of(message.get("AlarmDescription")),
        account=text_of(message.get("AWSAccountId")),
        region=_region(arn) or text_of(message.get("Region")),
        arn=arn,
        changed_at=datetime_of(message.get("StateChangeTime")),
        trigger=_trigger(message.get("Trigger")),
        rule=text_of(message.get("AlarmRule")),
        children=tuple(_child(child) for child in list_of(message.get("TriggeringChildren"))),
        contributor=tuple(
            (key, text_of(one)) for key, one in dict_of(message.get("AlarmContributorAttributes")).items()
        ),
        contributor_id=text_of(message.get("AlarmContributorId")),
    )


def _trigger(value: object) -> Trigger | None:
    trigger = dict_of(value)
    queries = [dict_of(query) for query in list_of(trigger.get("Metrics"))]
    bands = [query for query in queries if query.get("Id", "") == trigger.get("ThresholdMetricId")]
    watched = next((query for query in queries if query.get("ReturnData") and query not in bands), {})
    stat = dict_of(watched.get("MetricStat"))
    metric = {**trigger, **dict_of(stat.get("Metric"))}
    name = text_of(watched.get("Label")) or text_of(watched.get("Expression")) or text_of(metric.get("MetricName"))
    if not name and not queries and "MetricName" not in trigger:
        return None
    return Trigger(
        metric=name,
        namespace=text_of(metric.get("Namespace")),
        statistic=text_of(stat.get("Stat"))
        or text_of(trigger.get("Statistic"))
        or text_of(trigger.get("ExtendedStatistic")),
        operator=text_of(trigger.get("ComparisonOperator")),
        threshold=number_of(trigger.get("Threshold")),
        period=whole_of(stat.get("Period")) or whole_of(trigger.get("Period")),
        periods=whole_of(trigger.get("EvaluationPeriods")),
        dimensions=_dimensions(metric.get("Dimensions")),
        band=text_of(bands[0].get("Expression")) if bands else "",
    )


def _child(value: object) -> tuple[str, str]:
    """Read a name, as documented, or {"Arn": …, "State": {"Value": …}}, as CloudWatch sends it."""
    child = dict_of(value)
    return text_of(value) or text_of(child.get("Arn")), text_of(dict_of(child.get("State")).get("Value"))


def _dimensions(value: object) -> tuple[tuple[str, str], ...]:
    """Read the pairs; CloudWatch writes name and value in lower case, emulators write Name and Value."""
    lowered = [{key.lower(): one for key, one in dict_of(pair).items()} for pair in list_of(value)]
    return tuple((text_of(pair.get("name")), text_of(pair.get("value"))) for pair in lowered)


def _region(arn: str) -> str:
    """Return the region of arn:partition:cloudwatch:region:account:alarm:name."""
    parts = arn.split(":")
    return parts[3] if len(parts) > 3 else ""  # noqa: PLR2004 - the region is the fourth part
