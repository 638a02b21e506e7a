import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aws_events.alarm import Alarm, Trigger
from aws_events.alarm_parsing import parse_alarm
from holdfast_cli.kinds import SAMPLES
from slack_alerts.formatting.mrkdwn import units
from slack_alerts.pictures.widget import ALT_TEXT_LIMIT, SIZE, describe, widget, window_of
from tests.support.samples.events import alarm_message

CHANGED_AT = datetime(2026, 1, 31, 2, 14, 41, 123_000, tzinfo=UTC)


def alarm_of(text: str) -> tuple[Alarm, Trigger]:
    alarm = parse_alarm(text)
    assert alarm.trigger is not None
    return alarm, alarm.trigger


def sample(name: str) -> tuple[Alarm, Trigger]:
    return alarm_of((SAMPLES / f"{name}.json").read_text())


def graph_of(alarm: Alarm, trigger: Trigger) -> Any:  # noqa: ANN401 - JSON
    return json.loads(widget(alarm, trigger, window_of(alarm, trigger, CHANGED_AT)))


def test_a_metric_has_its_threshold_and_the_moment_of_the_change() -> None:
    graph = graph_of(*sample("alarm-metric"))
    assert (graph["width"], graph["height"]) == SIZE
    assert (graph["region"], graph["theme"], graph["timezone"]) == ("eu-west-1", "dark", "+0000")
    [[*names, options]] = graph["metrics"]
    assert names[:2] == ["AWS/EC2", "CPUUtilization"]
    assert len(names) % 2 == 0
    assert options == {"stat": "Average", "period": 60}
    [line] = graph["annotations"]["horizontal"]
    assert line["value"] == 90.0
    assert line["label"].startswith("threshold > 90")
    [mark] = graph["annotations"]["vertical"]
    assert (mark["value"], mark["label"]) == ("2026-01-31T02:14:41.000Z", "ALARM")


def test_metric_math_shows_its_result_and_hides_its_inputs() -> None:
    rate, errors, requests = graph_of(*sample("alarm-math"))["metrics"]
    assert rate == [{"expression": "100 * errors / requests", "id": "rate", "label": "Error rate"}]
    assert errors[:4] == ["AWS/ApiGateway", "5XXError", "ApiName", "checkout"]
    assert (errors[-1]["id"], errors[-1]["visible"]) == ("errors", False)
    assert requests[-1]["visible"] is False


def test_an_anomaly_shows_its_metric_and_its_band_and_no_threshold() -> None:
    graph = graph_of(*sample("alarm-anomaly"))
    orders, band = graph["metrics"]
    assert orders == ["Shop", "Orders", "Channel", "web", {"stat": "Sum", "id": "orders", "period": 60}]
    assert band == [{"expression": "ANOMALY_DETECTION_BAND(orders, 2)", "id": "band", "label": "Orders (expected)"}]
    assert "horizontal" not in graph["annotations"]


@pytest.mark.parametrize(
    ("word", "stat"),
    [
        ("AVERAGE", "Average"),
        ("SUM", "Sum"),
        ("SAMPLE_COUNT", "SampleCount"),
        ("p99", "p99"),
        ("IQM", "IQM"),
        ("", "Average"),
    ],
)
def test_the_statistic_is_in_the_words_of_a_graph(word: str, stat: str) -> None:
    trigger = {"MetricName": "Errors", "Namespace": "AWS/Lambda", "Statistic": word, "Threshold": 5.0}
    [[*_, options]] = graph_of(*alarm_of(alarm_message(Trigger=trigger)))["metrics"]
    assert options["stat"] == stat


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (10, timedelta(hours=1)),
        (60, timedelta(hours=1)),
        (300, timedelta(hours=5)),
        (86_400, timedelta(days=14)),
        (10**12, timedelta(days=14)),
    ],
)
def test_the_window_depends_on_the_period(period: int, before: timedelta) -> None:
    alarm, trigger = alarm_of(alarm_message(Trigger={"MetricName": "Errors", "Period": period}))
    assert alarm.changed_at is not None
    soon = window_of(alarm, trigger, alarm.changed_at + timedelta(seconds=2))
    assert (alarm.changed_at - soon.start, soon.end - alarm.changed_at) == (before, timedelta(seconds=2))
    late = window_of(alarm, trigger, alarm.changed_at + timedelta(days=30))
    assert (alarm.changed_at - late.start, late.end - alarm.changed_at) == (before, before / 4)


def test_a_clock_behind_the_alarm_still_shows_the_change() -> None:
    alarm, trigger = sample("alarm-metric")
    window = window_of(alarm, trigger, CHANGED_AT - timedelta(hours=2))
    assert window.start < window.end == alarm.changed_at


def test_the_description_says_the_picture_in_words() -> None:
    alarm, trigger = sample("alarm-metric")
    said = describe(alarm, window_of(alarm, trigger, CHANGED_AT))
    assert said.startswith("Graph from 2026-01-31 01:14 to 2026-01-31 02:14 UTC. Rule of the alarm: Average of AWS/EC2")
    assert "At the change to ALARM: CPUUtilization" in said


def test_a_long_description_is_cut_to_the_limit_of_slack() -> None:
    alarm, trigger = alarm_of(alarm_message(Trigger={"MetricName": "x" * 5_000, "Threshold": 5.0}))
    assert units(describe(alarm, window_of(alarm, trigger, CHANGED_AT))) <= ALT_TEXT_LIMIT
