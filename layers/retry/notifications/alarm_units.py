"""Values of an alarm's metric in words: with their unit, and as bars."""

from aws_events.alarm import Alarm, Query
from notifications.numbers import with_unit

UNITS = {
    ("AWS/Lambda", "Duration"): "Milliseconds",
    ("AWS/Lambda", "IteratorAge"): "Milliseconds",
    ("AWS/ApplicationELB", "TargetResponseTime"): "Seconds",
    ("AWS/ELB", "Latency"): "Seconds",
    ("AWS/ApiGateway", "Latency"): "Milliseconds",
    ("AWS/ApiGateway", "IntegrationLatency"): "Milliseconds",
    ("AWS/SQS", "ApproximateAgeOfOldestMessage"): "Seconds",
    ("AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds"): "Milliseconds",
    ("AWS/RDS", "FreeStorageSpace"): "Bytes",
    ("AWS/RDS", "FreeableMemory"): "Bytes",
    ("AWS/RDS", "ReplicaLag"): "Seconds",
    ("AWS/RDS", "ReadLatency"): "Seconds",
    ("AWS/RDS", "WriteLatency"): "Seconds",
    ("AWS/ElastiCache", "FreeableMemory"): "Bytes",
    ("AWS/States", "ExecutionTime"): "Milliseconds",
}
"""Units of metrics whose alarms name none; a name that ends with Utilization or Percent is in percent."""
BARS = "▁▂▃▄▅▆▇█"


def shown(alarm: Alarm, value: float) -> str:
    """Return the value with the unit of the alarm's metric."""
    watched = alarm.trigger.watched if alarm.trigger else Query()
    unit = alarm.reading.unit if alarm.reading.unit not in {"", "None"} else watched.unit or _unit(watched)
    return with_unit(value, unit)


def sparkline(alarm: Alarm) -> str:
    """Return the datapoints as bars, the newest last; "" for fewer than two."""
    values = alarm.reading.values[::-1]
    if len(values) < 2:  # noqa: PLR2004 - one value has no course
        return ""
    low, high = min(values), max(values)
    steps = [round((value - low) / (high - low) * (len(BARS) - 1)) if high > low else 0 for value in values]
    return f"{''.join(BARS[step] for step in steps)} {shown(alarm, values[0])} → {shown(alarm, values[-1])}"


def _unit(query: Query) -> str:
    is_percentage = query.metric.endswith(("Utilization", "Percent", "Percentage"))
    return UNITS.get((query.namespace, query.metric), "Percent" if is_percentage else "")
