"""An alarm in words: the value against the rule, the rule itself, the dimension that matters."""

import re

from aws_events.alarm import Alarm, AlarmState, Query, Trigger
from aws_events.alarm_reading import operator_of
from notifications.arns import name_of
from notifications.building import joined
from notifications.numbers import duration, with_unit

OPERATORS = {
    "GreaterThanOrEqualToThreshold": "≥",
    "GreaterThanThreshold": ">",
    "LessThanOrEqualToThreshold": "≤",
    "LessThanThreshold": "<",
}
SIDES = {
    "GreaterThanUpperThreshold": "above",
    "LessThanLowerThreshold": "below",
    "LessThanLowerOrGreaterThanUpperThreshold": "outside",
}
UNITS = {
    ("AWS/Lambda", "Duration"): "Milliseconds",
    ("AWS/Lambda", "IteratorAge"): "Milliseconds",
    ("AWS/ApplicationELB", "TargetResponseTime"): "Seconds",
    ("AWS/ELB", "Latency"): "Seconds",
    ("AWS/ApiGateway", "Latency"): "Milliseconds",
    ("AWS/ApiGateway", "IntegrationLatency"): "Milliseconds",
    ("AWS/SQS", "ApproximateAgeOfOldestMessage"): "Seconds",
    ("AWS/RDS", "FreeStorageSpace"): "Bytes",
    ("AWS/RDS", "FreeableMemory"): "Bytes",
    ("AWS/RDS", "ReplicaLag"): "Seconds",
    ("AWS/RDS", "ReadLatency"): "Seconds",
    ("AWS/RDS", "WriteLatency"): "Seconds",
    ("AWS/States", "ExecutionTime"): "Milliseconds",
}
"""Units of metrics whose alarms name none; a name that ends with Utilization or Percent is in percent."""
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
CHILD = re.compile(r"\b(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*\"?([^\")]+)\"?\s*\)")
STATES = {"ALARM": "in ALARM", "OK": "OK", "INSUFFICIENT_DATA": "without data"}
BARS = "▁▂▃▄▅▆▇█"
CHILDREN = 3
"""Triggering alarms that the line names."""


def said(alarm: Alarm) -> str:
    """Return what is wrong in one line: `CPUUtilization 97.3 % > 90 % in 3 of 5 min, i-0a1`."""
    if alarm.rule:
        children = [f"{name_of(one.arn)} is {STATES.get(one.state, one.state)}" for one in alarm.children]
        return (
            joined(
                ", ".join(children[:CHILDREN]), f"{len(children) - CHILDREN:,} more" if len(children) > CHILDREN else ""
            )
            or alarm.reason
        )
    return joined(_compared(alarm) or alarm.reason.rstrip("."), thing(alarm), _past(alarm))


def thing(alarm: Alarm) -> str:
    """Return the contributor or the dimension that names the thing itself."""
    if alarm.contributor:
        return ", ".join(f"{name} {value}" for name, value in alarm.contributor)
    dimensions = dict(alarm.trigger.dimensions) if alarm.trigger else {}
    name = next((one for one in DIMENSIONS if one in dimensions), next(iter(dimensions), ""))
    return name_of(dimensions.get(name, ""))


def rule(alarm: Alarm) -> str:
    """Return the rule in words: `Average of AWS/EC2 CPUUtilization > 90 % in 3 of 5 periods of 1 min`."""
    if alarm.rule:
        return CHILD.sub(lambda found: f"{name_of(found[2])} is {STATES[found[1]]}", alarm.rule)
    if alarm.promql or alarm.log_query:
        return joined(alarm.promql, alarm.log_query)
    if (trigger := alarm.trigger) is None:
        return ""
    watched = trigger.watched
    metric = joined(watched.namespace, watched.metric, by=" ") or watched.name
    metric = f"{statistic(watched.statistic)} of {metric}" if watched.statistic else metric
    return joined(metric, _limit(alarm, trigger), _span(trigger, alarm.reading.period or watched.period), by=" ")


def inputs(trigger: Trigger) -> list[tuple[str, str]]:
    """Return the expression of metric math and each metric in it, as facts."""
    if not any(query.expression for query in trigger.queries):
        return []
    return [(query.label or query.id, _input(query)) for query in trigger.queries]


def statistic(word: str) -> str:
    """Return Average for AVERAGE and p99 for p99."""
    return word.capitalize() if word.isupper() else word


def sparkline(alarm: Alarm) -> str:
    """Return the datapoints as bars, the newest last; "" for fewer than two."""
    values = alarm.reading.values[::-1]
    if len(values) < 2:  # noqa: PLR2004 - one value has no course
        return ""
    low, high = min(values), max(values)
    steps = [round((value - low) / (high - low) * (len(BARS) - 1)) if high > low else 0 for value in values]
    return f"{''.join(BARS[step] for step in steps)} {_shown(alarm, values[0])} → {_shown(alarm, values[-1])}"


def _compared(alarm: Alarm) -> str:
    """Return the newest value against the rule; "" if the message has no value."""
    trigger, reading = alarm.trigger, alarm.reading
    name = trigger.watched.name if trigger else "log query" if alarm.log_query else "query" if alarm.promql else ""
    if reading.is_missing and not reading.values:
        return joined(name, "no datapoints", by=": ")
    if not reading.values:
        return ""
    value = joined(name, _shown(alarm, reading.values[0]), by=" ")
    limit = _limit(alarm, trigger)
    if alarm.state is not AlarmState.ALARM:
        return joined(value, f"rule {limit}" if limit else "")
    return joined(value, limit, _times(alarm), by=" ")


def _limit(alarm: Alarm, trigger: Trigger | None) -> str:
    reading = alarm.reading
    operator = (trigger.operator if trigger else "") or operator_of(alarm.reason)
    if operator in SIDES or reading.lower is not None or reading.upper is not None:
        band = " to ".join(_shown(alarm, one) for one in (reading.lower, reading.upper) if one is not None)
        return joined(_side(alarm, operator), "the band", band, by=" ")
    threshold = trigger.threshold if trigger and trigger.threshold is not None else reading.threshold
    return f"{OPERATORS.get(operator, 'against')} {_shown(alarm, threshold)}" if threshold is not None else ""


def _side(alarm: Alarm, operator: str) -> str:
    """Return the side of the band on which the newest value is."""
    reading = alarm.reading
    if alarm.state is AlarmState.ALARM and reading.values:
        if reading.upper is not None and reading.values[0] > reading.upper:
            return "above"
        if reading.lower is not None and reading.values[0] < reading.lower:
            return "below"
    return SIDES.get(operator, "outside")


def _times(alarm: Alarm) -> str:
    """Return `in 3 of 5 min`, `in 2 of 3 × 5 min` or `for 10 min`."""
    trigger, reading = alarm.trigger, alarm.reading
    period = reading.period or (trigger.watched.period if trigger else None)
    breaching = (trigger.datapoints if trigger else None) or reading.breaching
    evaluated = (trigger.periods if trigger else None) or reading.evaluated
    if not breaching or not evaluated or not period:
        return ""
    if breaching >= evaluated:
        return f"for {duration(evaluated * period)}"
    minutes = period == 60  # noqa: PLR2004 - a minute
    return f"in {breaching} of {evaluated} min" if minutes else f"in {breaching} of {evaluated} × {duration(period)}"


def _span(trigger: Trigger, period: int | None) -> str:
    if not trigger.periods or not period:
        return ""
    datapoints = trigger.datapoints or trigger.periods
    if datapoints >= trigger.periods:
        return f"for {duration(trigger.periods * period)}"
    return f"in {datapoints} of {trigger.periods} periods of {duration(period)}"


def _shown(alarm: Alarm, value: float) -> str:
    watched = alarm.trigger.watched if alarm.trigger else Query()
    unit = alarm.reading.unit if alarm.reading.unit not in {"", "None"} else watched.unit or _unit(watched)
    return with_unit(value, unit)


def _unit(query: Query) -> str:
    is_percentage = query.metric.endswith(("Utilization", "Percent", "Percentage"))
    return UNITS.get((query.namespace, query.metric), "Percent" if is_percentage else "")


def _input(query: Query) -> str:
    dimensions = ", ".join(f"{name} {value}" for name, value in query.dimensions)
    metric = joined(statistic(query.statistic), query.namespace, query.metric, by=" ")
    return joined(query.expression or metric, dimensions, query.account and f"account {query.account}")


def _past(alarm: Alarm) -> str:
    """Return how long the alarm was in ALARM, once that is over."""
    if alarm.old_state != AlarmState.ALARM.value or alarm.in_old_state_since is None or alarm.changed_at is None:
        return ""
    return f"after {duration((alarm.changed_at - alarm.in_old_state_since).total_seconds())} in ALARM"
