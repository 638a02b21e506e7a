import json

import pytest

from aws_events.severity import Severity
from holdfast_cli.kinds import SAMPLES, notification_of
from notifications.line import line
from notifications.models import Kind, Status
from notifications.parsing import parse
from tests.support.samples.events import alarm_message
from tests.support.samples.notifications import changed, read_sample, record

TWINS = [
    ("alarm-metric.json", "alarm-event.json"),
    ("alarm-metric.json", "alarm-action.json"),
    ("alarm-contributor.json", "alarm-event-contributor.json"),
]


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_one_change_has_one_identity_whatever_carried_it(one: str, other: str) -> None:
    first, second = (notification_of(SAMPLES / name) for name in (one, other))
    assert first.identity
    assert (first.identity, line(first)) == (second.identity, line(second))
    assert (first.kind, second.kind) == (Kind.ALARM, Kind.ALARM)
    assert first.subject == second.subject != ""


def test_the_changes_of_an_alarm_have_one_subject_and_identities_of_their_own() -> None:
    changes = [
        parse(record(alarm_message(NewStateValue=state, StateChangeTime=f"2026-01-31T12:00:0{number}.000+0000")))
        for number, state in enumerate(("ALARM", "OK", "INSUFFICIENT_DATA"))
    ]
    assert len({one.identity for one in changes}) == 3
    assert len({one.subject for one in changes}) == 1
    others = [parse(record(alarm_message(AlarmName="other"))), parse(record(alarm_message(AWSAccountId="1" * 12)))]
    assert len({one.subject for one in (*others, changes[0])}) == 3


def test_several_events_in_one_message_have_no_subject() -> None:
    assert parse(record(f"[{alarm_message()}, {alarm_message()}]")).subject == ""


@pytest.mark.parametrize("encodings", [1, 2])
def test_an_encoded_alarm_is_an_alarm(encodings: int) -> None:
    text = json.dumps(read_sample("alarm-metric.json"))
    for _ in range(encodings):
        text = json.dumps(text)
    assert parse(record(text)).identity == notification_of(SAMPLES / "alarm-metric.json").identity


def test_an_alarm_in_an_sns_message_in_a_message_is_an_alarm() -> None:
    text = (SAMPLES / "alarm-metric.json").read_text(encoding="utf-8")
    inner = {"Type": "Notification", "MessageId": "m", "TopicArn": "arn:aws:sns:eu-west-1:1:a", "Message": text}
    assert parse(record(json.dumps(inner))).title == "shop-cpu"


@pytest.mark.parametrize(
    ("description", "severity", "word"),
    [
        ("Severity: high", Severity.HIGH, "high"),
        ("slow\n  severity = SEV1  \nmore", Severity.CRITICAL, "SEV1"),
        ("Severity: purple", None, "purple"),
        ("This has severity: high consequences", None, ""),
        (None, None, ""),
    ],
)
def test_the_description_may_name_the_severity(description: str | None, severity: Severity | None, word: str) -> None:
    said = changed("alarm-metric.json", AlarmDescription=description)
    assert (said.severity, said.severity_word) == (severity, word)


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("eu-west-1", "https://eu-west-1.console.aws.amazon.com/"),
        ("cn-north-1", "https://cn-north-1.console.amazonaws.cn/"),
        ("us-gov-west-1", "https://us-gov-west-1.console.amazonaws-us-gov.com/"),
    ],
)
def test_links_lead_to_the_console_of_the_partition(region: str, host: str) -> None:
    said = changed("alarm-metric.json", AlarmArn=f"arn:aws:cloudwatch:{region}:111122223333:alarm:shop-cpu")
    pages = [link.url for link in said.links if link.words != "Runbook"]
    assert len(pages) == 2
    assert all(url.startswith(host) for url in pages)


def test_the_metric_of_another_account_names_that_account() -> None:
    trigger = read_sample("alarm-math.json")["Trigger"]
    trigger["Metrics"][0]["AccountId"] = "444455556666"
    assert changed("alarm-math.json", Trigger=trigger).account == "444455556666"


def test_numbers_are_exact() -> None:
    reason = "Threshold Crossed: 1 datapoint [5368709120.0 (31/01/26 11:59:00)] was less than the threshold (1.0E10)."
    trigger = read_sample("alarm-metric.json")["Trigger"] | {
        "MetricName": "FreeStorageSpace",
        "Namespace": "AWS/RDS",
        "Threshold": 10000000000.0,
        "ComparisonOperator": "LessThanThreshold",
    }
    said = changed("alarm-metric.json", NewStateReason=reason, Trigger=trigger)
    assert said.summary.startswith("FreeStorageSpace 5,368,709,120 B < 10,000,000,000 B in 3 of 5 min")


def test_missing_data_treated_as_breaching_is_said() -> None:
    reason = (
        "Threshold Crossed: no datapoints were received for 2 periods "
        "and 2 missing datapoints were treated as [Breaching]."
    )
    assert changed("alarm-metric.json", NewStateReason=reason).summary.startswith("CPUUtilization: no datapoints")


@pytest.mark.parametrize("sample", ["alarm-metric.json", "alarm-composite.json"])
@pytest.mark.parametrize(
    ("state", "status", "summary"),
    [
        ("ALARM", Status.FIRING, "the alarm is in ALARM"),
        ("OK", Status.RESOLVED, "the alarm is OK"),
        ("INSUFFICIENT_DATA", Status.NO_DATA, "the alarm is without data"),
    ],
)
def test_an_alarm_without_a_reason_is_an_alarm(sample: str, state: str, status: Status, summary: str) -> None:
    said = changed(sample, NewStateValue=state, NewStateReason="", Trigger={}, TriggeringChildren=[])
    assert (said.kind, said.status, said.summary) == (Kind.ALARM, status, summary)
    assert said.identity.startswith('["alarm"')
