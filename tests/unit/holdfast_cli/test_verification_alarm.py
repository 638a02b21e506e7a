import json

from aws_events.alarm import AlarmState
from aws_events.alarm_parsing import parse_alarm
from holdfast_cli.verification_alarm import build_test_alarm


def test_the_test_alert_is_an_alarm_that_is_described_as_a_test() -> None:
    text = build_test_alarm("Holdfast test alert 123", "arn:aws:sns:eu-west-1:111122223333:alerts")
    alarm = parse_alarm(text)
    assert (alarm.name, alarm.state, alarm.account) == ("Holdfast test alert 123", AlarmState.OK, "111122223333")
    assert alarm.changed_at is not None
    assert "Nothing has happened" in json.loads(text)["AlarmDescription"]
