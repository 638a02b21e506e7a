import json

import pytest

from slack_alerts.models import Notification, Status
from slack_alerts.parsing.cloudwatch_alarm import parse_cloudwatch_alarm
from tests.support.events import alarm_message
from tests.support.notifications import record


def parsed(**changes: object) -> Notification:
    notification = parse_cloudwatch_alarm(record(alarm_message(**changes)))
    assert notification is not None
    return notification


@pytest.mark.parametrize(
    ("state", "status"),
    [("ALARM", Status.FIRING), ("OK", Status.RESOLVED), ("INSUFFICIENT_DATA", Status.NO_DATA)],
)
def test_each_state_has_its_status_and_keeps_its_word(state: str, status: Status) -> None:
    notification = parsed(NewStateValue=state)
    assert (notification.status, notification.label) == (status, state)


def test_the_facts_say_the_change_the_rule_and_the_dimensions() -> None:
    assert parsed().facts == (
        ("State", "OK → ALARM"),
        ("Rule", "Sum AWS/Lambda Errors > 5 for 2 × 60 s"),
        ("FunctionName", "checkout"),
    )


@pytest.mark.parametrize("trigger", [None, {}, {"MetricName": 5}, "text"])
def test_an_alarm_without_a_readable_trigger_is_still_an_alarm(trigger: object) -> None:
    assert parsed(Trigger=trigger, OldStateValue=None).facts == ()


def test_a_rule_says_only_what_is_known() -> None:
    assert parsed(Trigger={"MetricName": "Errors"}, OldStateValue="").facts == (("Rule", "Errors"),)


@pytest.mark.parametrize(
    ("arn", "host"),
    [
        ("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:x", "https://eu-west-1.console.aws.amazon.com/"),
        ("arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:x", "https://cn-north-1.console.amazonaws.cn/"),
        (
            "arn:aws-us-gov:cloudwatch:us-gov-west-1:123456789012:alarm:x",
            "https://us-gov-west-1.console.amazonaws-us-gov.com/",
        ),
    ],
)
def test_the_link_goes_to_the_console_of_the_alarms_partition(arn: str, host: str) -> None:
    assert parsed(AlarmArn=arn).console.startswith(host)


@pytest.mark.parametrize(
    "arn",
    [
        None,
        "",
        "x",
        "arn:aws:cloudwatch:evil.example.com/:123456789012:alarm:x",
        "arn:aws-moon:cloudwatch:eu-west-1:123456789012:alarm:x",
    ],
)
def test_an_odd_arn_makes_no_link(arn: object) -> None:
    assert parsed(AlarmArn=arn).console == ""


def test_nothing_of_the_alarms_name_escapes_from_the_link() -> None:
    assert parsed(AlarmName="a/b>|<!channel> &?#").console.endswith("alarm/a%2Fb%3E%7C%3C%21channel%3E%20%26%3F%23")


def test_another_message_is_left_to_others() -> None:
    assert parse_cloudwatch_alarm(record(json.dumps({"detail": {}}))) is None
