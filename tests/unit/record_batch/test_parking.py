import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.parsers import ResponseParserError
from moto import mock_aws

from aws_events.record import Record
from aws_events.sqs_attributes import SIZE_LIMIT, SqsAttribute
from outcomes.outcome import Park, ParkReason
from record_batch.overflow import Overflow
from record_batch.parking import Parking, ParkingFailed, attributes
from shared_state.memory_rows import MemoryRows
from tests.support.handlers.failing_client import FailingClient
from tests.support.samples import notifications
from tests.support.steps.batch_loops import Claim
from tests.support.steps.tables import MemoryTable

PARK = Park(ParkReason.MESSAGE_REFUSED, "invalid_blocks")
FULL = "x" * (SIZE_LIMIT - 100)
QUEUE = FailingClient(None, instead={"send_message": lambda **_: {"MessageId": "parked-1"}})


def record(**changes: Any) -> Record:  # noqa: ANN401 - each field has its own type
    return notifications.record("x", **{"body": '{"unchanged": "body"} ', **changes})


def facts_of(sent: Mapping[str, SqsAttribute]) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(sent["holdfast"]["StringValue"])
    return facts


def with_attribute(**facts: object) -> Record:
    return record(attributes={"holdfast": {"dataType": "String", "stringValue": json.dumps(facts)}})


def test_the_body_is_parked_unchanged_with_our_facts_in_an_attribute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        sqs = boto3.client("sqs")
        url = sqs.create_queue(QueueName="parking")["QueueUrl"]
        text = {"dataType": "String", "stringValue": "blue"}
        binary = {"dataType": "Binary.png", "binaryValue": base64.b64encode(b"\0\1").decode()}
        parked = record(
            sns_message_id="sns-1",
            receive_count=2,
            published_at=1769860800.5,
            queue_arn="arn:aws:sqs:eu-west-1:123456789012:alerts",
            attributes={"colour": text, "image": binary},
        )
        Parking(sqs, url, Overflow(MemoryRows())).park(parked, PARK)
        (message,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert message["Body"] == '{"unchanged": "body"} '
    sent = message["MessageAttributes"]
    assert sent["colour"]["StringValue"] == "blue"
    assert sent["image"]["BinaryValue"] == b"\0\1"
    assert json.loads(sent["holdfast"]["StringValue"]) == {
        "alert_id": "m1",
        "hop": 0,
        "sent_at": 1769860800.5,
        "identity": "",
        "mention": "",
        "follow": "",
        "remind_after": 0.0,
        "account_name": "",
        "note": "",
        "as_text": False,
        "renewed_at": None,
        "reason": "message_refused",
        "detail": "invalid_blocks",
        "sns_message_id": "sns-1",
        "receives": 2,
        "queue": "arn:aws:sqs:eu-west-1:123456789012:alerts",
    }


def test_e2_a_record_is_parked_with_its_facts_and_the_highest_hop_of_its_copies() -> None:
    facts = {"alert_id": "m0", "identity": "alarm-1", "mention": "<!here>", "note": "meant for team", "as_text": True}
    sent = facts_of(attributes(with_attribute(**facts, hop=2, reason="old"), PARK).sent)
    assert {name: sent[name] for name in facts} == facts
    assert (sent["hop"], sent["reason"]) == (3, "message_refused")
    park = replace(PARK, claims=(Claim(hop=1), Claim(hop=4)))
    assert facts_of(attributes(record(), park).sent)["hop"] == 4


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ClientError({"Error": {"Code": "KMS.Disabled", "Message": "secret"}}, "SendMessage"), "KMS.Disabled"),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1"), "EndpointConnectionError"),
        (ResponseParserError("quotes the response"), "ResponseParserError"),
    ],
)
def test_a_queue_that_does_not_take_the_record_is_an_error_with_its_code(error: Exception, code: str) -> None:
    with pytest.raises(ParkingFailed, match=f"^{code}$"):
        Parking(FailingClient(None, {"send_message": error}), "queue", Overflow(MemoryRows())).park(record(), PARK)


def test_an_invalid_binary_attribute_is_a_failed_parking() -> None:
    broken = record(attributes={"image": {"dataType": "Binary", "binaryValue": "a"}})
    with pytest.raises(ParkingFailed):
        Parking(QUEUE, "queue", Overflow(MemoryRows())).park(broken, PARK)


def test_the_facts_of_a_full_message_are_kept_in_the_table_or_the_parking_fails() -> None:
    table = MemoryTable()
    parking = Parking(QUEUE, "queue", Overflow(table))
    parking.park(record(body=FULL), PARK)
    row = table.read("facts#parked-1")
    assert row is not None
    assert json.loads(row.facts)["reason"] == PARK.reason.value
    table.is_down = True
    with pytest.raises(ParkingFailed, match=r"^EndpointConnectionError$"):
        parking.park(record(body=FULL), PARK)
