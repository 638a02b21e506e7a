"""An alarm in one line: the value against the rule, and the dimension that matters."""

from aws_events.alarm import Alarm, AlarmState, Child
from notifications.alarm_rule import STATES, limit, times
from notifications.alarm_units import shown
from notifications.arns import name_of
from notifications.building import joined
from notifications.numbers import duration

DIMENSIONS = (
    "InstanceId",
    "FunctionName",
    "DBInstanceIdentifier",
    "DBClusterIdentifier",
    "QueueName",
    "TopicName",
    "ServiceName",
    "TargetGroup",
    "LoadBalancer",
    "ApiName",
    "ApiId",
    "StateMachineArn",
    "TableName",
    "StreamName",
    "BucketName",
    "CacheClusterId",
    "AutoScalingGroupName",
    "ClusterName",
    "DistributionId",
    "DomainName",
)
"""Dimensions that name the thing itself, the most specific first."""
CHILDREN = 3
"""Triggering alarms that the line names."""


def said(alarm: Alarm) -> str:
    """Return the alarm in one line: `CPUUtilization 97.3 % > 90 % in 3 of 5 min, i-0a1`.

    SetAlarmState takes an empty reason: the line has the state then.
    """
    why = (_children(alarm) if alarm.rule else _compared(alarm)) or alarm.reason.strip().rstrip(".")
    where = "" if alarm.rule else thing(alarm)
    return joined(why or f"the alarm is {STATES[alarm.state.value]}", where, _past(alarm))


def thing(alarm: Alarm) -> str:
    """Return the contributor or the dimension that names the thing itself."""
    if alarm.contributor:
        return ", ".join(f"{name} {value}" for name, value in alarm.contributor)
    dimensions = dict(alarm.trigger.dimensions) if alarm.trigger else {}
    name = next((one for one in DIMENSIONS if one in dimensions), next(iter(dimensions), ""))
    return name_of(dimensions.get(name, ""))


def _children(alarm: Alarm) -> str:
    """Return the alarms that triggered a composite alarm, with their states."""
    more = len(alarm.children) - CHILDREN
    return joined(*map(_child, alarm.children[:CHILDREN]), f"{more:,} more" if more > 0 else "")


def _child(child: Child) -> str:
    """Return `shop-cpu is in ALARM`; older messages have no states."""
    name = name_of(child.arn)
    return f"{name} is {STATES.get(child.state, child.state)}" if child.state else f"triggered by {name}"


def _compared(alarm: Alarm) -> str:
    """Return the newest value against the rule; "" if the message has no value."""
    trigger, reading = alarm.trigger, alarm.reading
    name = trigger.watched.name if trigger else "log query" if alarm.log_query else "query" if alarm.promql else ""
    if not reading.values:
        is_missing = reading.is_missing or (name and alarm.state is AlarmState.INSUFFICIENT_DATA)
        return joined(name, "no datapoints", by=": ") if is_missing else ""
    value, against = joined(name, shown(alarm, reading.values[0]), by=" "), limit(alarm)
    if alarm.state is not AlarmState.ALARM:
        return joined(value, f"rule {against}" if against else "")
    return joined(value, against, times(alarm), by=" ")


def _past(alarm: Alarm) -> str:
    """Return how long the alarm was in ALARM, once that is over."""
    if alarm.old_state != AlarmState.ALARM.value or alarm.in_old_state_since is None or alarm.changed_at is None:
        return ""
    return f"after {duration((alarm.changed_at - alarm.in_old_state_since).total_seconds())} in ALARM"
