"""The pipeline watches itself: what is sent down its road, and what rings when it does not arrive."""

import json

import pytest

from record_batch.outcome import SkipReason
from slack_alerts.self_tests import HEARTBEAT
from tests.support.intrinsics import Json
from tests.support.template import EMAIL, PSEUDO, TOPIC, VARIANTS, Stack, source, stack

SERVICE = {"Name": "service", "Value": "holdfast.slack_alerts"}
WATCHES = {"HeartbeatSchedule", "HeartbeatMissingAlarm", "TestAlarm", "TestAlarmSchedule", "TestAlarmMissingAlarm"}


@pytest.fixture
def plain() -> Stack:
    return stack(OpsEmail=EMAIL)


def may(role: Json) -> list[tuple[Json, Json]]:
    [policy] = role["Policies"]
    return [(one["Action"], one["Resource"]) for one in policy["PolicyDocument"]["Statement"]]


@pytest.mark.parametrize(
    ("given", "topic"), [({}, "<AlertsTopic>"), ({"ExistingAlertsTopicArn": TOPIC}, TOPIC)], ids=["own", "existing"]
)
def test_the_heartbeat_takes_the_road_of_the_alerts(given: dict[str, str], topic: str) -> None:
    made = stack(OpsEmail=EMAIL, **given)
    assert made["HeartbeatSchedule"]["Target"] == {
        "Arn": topic,
        "RoleArn": "<HeartbeatRole.Arn>",
        "Input": HEARTBEAT,
    }
    assert made["HeartbeatSchedule"]["ScheduleExpression"] == "rate(15 minutes)"
    assert made["HeartbeatSchedule"].get("State", "ENABLED") == "ENABLED"
    assert ("sns:Publish", topic) in may(made["HeartbeatRole"])
    assert made["AlertsSubscription"]["TopicArn"] == topic


def test_each_rate_beats_often_enough_for_its_alarm(plain: Stack) -> None:
    alarm = plain["HeartbeatMissingAlarm"]
    patience = alarm["Period"] * alarm["EvaluationPeriods"]
    assert patience == 3600
    rates = [one for one in source()["Parameters"]["HeartbeatRate"]["AllowedValues"] if one != "off"]
    for rate in rates:
        minutes = int(rate.removeprefix("rate(").removesuffix(" minutes)"))
        assert 2 * minutes * 60 <= patience


@pytest.mark.parametrize(
    ("name", "reason", "hours"),
    [("HeartbeatMissingAlarm", SkipReason.HEARTBEAT, 1), ("TestAlarmMissingAlarm", SkipReason.TEST_ALARM, 26)],
)
def test_silence_rings(plain: Stack, name: str, reason: SkipReason, hours: int) -> None:
    alarm = plain[name]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("Holdfast", "Skipped")
    assert alarm["Dimensions"] == [SERVICE, {"Name": "reason", "Value": reason.value}]
    assert (alarm["Statistic"], alarm["Threshold"], alarm["ComparisonOperator"]) == ("Sum", 1, "LessThanThreshold")
    assert alarm["TreatMissingData"] == "breaching"
    assert alarm["Period"] * alarm["EvaluationPeriods"] == hours * 3600
    assert "DatapointsToAlarm" not in alarm  # all of them: one heartbeat is life


def test_once_a_day_a_real_alarm_is_set_off_and_nothing_else_may_be(plain: Stack) -> None:
    schedule = plain["TestAlarmSchedule"]
    assert schedule["ScheduleExpression"] == "rate(1 day)"
    assert schedule["Target"]["Arn"] == "arn:aws:scheduler:::aws-sdk:cloudwatch:setAlarmState"
    assert json.loads(schedule["Target"]["Input"]) == {
        "AlarmName": "<TestAlarm>",
        "StateValue": "ALARM",
        "StateReason": "The daily test of Holdfast.",
    }
    assert schedule["Target"]["RoleArn"] == "<TestAlarmRole.Arn>"
    assert may(plain["TestAlarmRole"]) == [("cloudwatch:SetAlarmState", "<TestAlarm.Arn>")]


def test_the_function_knows_the_test_alarm_by_its_name(plain: Stack) -> None:
    assert plain["SlackAlertsFunction"]["Environment"]["Variables"]["TEST_ALARM"] == "<TestAlarm>"
    assert plain["TestAlarm"]["AlarmActions"] == ["<AlertsTopic>"]
    # Only a change of state acts: without data of its own it must be OK again before the next day.
    assert plain["TestAlarm"]["TreatMissingData"] == "notBreaching"
    assert "OKActions" not in plain["TestAlarm"]


@pytest.mark.parametrize("role", ["HeartbeatRole", "TestAlarmRole"])
def test_only_the_scheduler_of_this_account_takes_its_roles(plain: Stack, role: str) -> None:
    [trust] = plain[role]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": PSEUDO["AWS::AccountId"]}}


def test_off_sends_nothing_and_misses_nothing() -> None:
    made = stack(OpsEmail=EMAIL, HeartbeatRate="off")
    assert not (WATCHES | {"HeartbeatRole", "TestAlarmRole"}) & made.resources.keys()
    assert "TEST_ALARM" not in made["SlackAlertsFunction"]["Environment"]["Variables"]


@pytest.mark.parametrize("given", VARIANTS.values(), ids=VARIANTS.keys())
def test_no_alarm_but_the_test_takes_the_road_of_the_alerts(given: dict[str, str]) -> None:
    made = stack(**given)
    ops = made.outputs["OpsTopicArn"]["Value"]
    alarms = made.of("AWS::CloudWatch::Alarm")
    road = {one["TopicArn"] for one in made.of("AWS::SNS::Subscription").values() if one["Protocol"] != "email"}
    assert ops not in road
    test = alarms.pop("TestAlarm", None)
    assert test is None or set(test["AlarmActions"]) <= road
    assert len(alarms) >= 4 - 2 * (test is None)
    for name, alarm in alarms.items():
        assert (alarm["AlarmActions"], alarm["OKActions"]) == ([ops], [ops]), name
