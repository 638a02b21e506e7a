"""The JSON that CloudWatch publishes when a metric alarm changes state -> Alarm.

Fields: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class AlarmState(Enum):
    """The three states CloudWatch knows."""

    ALARM = "ALARM"
    OK = "OK"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What a metric alarm watches; None where the alarm does not say."""

    metric: str
    namespace: str
    statistic: str
    operator: str
    threshold: float | None
    period: int | None
    """Seconds."""
    periods: int | None
    dimensions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A CloudWatch alarm at the moment its state changed."""

    name: str
    state: AlarmState
    old_state: str
    reason: str
    description: str
    account: str
    region: str
    """The code (eu-west-1) where the ARN tells it, else what the message calls it."""
    arn: str
    changed_at: datetime | None
    trigger: Trigger | None


class NotAnAlarm(ValueError):  # noqa: N818 - the name says what it is
    """The text is something other than a CloudWatch alarm's state change."""


def parse_alarm(text: str) -> Alarm:
    """CloudWatch's JSON -> Alarm; a missing or oddly typed field is left empty. Raises NotAnAlarm."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAnAlarm("not JSON") from error
    if not isinstance(message, dict):
        raise NotAnAlarm("not a JSON object")
    name, state = message.get("AlarmName"), _text(message.get("NewStateValue"))
    if not isinstance(name, str) or state not in {one.value for one in AlarmState}:
        raise NotAnAlarm("no AlarmName, or a NewStateValue that CloudWatch does not have")
    arn = _text(message.get("AlarmArn"))
    return Alarm(
        name=name,
        state=AlarmState(state),
        old_state=_text(message.get("OldStateValue")),
        reason=_text(message.get("NewStateReason")),
        description=_text(message.get("AlarmDescription")),
        account=_text(message.get("AWSAccountId")),
        region=_region(arn) or _text(message.get("Region")),
        arn=arn,
        changed_at=_moment(message.get("StateChangeTime")),
        trigger=_trigger(message.get("Trigger")),
    )


def _trigger(value: object) -> Trigger | None:
    if not isinstance(value, dict) or not isinstance(value.get("MetricName"), str):
        return None
    return Trigger(
        metric=value["MetricName"],
        namespace=_text(value.get("Namespace")),
        statistic=_text(value.get("Statistic")) or _text(value.get("ExtendedStatistic")),
        operator=_text(value.get("ComparisonOperator")),
        threshold=_number(value.get("Threshold")),
        period=_whole(value.get("Period")),
        periods=_whole(value.get("EvaluationPeriods")),
        dimensions=_dimensions(value.get("Dimensions")),
    )


def _dimensions(value: object) -> tuple[tuple[str, str], ...]:
    """CloudWatch writes name and value in lower case, its emulators write Name and Value."""
    pairs = value if isinstance(value, list) else []
    lowered = [{str(key).lower(): one for key, one in pair.items()} for pair in pairs if isinstance(pair, dict)]
    return tuple((_text(pair.get("name")), _text(pair.get("value"))) for pair in lowered)


def _region(arn: str) -> str:
    """arn:partition:cloudwatch:region:account:alarm:name -> region; the message itself gives a display name."""
    parts = arn.split(":")
    return parts[3] if len(parts) > 3 else ""  # noqa: PLR2004 - the region is the fourth part


def _moment(value: object) -> datetime | None:
    """2026-01-31T12:00:00.000+0000, or the same with Z."""
    try:
        moment = datetime.fromisoformat(_text(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _number(value: object) -> float | None:
    try:
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    except OverflowError:
        return None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
