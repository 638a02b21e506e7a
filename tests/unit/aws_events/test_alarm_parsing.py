import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_events.alarm import AlarmState, NotAnAlarm
from aws_events.alarm_parsing import parse_alarm
from tests.support.samples.events import alarm_message

FULL = json.loads(alarm_message())


def test_an_alarm_is_read_with_its_trigger() -> None:
    alarm = parse_alarm(alarm_message())
    assert (alarm.name, alarm.state, alarm.old_state) == ("checkout-errors", AlarmState.ALARM, "OK")
    assert (alarm.account, alarm.region) == ("123456789012", "eu-west-1")
    assert alarm.changed_at == datetime(2026, 1, 31, 12, 0, 41, 123000, tzinfo=UTC)
    assert alarm.trigger is not None
    assert (alarm.trigger.watched.metric, alarm.trigger.threshold, alarm.trigger.periods) == ("Errors", 5.0, 2)
    assert alarm.trigger.dimensions == (("FunctionName", "checkout"),)


def test_the_region_is_the_arns_code_and_only_without_it_the_display_name() -> None:
    assert parse_alarm(alarm_message(AlarmArn=None)).region == "EU (Ireland)"


def test_dimensions_are_read_in_either_spelling() -> None:
    trigger = FULL["Trigger"] | {"Dimensions": [{"Name": "Queue", "Value": "orders"}]}
    alarm = parse_alarm(alarm_message(Trigger=trigger))
    assert alarm.trigger is not None
    assert alarm.trigger.dimensions == (("Queue", "orders"),)


@pytest.mark.parametrize(
    "time", ["2026-01-31T12:00:41.123+0000", "2026-01-31T12:00:41.123Z", "2026-01-31T12:00:41.123+00:00"]
)
def test_the_time_is_read_in_every_spelling_seen(time: str) -> None:
    assert parse_alarm(alarm_message(StateChangeTime=time)).changed_at == datetime(
        2026, 1, 31, 12, 0, 41, 123000, tzinfo=UTC
    )


@pytest.mark.parametrize("time", [None, "", "yesterday", 5, "2026-01-31T12:00:41"])
def test_an_unreadable_time_is_left_out(time: object) -> None:
    assert parse_alarm(alarm_message(StateChangeTime=time)).changed_at is None


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "1969-12-31T23:59:59Z"])
def test_a_time_that_no_alarm_has_is_left_out(time: str) -> None:
    alarm = parse_alarm(alarm_message(StateChangeTime=time))
    assert (alarm.changed_at, alarm.identity) == (None, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '"ALARM"',
        "{}",
        '{"AlarmName": "x"}',
        '{"AlarmName": 5, "NewStateValue": "OK"}',
        "[" * 100_000,
    ],
)
def test_what_is_no_alarm_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NotAnAlarm):
        parse_alarm(text)


@pytest.mark.parametrize(
    ("description", "severity"),
    [
        ("Severity: high", "high"),
        ("x\nseverity:P1 \ny", "P1"),
        ("Severity: very high", ""),
        ("", ""),
        ("a Severity: x", ""),
    ],
)
def test_a_severity_is_a_line_of_the_description(description: str, severity: str) -> None:
    assert parse_alarm(alarm_message(AlarmDescription=description)).severity == severity


@pytest.mark.parametrize("state", ["PENDING", None, [], {}])
def test_a_state_cloudwatch_does_not_have_is_no_alarm(state: object) -> None:
    with pytest.raises(NotAnAlarm):
        parse_alarm(alarm_message(NewStateValue=state))


@given(
    field=st.sampled_from(sorted(set(FULL) - {"AlarmName", "NewStateValue"})),
    value=st.none() | st.integers() | st.text() | st.lists(st.integers()) | st.dictionaries(st.text(), st.none()),
)
def test_any_other_field_may_be_missing_or_odd(field: str, value: object) -> None:
    assert parse_alarm(alarm_message(**{field: value})).name == "checkout-errors"


@given(
    field=st.sampled_from(sorted(FULL["Trigger"])),
    value=st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.lists(st.none() | st.dictionaries(st.text(), st.text())),
)
def test_any_field_of_the_trigger_may_be_missing_or_odd(field: str, value: object) -> None:
    assert parse_alarm(alarm_message(Trigger=FULL["Trigger"] | {field: value})).name == "checkout-errors"
