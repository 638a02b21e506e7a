import base64
import json
from typing import Any

import pytest

from aws_events.received import read_received, sent_at
from aws_events.record import Source
from tests.support.samples.events import TOPIC_ARN, alarm_action, alarm_message, sns_body, sns_event


def message(body: str, **changes: object) -> dict[str, Any]:
    """Return a message in the shape of ReceiveMessage."""
    system = {"SentTimestamp": "1769860800500", "ApproximateReceiveCount": "21"}
    return {"MessageId": "m1", "ReceiptHandle": "r1", "Body": body, "Attributes": system} | changes


def report(*records: dict[str, Any]) -> str:
    """Return the message that Lambda queues after a direct invocation has failed."""
    return report_of({"Records": list(records)})


def report_of(event: dict[str, Any]) -> str:
    return json.dumps(
        {
            "version": "1.0",
            "requestContext": {"condition": "RetriesExhausted", "approximateInvokeCount": 3},
            "requestPayload": event,
            "responseContext": {"statusCode": 200, "functionError": "Unhandled"},
            "responsePayload": {"errorMessage": "RequestId: 1 Error: Runtime exited"},
        }
    )


def test_a_message_is_read_like_a_record_of_lambda() -> None:
    record = read_received(message(sns_body("text", subject="disk", message_id="sns-7")))
    assert (record.message_id, record.receipt_handle, record.receive_count) == ("m1", "r1", 21)
    assert (record.text, record.subject, record.sns_message_id) == ("text", "disk", "sns-7")


def test_the_time_of_sending_is_the_queues_own() -> None:
    assert sent_at(message("x")) == 1769860800.5
    assert sent_at(message("x", Attributes={})) == sent_at({"MessageId": "m1"}) == 0.0


def test_attributes_have_the_shape_of_lambdas() -> None:
    binary, text = {"DataType": "Binary", "BinaryValue": b"\0\1"}, {"DataType": "String", "StringValue": "blue"}
    attributes = read_received(message("x", MessageAttributes={"image": binary, "colour": text})).attributes
    assert base64.b64decode(attributes["image"]["binaryValue"]) == b"\0\1"
    assert attributes["colour"] == {"dataType": "String", "stringValue": "blue"}


def test_a_report_of_a_failed_direct_invocation_is_replaced_by_its_alert() -> None:
    [sent] = sns_event(alarm_message(AlarmName="orders"))["Records"]
    ours = {"holdfast": {"DataType": "String", "StringValue": '{"hop": 2}'}}
    record = read_received(message(report(sent), MessageAttributes=ours))
    assert json.loads(record.text)["AlarmName"] == "orders"
    assert json.loads(record.body) == sent["Sns"]
    assert (record.topic_arn, record.sns_message_id) == (TOPIC_ARN, sent["Sns"]["MessageId"])
    assert (record.message_id, record.receipt_handle, record.receive_count) == ("m1", "r1", 21)
    assert record.attributes["holdfast"]["stringValue"] == '{"hop": 2}'


def test_a_report_of_a_failed_action_of_an_alarm_is_replaced_by_its_event() -> None:
    event = alarm_action("orders")
    ours = {"holdfast": {"DataType": "String", "StringValue": '{"hop": 2}'}}
    record = read_received(message(report_of(event), MessageAttributes=ours))
    assert (record.text, record.body) == (json.dumps(event), json.dumps(event))
    assert (record.source, record.message_id, record.receipt_handle, record.receive_count) == (
        Source.SQS,
        "m1",
        "r1",
        21,
    )
    assert record.attributes["holdfast"]["stringValue"] == '{"hop": 2}'


@pytest.mark.parametrize(
    "body",
    [
        report(),
        report(*sns_event("one")["Records"] * 2),
        report({"eventSource": "aws:sqs", "messageId": "m", "body": "x"}),
        json.dumps({"requestContext": {}, "requestPayload": None}),
        json.dumps({"requestPayload": {"Records": sns_event("one")["Records"]}}),
        sns_body(report(*sns_event("one")["Records"])),
        "[" * 100_000,
    ],
    ids=["no record", "two records", "of a queue", "no event", "no report", "in an envelope", "nested deeply"],
)
def test_any_other_body_is_not_changed(body: str) -> None:
    assert read_received(message(body)).body == body
