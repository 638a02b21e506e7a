"""The trigger of a metric alarm -> the graph that CloudWatch draws, and its description in words.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Metric-Widget-Structure.html
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aws_events.alarm import Alarm, Query, Trigger
from notifications.alarm_rule import limit, rule
from notifications.alarm_words import said
from slack_alerts.formatting.mrkdwn import clean, one_line

SIZE = (800, 400)
"""Width and height."""
STATISTICS = {
    "AVERAGE": "Average",
    "SUM": "Sum",
    "MINIMUM": "Minimum",
    "MAXIMUM": "Maximum",
    "SAMPLE_COUNT": "SampleCount",
    "SAMPLECOUNT": "SampleCount",
}
"""Names of statistics in SNS messages -> in a graph. Others, like p99, are the same in both."""
DEFAULT_PERIOD = 300
SHOWN_PERIODS = 60
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=14)
"""Bounds of the time before the change."""
THRESHOLD_COLOUR, CHANGE_COLOUR = "#e01e5a", "#8d8d8d"
ALT_TEXT_LIMIT, LABEL_LIMIT = 1000, 200


@dataclass(frozen=True, slots=True)
class Window:
    """The time that the graph shows, around the change."""

    start: datetime
    end: datetime


def window_of(alarm: Alarm, trigger: Trigger, now: datetime) -> Window:
    """Return SHOWN_PERIODS before the change and a quarter as long after it, but not beyond now."""
    changed_at = alarm.changed_at or now
    period = max((query.period or 0 for query in trigger.queries), default=0) or DEFAULT_PERIOD
    before = min(max(timedelta(seconds=min(period, 86_400) * SHOWN_PERIODS), SHORTEST), LONGEST)
    return Window(changed_at - before, min(max(now, changed_at), changed_at + before / 4))


def widget(alarm: Alarm, trigger: Trigger, window: Window) -> str:
    """Return the graph as JSON: each metric, the threshold as a line or a band, and the moment of the change."""
    width, height = SIZE
    graph: dict[str, object] = {
        "width": width,
        "height": height,
        "region": alarm.region,
        "theme": "dark",  # readable in Slack's light mode too
        "timezone": "+0000",
        "start": _iso(window.start),
        "end": _iso(window.end),
        "view": "timeSeries",
        "stacked": False,
        "metrics": [_metric(query, trigger) for query in trigger.queries],
        "annotations": dict(_marks(alarm, trigger)),
    }
    return json.dumps(graph, allow_nan=False)


def describe(alarm: Alarm, window: Window) -> str:
    """Return the picture in words."""
    times = f"from {window.start.astimezone(UTC):%Y-%m-%d %H:%M} to {window.end.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    text = f"Graph {times}. Rule of the alarm: {rule(alarm)}. At the change to {alarm.state.value}: {said(alarm)}."
    return clean(one_line(text), ALT_TEXT_LIMIT)


def _marks(alarm: Alarm, trigger: Trigger) -> Iterator[tuple[str, object]]:
    threshold = trigger.threshold if trigger.threshold is not None else alarm.reading.threshold
    if threshold is not None and not trigger.band:
        label = clean(one_line(f"threshold {limit(alarm)}"), LABEL_LIMIT)
        yield "horizontal", [{"value": float(threshold), "label": label, "color": THRESHOLD_COLOUR}]
    if alarm.changed_at is not None:
        yield "vertical", [{"value": _iso(alarm.changed_at), "label": alarm.state.value, "color": CHANGE_COLOUR}]


def _metric(query: Query, trigger: Trigger) -> list[object]:
    """Return a metric or an expression as a graph takes it: names first, the options last."""
    options: dict[str, object] = dict(_options(query, trigger))
    if query.expression:
        return [{"expression": query.expression, **options}]
    dimensions = [part for dimension in query.dimensions for part in dimension]
    return [query.namespace, query.metric, *dimensions, {"stat": _statistic(query), **options}]


def _options(query: Query, trigger: Trigger) -> Iterator[tuple[str, object]]:
    if query.id:
        yield "id", query.id
    if query.label:
        yield "label", clean(one_line(query.label), LABEL_LIMIT)
    if query.period:
        yield "period", query.period
    if query is not trigger.watched and query.expression != (trigger.band or None):
        yield "visible", False


def _statistic(query: Query) -> str:
    return STATISTICS.get(query.statistic.upper(), query.statistic) or "Average"


def _iso(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
