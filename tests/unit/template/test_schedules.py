"""The schedules; test_roles.py has what their roles may do."""

import json

from notifications.self_tests import HEARTBEAT
from redrive.request import Request, Source
from tests.support.stack.template import Stack

SELF_TESTS = {
    *("HeartbeatSchedule", "HeartbeatRole", "HeartbeatMissingAlarm"),
    *("TestAlarm", "TestAlarmSchedule", "TestAlarmRole", "TestAlarmMissingAlarm"),
}


def test_each_schedule_runs_at_its_rate_with_its_own_role(parameters: dict[str, str], variant: Stack) -> None:
    rates = {
        "RedriveSchedule": parameters.get("RedriveRate", "rate(15 minutes)"),
        "NoticesSchedule": "rate(5 minutes)",
        "HeartbeatSchedule": parameters.get("HeartbeatRate", "rate(15 minutes)"),
    }
    if rates["HeartbeatSchedule"] != "off":
        rates["TestAlarmSchedule"] = "rate(1 day)"
    found = variant.of("AWS::Scheduler::Schedule")
    assert {name: one["ScheduleExpression"] for name, one in found.items()} == {
        name: rate for name, rate in rates.items() if rate != "off"
    }
    for name, one in found.items():
        assert one["FlexibleTimeWindow"] == {"Mode": "OFF"}
        assert one.get("State", "ENABLED") == "ENABLED"
        role = f"{name}Role" if f"{name}Role" in variant.resources else name.replace("Schedule", "Role")
        assert one["Target"]["RoleArn"] == f"<{role}.Arn>"


def test_off_makes_nothing_of_a_schedule(parameters: dict[str, str], variant: Stack) -> None:
    assert not (parameters.get("HeartbeatRate") == "off" and SELF_TESTS & variant.resources.keys())
    assert not (parameters.get("RedriveRate") == "off" and {"RedriveScheduleRole"} & variant.resources.keys())
    assert "RedriveFunction" in variant.resources


def test_the_schedule_redrives_dead_letters_and_never_parked_alerts(plain: Stack) -> None:
    target = plain["RedriveSchedule"]["Target"]
    assert target["Arn"] == "<RedriveFunction.Arn>"
    assert Request.from_event(json.loads(target["Input"])) == Request(source=Source.DEAD_LETTERS, is_dry_run=False)
    assert plain["NoticesSchedule"]["Target"]["Arn"] == "<NoticesFunction.Arn>"


def test_the_heartbeat_goes_to_the_alerts_topic_and_the_code_recognises_it(
    parameters: dict[str, str], variant: Stack
) -> None:
    if parameters.get("HeartbeatRate") != "off":
        target = variant["HeartbeatSchedule"]["Target"]
        assert (target["Arn"], target["Input"]) == (variant.outputs["AlertsTopicArn"]["Value"], HEARTBEAT)


def test_f6_a_schedule_sets_off_a_real_alarm_daily(plain: Stack) -> None:
    target = plain["TestAlarmSchedule"]["Target"]
    assert target["Arn"] == "arn:aws:scheduler:::aws-sdk:cloudwatch:setAlarmState"
    assert json.loads(target["Input"]) == {
        "AlarmName": "<TestAlarm>",
        "StateValue": "ALARM",
        "StateReason": "The daily test of Holdfast.",
    }
    assert plain["TestAlarm"]["AlarmActions"] == ["<AlertsTopic>"]
