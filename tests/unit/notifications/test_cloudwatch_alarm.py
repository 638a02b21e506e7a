import json

import pytest

from notifications.cloudwatch_alarm import parse_cloudwatch_alarm
from notifications.models import Kind, Notification, Status
from tests.support.samples.events import alarm_message
from tests.support.samples.notifications import record


def parsed(**changes: object) -> Notification:
    notification = parse_cloudwatch_alarm(record(alarm_message(**changes)))
    assert notification is not None
    return notification


@pytest.mark.parametrize(
    ("state", "status"),
    [("ALARM", Status.FIRING), ("OK", Status.RESOLVED), ("INSUFFICIENT_DATA", Status.NO_DATA)],
)
def test_each_state_has_its_status_and_its_own_label(state: str, status: Status) -> None:
    notification = parsed(NewStateValue=state)
    assert (notification.kind, notification.status, notification.label) == (Kind.ALARM, status, state)


def metric_stat(name: str, **changes: object) -> dict[str, object]:
    metric = {"MetricName": name, "Namespace": "AWS/Lambda", "Dimensions": [{"name": "FunctionName", "value": "pay"}]}
    return {"Id": "m1", "MetricStat": {"Metric": metric, "Period": 300, "Stat": "Average"}, **changes}


RATE = {"Id": "e1", "Expression": "100*m1/m2", "Label": "Error rate", "ReturnData": True}
METRIC_MATH = {
    "Metrics": [RATE, metric_stat("Errors", ReturnData=False)],
    "EvaluationPeriods": 2,
    "ComparisonOperator": "GreaterThanThreshold",
    "Threshold": 5,
}
BAND = {"Id": "ad1", "Expression": "ANOMALY_DETECTION_BAND(m1, 2)", "Label": "expected", "ReturnData": True}
ANOMALY = {
    "Metrics": [BAND, metric_stat("Duration", ReturnData=True)],
    "EvaluationPeriods": 3,
    "ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold",
    "ThresholdMetricId": "ad1",
}
ANOMALY_RULE = "Average AWS/Lambda Duration outside ANOMALY_DETECTION_BAND(m1, 2) for 3 × 300 s"
QUERY = "SELECT MAX(x) GROUP BY Table"
CONTRIBUTOR = {
    "Trigger": {"Metrics": [{"Id": "q1", "Expression": QUERY, "ReturnData": True}]},
    "AlarmContributorId": "6d44",
    "AlarmContributorAttributes": {"Table": "orders"},
}


def composite(state: object) -> dict[str, object]:
    child = {"Arn": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:api-5xx", "State": state}
    return {"Trigger": None, "AlarmRule": "ALARM(api-5xx)", "TriggeringChildren": [child, "dlq"]}


@pytest.mark.parametrize(
    ("changes", "facts"),
    [
        ({}, {"Rule": "Sum AWS/Lambda Errors > 5 for 2 × 60 s", "FunctionName": "checkout"}),
        *(({"Trigger": trigger}, {}) for trigger in (None, {}, {"MetricName": 5}, "text")),
        ({"Trigger": {"MetricName": "Errors"}}, {"Rule": "Errors"}),
        ({"Trigger": METRIC_MATH}, {"Rule": "Error rate > 5"}),
        ({"Trigger": METRIC_MATH | {"Metrics": [RATE | {"Label": ""}]}}, {"Rule": "100*m1/m2 > 5"}),
        ({"Trigger": ANOMALY}, {"Rule": ANOMALY_RULE, "FunctionName": "pay"}),
        (CONTRIBUTOR, {"Rule": QUERY, "Table": "orders"}),
        (composite({"Value": "ALARM"}), {"Rule": "ALARM(api-5xx)", "Triggered by": "api-5xx: ALARM\ndlq"}),
        *(
            (composite(state), {"Rule": "ALARM(api-5xx)", "Triggered by": "api-5xx\ndlq"})
            for state in (None, {}, {"Value": None})
        ),
    ],
)
def test_d6_the_facts_are_the_change_the_rule_and_the_dimensions_or_alarms(
    changes: dict[str, object], facts: dict[str, str]
) -> None:
    assert parsed(**changes).facts == (("State", "OK → ALARM"), *facts.items())
    assert parsed(**changes, OldStateValue=None).facts == tuple(facts.items())


@pytest.mark.parametrize(
    "field", ["Trigger", "AlarmRule", "TriggeringChildren", "AlarmContributorAttributes", "Metrics", "Threshold"]
)
def test_d6_any_part_of_these_may_be_missing_or_of_another_type(field: str) -> None:
    values: list[object] = [None, 5, "x", [], [None, 5, "x"], {}, {"State": 5}, [{"MetricStat": 5}], [[]]]
    for value in values:
        notification = parsed(**{"Trigger": {field: value}} if field in {"Metrics", "Threshold"} else {field: value})
        assert notification.title == "checkout-errors"
        assert all(name and value for name, value in notification.facts)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1" * 5000, "1e999"])
def test_d9_an_alarm_with_an_unusual_number_is_still_an_alarm(number: str) -> None:
    text = alarm_message().replace('"Threshold": 5.0', f'"Threshold": {number}')
    notification = parse_cloudwatch_alarm(record(text))
    assert notification is not None
    assert dict(notification.facts)["Rule"].startswith("Sum AWS/Lambda Errors")


@pytest.mark.parametrize(
    ("arn", "host"),
    [
        ("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:x", "https://eu-west-1.console.aws.amazon.com/"),
        ("arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:x", "https://cn-north-1.console.amazonaws.cn/"),
        (
            "arn:aws-us-gov:cloudwatch:us-gov-west-1:123456789012:alarm:x",
            "https://us-gov-west-1.console.amazonaws-us-gov.com/",
        ),
        *((arn, "") for arn in (None, "", "x")),
        ("arn:aws:cloudwatch:evil.example.com/:123456789012:alarm:x", ""),
        ("arn:aws-moon:cloudwatch:eu-west-1:123456789012:alarm:x", ""),
    ],
)
def test_the_link_opens_the_console_of_the_alarms_partition_if_it_is_known(arn: object, host: str) -> None:
    console = parsed(AlarmArn=arn).console
    assert console.startswith(host)
    assert bool(console) == bool(host)


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("a/b>|<!channel> &?#", "alarm/a%2Fb%3E%7C%3C%21channel%3E%20%26%3F%23"),
        ("half \ud83d", "alarm/half%20%3F"),  # D8
    ],
)
def test_the_alarms_name_is_quoted_in_the_link(name: str, end: str) -> None:
    notification = parsed(AlarmName=name)
    assert notification.title == name
    assert notification.console.endswith(end)


def test_another_message_is_no_alarm() -> None:
    assert parse_cloudwatch_alarm(record(json.dumps({"detail": {}}))) is None
