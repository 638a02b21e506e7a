import json

import pytest

from aws_events.alarm_action import read_invocation
from aws_events.alarm_parsing import parse_alarm
from aws_events.event_reading import read_event
from aws_events.record import Record, Source, UnknownEvent
from tests.support.samples.events import alarm_action, alarm_message, sns_event, sqs_event


def only(event: object) -> Record:
    [record] = read_invocation(event, request_id="request-1")
    assert isinstance(record, Record)
    return record


def test_the_action_of_an_alarm_is_one_record_with_the_id_of_its_invocation() -> None:
    event = alarm_action("orders")
    assert only(event) == Record(
        source=Source.ALARM,
        message_id="request-1",
        text=json.dumps(event),
        body=json.dumps(event),
        alarm_arn="arn:aws:cloudwatch:eu-west-1:123456789012:alarm:orders",
        published_at=1769860841.123,
    )


def test_its_alarm_is_a_twin_of_the_one_in_an_sns_message() -> None:
    assert parse_alarm(only(alarm_action()).text).identity == parse_alarm(alarm_message()).identity != ""


@pytest.mark.parametrize("event", [sns_event("x"), sqs_event("x", "y")])
def test_events_of_sns_and_sqs_are_read_as_before(event: object) -> None:
    assert read_invocation(event, request_id="request-1") == read_event(event)


@pytest.mark.parametrize("changes", [{"time": "yesterday"}, {"time": None}, {"alarmArn": 7}, {"alarmData": {}}])
def test_odd_fields_lose_no_alarm(changes: dict[str, object]) -> None:
    event = alarm_action() | changes
    record = only(event)
    assert (record.text, record.message_id) == (json.dumps(event), "request-1")
    assert (record.published_at is None, record.alarm_arn == "") == ("time" in changes, "alarmArn" in changes)


@pytest.mark.parametrize("event", [{}, [], None, alarm_action(alarmData="x"), alarm_action(source="aws.ec2")])
def test_any_other_event_is_refused(event: object) -> None:
    with pytest.raises(UnknownEvent):
        read_invocation(event, request_id="request-1")
