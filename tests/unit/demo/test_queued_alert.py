import json

from aws_events.envelope import Record
from aws_events.event_reading import read_event
from aws_events.message_attributes import ATTRIBUTE
from demo.ledger import Alert
from demo.ministack import QueuedMessage
from demo.queued_alert import alert_of, reason_of, sns_id_of
from outcomes.outcome import Park, ParkReason
from record_batch.parking import attributes
from tests.support.samples.events import alarm_message, sns_body, sqs_event


def queued(body: str, **texts: str) -> QueuedMessage:
    return QueuedMessage("m1", body, 1, is_visible=True, attributes=texts)


def test_an_alert_has_its_sns_id_name_and_state() -> None:
    message = queued(sns_body(alarm_message(AlarmName="queue-age", NewStateValue="OK"), message_id="sns-7"))
    assert sns_id_of(message) == "sns-7"
    assert alert_of(message) == Alert("sns-7", "queue-age", "OK")


def test_a_message_that_is_no_alarm_is_named_by_its_subject_or_first_words() -> None:
    assert alert_of(queued(sns_body("w" * 99))).label == "w" * 40
    assert alert_of(queued(sns_body("[]", subject="Budget"))).label == "Budget"


def test_a_parked_alert_keeps_its_id_and_has_the_reason_that_the_function_wrote() -> None:
    (record,) = read_event(sqs_event(sns_body(alarm_message(), message_id="sns-7")))
    assert isinstance(record, Record)
    written = attributes(record, Park(ParkReason.MESSAGE_REFUSED, "invalid_blocks")).sent
    message = queued(record.body, **{ATTRIBUTE: written[ATTRIBUTE]["StringValue"]})
    assert sns_id_of(message) == "sns-7"
    assert reason_of(message) == "function: message_refused (invalid_blocks)"
    assert json.loads(message.attributes[ATTRIBUTE])["sns_message_id"] == "sns-7"
