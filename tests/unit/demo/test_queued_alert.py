import json

import pytest

from aws_events.event_reading import read_event
from aws_events.message_attributes import ATTRIBUTE
from aws_events.record import Record
from demo.ministack import QueuedMessage
from demo.queued_alert import alert_of, reason_of, sns_id_of
from notifications.self_tests import HEARTBEAT
from outcomes.outcome import Park, ParkReason
from record_batch.parking import attributes
from tests.support.samples.events import TEST_ALARM, TEST_ALARM_ARN, alarm_message, sns_body, sqs_event


def queued(body: str, **texts: str) -> QueuedMessage:
    return QueuedMessage("m1", body, 1, is_visible=True, attributes=texts)


def test_an_alert_has_its_sns_id_and_the_name_and_state_that_its_post_shows() -> None:
    body = sns_body(alarm_message(AlarmName="queue-age", NewStateValue="OK"), message_id="sns-7")
    alert = alert_of(body)
    assert sns_id_of(queued(body)) == "sns-7"
    assert (alert.id, alert.name, alert.state, alert.is_self_test) == ("sns-7", "queue-age", "OK", False)


def test_a_message_that_is_no_alarm_is_named_by_its_subject() -> None:
    assert alert_of(sns_body("[]", subject="Budget")).label == "Budget"


@pytest.mark.parametrize("body", ["no JSON", "[]", "{}"])
def test_a_message_that_did_not_come_from_sns_has_its_sqs_id_and_no_reason(body: str) -> None:
    assert sns_id_of(queued(body)) == "m1"
    assert alert_of(body).name == "Message"
    assert reason_of(queued(body)) == "function: no reason (sent by hand)"


def test_two_messages_of_one_change_of_an_alarm_have_one_identity() -> None:
    first, again = (alert_of(sns_body(alarm_message(), message_id=one)) for one in ("sns-1", "sns-2"))
    assert first.identity == again.identity
    assert alert_of(sns_body(alarm_message(NewStateValue="OK"))).identity != first.identity


def test_a_heartbeat_is_a_self_test_whatever_subject_its_schedule_gives_it() -> None:
    assert alert_of(sns_body(HEARTBEAT, subject="EventBridge Notification")).is_self_test


def test_the_daily_test_alarm_is_a_self_test_by_its_arn() -> None:
    daily = sns_body(alarm_message(AlarmName=TEST_ALARM))
    assert alert_of(daily, TEST_ALARM_ARN).is_self_test
    assert not alert_of(daily).is_self_test


def test_a_parked_alert_keeps_its_id_and_has_the_reason_that_the_function_wrote() -> None:
    (record,) = read_event(sqs_event(sns_body(alarm_message(), message_id="sns-7")))
    assert isinstance(record, Record)
    written = attributes(record, Park(ParkReason.MESSAGE_REFUSED, "invalid_blocks")).sent
    message = queued(record.body, **{ATTRIBUTE: written[ATTRIBUTE]["StringValue"]})
    assert sns_id_of(message) == "sns-7"
    assert reason_of(message) == "function: message_refused (invalid_blocks)"
    assert json.loads(message.attributes[ATTRIBUTE])["sns_message_id"] == "sns-7"
