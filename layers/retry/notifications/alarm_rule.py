"""The rule of an alarm in words."""

import re

from aws_events.alarm import Alarm, AlarmState, Query, Trigger
from aws_events.alarm_reading import operator_of
from notifications.alarm_units import shown
from notifications.arns import name_of
from notifications.building import joined
from notifications.numbers import duration

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
CHILD = re.compile(r"\b(ALARM|OK|INSUFFICIENT_DATA)\s{0,9}\(\s{0,9}\"?([^\")]{1,400})\"?\s{0,9}\)")
STATES = {"ALARM": "in ALARM", "OK": "OK", "INSUFFICIENT_DATA": "without data"}


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
    return joined(metric, limit(alarm), _span(trigger, alarm.reading.period or watched.period), by=" ")


def limit(alarm: Alarm) -> str:
    """Return `> 90 %` or `below the band 148.5 to 411.75`; "" if the message has no limit."""
    reading, trigger = alarm.reading, alarm.trigger
    operator = (trigger.operator if trigger else "") or operator_of(alarm.reason)
    if operator in SIDES or reading.lower is not None or reading.upper is not None:
        band = " to ".join(shown(alarm, one) for one in (reading.lower, reading.upper) if one is not None)
        return joined(_side(alarm, operator), "the band", band, by=" ")
    threshold = trigger.threshold if trigger and trigger.threshold is not None else reading.threshold
    return f"{OPERATORS.get(operator, 'against')} {shown(alarm, threshold)}" if threshold is not None else ""


def times(alarm: Alarm) -> str:
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


def inputs(trigger: Trigger) -> list[tuple[str, str]]:
    """Return the expression of metric math and each metric in it, as facts."""
    if not any(query.expression for query in trigger.queries):
        return []
    return [(query.label or query.id, _input(query)) for query in trigger.queries]


def statistic(word: str) -> str:
    """Return Average for AVERAGE and p99 for p99."""
    return word.capitalize() if word.isupper() else word


def _side(alarm: Alarm, operator: str) -> str:
    """Return the side of the band on which the newest value is."""
    reading = alarm.reading
    if alarm.state is AlarmState.ALARM and reading.values:
        if reading.upper is not None and reading.values[0] > reading.upper:
            return "above"
        if reading.lower is not None and reading.values[0] < reading.lower:
            return "below"
    return SIDES.get(operator, "outside")


def _span(trigger: Trigger, period: int | None) -> str:
    if not trigger.periods or not period:
        return ""
    datapoints = trigger.datapoints or trigger.periods
    if datapoints >= trigger.periods:
        return f"for {duration(trigger.periods * period)}"
    return f"in {datapoints} of {trigger.periods} periods of {duration(period)}"


def _input(query: Query) -> str:
    dimensions = ", ".join(f"{name} {value}" for name, value in query.dimensions)
    metric = joined(statistic(query.statistic), query.namespace, query.metric, by=" ")
    return joined(query.expression or metric, dimensions, query.account and f"account {query.account}")
