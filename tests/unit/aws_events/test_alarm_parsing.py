import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_events.alarm import AlarmState, NotAnAlarm
from aws_events.alarm_parsing import parse_alarm
from tests.support.samples.events import alarm_message

FULL = json.loads(alarm_message())


def not_a_state(state: object) -> str:
    return alarm_message(NewStateValue=state)


def test_an_alarm_is_parsed_with_its_trigger() -> None:
    alarm = parse_alarm(alarm_message())
    assert (alarm.name, alarm.state, alarm.old_state) == ("checkout-errors", AlarmState.ALARM, "OK")
    assert (alarm.account, alarm.region) == ("123456789012", "eu-west-1")
    assert alarm.changed_at == datetime(2026, 1, 31, 12, 0, 41, 123000, tzinfo=UTC)
    assert alarm.trigger is not None
    assert (alarm.trigger.watched.metric, alarm.trigger.threshold, alarm.trigger.periods) == ("Errors", 5.0, 2)
    assert alarm.trigger.dimensions == (("FunctionName", "checkout"),)


def test_without_an_arn_the_region_is_its_display_name() -> None:
    assert parse_alarm(alarm_message(AlarmArn=None)).region == "EU (Ireland)"


def test_dimensions_are_read_in_either_case() -> None:
    trigger = FULL["Trigger"] | {"Dimensions": [{"Name": "Queue", "Value": "orders"}]}
    alarm = parse_alarm(alarm_message(Trigger=trigger))
    assert alarm.trigger is not None
    assert alarm.trigger.dimensions == (("Queue", "orders"),)


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


@pytest.mark.parametrize("field", ["AWSAccountId", "StateChangeTime"])
def test_an_alarm_without_account_or_time_has_no_identity(field: str) -> None:
    assert parse_alarm(alarm_message()).identity
    assert parse_alarm(alarm_message(**{field: "yesterday" if field == "StateChangeTime" else None})).identity == ""


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", '"ALARM"', "{}", '{"AlarmName": "x"}', "[" * 100_000),
        '{"AlarmName": 5, "NewStateValue": "OK"}',
        *map(not_a_state, ("PENDING", None, [], {})),
    ],
)
def test_another_text_or_state_is_not_an_alarm(text: str) -> None:
    with pytest.raises(NotAnAlarm):
        parse_alarm(text)


ANY = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.lists(st.none() | st.integers() | st.dictionaries(st.text(), st.text()))
    | st.dictionaries(st.text(), st.none())
)


@given(field=st.sampled_from(sorted({*FULL, *FULL["Trigger"]} - {"AlarmName", "NewStateValue"})), value=ANY)
def test_any_other_field_may_be_missing_or_of_another_type(field: str, value: object) -> None:
    changes = {field: value} if field in FULL else {"Trigger": FULL["Trigger"] | {field: value}}
    assert parse_alarm(alarm_message(**changes)).name == "checkout-errors"
