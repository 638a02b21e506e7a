import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.parsers import ResponseParserError
from moto import mock_aws

from aws_events.envelope import Record, Source
from aws_events.message_attributes import SIZE_LIMIT, SqsAttribute
from outcomes.outcome import Park, ParkReason
from record_batch.overflow import Overflow
from record_batch.parking import Parking, ParkingFailed, attributes
from shared_state.memory_rows import MemoryRows

PARK = Park(ParkReason.MESSAGE_REFUSED, "invalid_blocks")


def record(**changes: Any) -> Record:  # noqa: ANN401 - each field has its own type
    return Record(**{"source": Source.SQS, "message_id": "m1", "text": "x", "body": '{"as": "it came"} ', **changes})


def ours(sent: Mapping[str, SqsAttribute]) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(sent["holdfast"]["StringValue"])
    return facts


def test_the_body_is_parked_as_it_came_with_our_facts_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
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
    assert message["Body"] == '{"as": "it came"} '
    sent = message["MessageAttributes"]
    assert sent["colour"]["StringValue"] == "blue"
    assert sent["image"]["BinaryValue"] == b"\0\1"
    assert json.loads(sent["holdfast"]["StringValue"]) == {
        "alert_id": "m1",
        "hop": 0,
        "sent_at": 1769860800.5,
        "identity": "",
        "mention": "",
        "note": "",
        "as_text": False,
        "renewed_at": None,
        "reason": "message_refused",
        "detail": "invalid_blocks",
        "sns_message_id": "sns-1",
        "receives": 2,
        "queue": "arn:aws:sqs:eu-west-1:123456789012:alerts",
    }


def test_a_binary_attribute_that_is_none_is_a_failed_parking() -> None:
    broken = record(attributes={"image": {"dataType": "Binary", "binaryValue": "no base64!"}})
    with pytest.raises(ParkingFailed):
        Parking(boto3.client("sqs", region_name="eu-west-1"), "queue", Overflow(MemoryRows())).park(broken, PARK)


def test_what_an_earlier_stay_wrote_is_handed_on() -> None:
    written = {"dataType": "String", "stringValue": json.dumps({"alert_id": "first", "hop": 2, "reason": "old"})}
    sent = ours(attributes(record(attributes={"holdfast": written}), PARK).sent)
    assert (sent["alert_id"], sent["hop"], sent["reason"]) == ("first", 3, "message_refused")


@pytest.mark.parametrize("count", [9, 10])
def test_ten_attributes_are_all_that_sqs_takes(count: int) -> None:
    others = {f"a{number}": {"dataType": "String", "stringValue": str(number)} for number in range(count)}
    sent = attributes(record(attributes=others), PARK).sent
    assert len(sent) <= 10
    kept = ours(sent).get("attributes", {}) | {name: one for name, one in sent.items() if name != "holdfast"}
    assert set(kept) == set(others)


def test_what_had_no_room_beside_ours_is_not_lost_when_it_is_parked_again() -> None:
    others = {f"a{number}": {"dataType": "String", "stringValue": str(number)} for number in range(10)}
    [(name, first)] = attributes(record(attributes=others), PARK).sent.items()
    as_lambda_has_it = {name: {"dataType": "String", "stringValue": first["StringValue"]}}
    again = attributes(record(attributes=as_lambda_has_it), PARK).sent
    assert ours(again)["attributes"] == others


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (
            ClientError({"Error": {"Code": "KMS.DisabledException", "Message": "secret"}}, "SendMessage"),
            "KMS.DisabledException",
        ),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1"), "EndpointConnectionError"),
        (ResponseParserError("quotes what it could not parse"), "ResponseParserError"),
    ],
)
def test_a_queue_that_does_not_take_it_is_an_error_with_its_code(error: Exception, code: str) -> None:
    class Refusing:
        def send_message(self, **_: object) -> object:
            raise error

    with pytest.raises(ParkingFailed, match=f"^{code}$"):
        Parking(Refusing(), "queue", Overflow(MemoryRows())).park(record(), PARK)


@dataclass(frozen=True)
class Claim:
    """A claim of a copy on that hop."""

    hop: int

    def park(self) -> None:
        """Do nothing."""

    def release(self) -> None:
        """Do nothing."""


def test_e2_a_parked_record_has_the_hop_of_the_copy_that_came_furthest() -> None:
    assert ours(attributes(record(), replace(PARK, claims=(Claim(1), Claim(4)))).sent)["hop"] == 4


def test_what_a_lane_carried_is_parked_with_it() -> None:
    facts = {"alert_id": "m0", "identity": "alarm-1", "mention": "<!here>", "note": "meant for team", "as_text": True}
    written = {"dataType": "String", "stringValue": json.dumps(facts)}
    sent = ours(attributes(record(attributes={"holdfast": written}), PARK).sent)
    assert {name: sent[name] for name in facts} == facts


def test_a_body_that_fills_its_message_is_parked_all_the_same() -> None:
    colour = {"dataType": "String", "stringValue": "blue"}
    full = record(body="x" * (SIZE_LIMIT - 100), attributes={"colour": colour})
    beside = attributes(full, PARK)
    assert beside.sent == {"colour": {"DataType": "String", "StringValue": "blue"}}
    assert json.loads(beside.overflow)["reason"] == PARK.reason.value
