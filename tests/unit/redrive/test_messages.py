import json
from typing import Any

import pytest

from aws_events.envelope import Record, read_event
from outcomes.outcome import Park, ParkReason
from record_batch.parking import attributes
from redrive.messages import Message, read_message
from tests.support.samples.events import sqs_event

SENT = 1769860800.5
OURS = {"alert_id": "first", "hop": 2}
FACTS = {
    "alert_id": "first",
    "hop": 2,
    "sent_at": SENT,
    "identity": "i",
    "mention": "<!here>",
    "note": "n",
    "as_text": True,
    "renewed_at": 1769860801.0,
}


def message(body: str = "raw", attributes: dict[str, Any] | None = None, **changes: object) -> dict[str, Any]:
    """Build a message as ReceiveMessage returns it."""
    system = {"SentTimestamp": "1769860800500", "ApproximateReceiveCount": "21"}
    sent = {"MessageId": "m1", "ReceiptHandle": "r1", "Body": body, "Attributes": system}
    return sent | ({"MessageAttributes": attributes} if attributes else {}) | changes


def in_lane(group: str = "team") -> dict[str, Any]:
    return {"Attributes": {"SentTimestamp": "1769870000000", "MessageGroupId": group}}


def of_ours(**facts: object) -> dict[str, Any]:
    return {"holdfast": {"DataType": "String", "StringValue": json.dumps(OURS | facts)}}


def sent_facts(received: Message, **facts: object) -> dict[str, Any]:
    """Return our attribute of the message that is sent on."""
    found: dict[str, Any] = json.loads(received.attributes(**facts).sent["holdfast"]["StringValue"])
    return found


def test_a_letter_has_its_reason_its_origin_and_its_time() -> None:
    received = read_message(message(attributes=of_ours(reason="destination_refused", queue="q")))
    assert (received.since, received.reason, received.parked_from) == (SENT, "destination_refused", "q")
    assert (received.receipt_handle, received.record.receive_count, received.record.body) == ("r1", 21, "raw")


def test_a_dead_letter_has_no_reason_and_no_origin() -> None:
    received = read_message(message(attributes=of_ours()))
    assert (received.reason, received.parked_from) == ("", "")


def test_a_letter_of_a_lane_has_the_time_of_its_publication() -> None:
    received = read_message(message(attributes=of_ours(sent_at=SENT), **in_lane()), is_in_lane=True)
    assert (received.lane, received.since) == ("team", SENT)
    without_facts = read_message(message(**in_lane()), is_in_lane=True)
    assert (without_facts.lane, without_facts.since) == ("team", 1769870000.0)


def test_the_group_of_a_standard_queue_is_not_a_lane() -> None:
    assert read_message(message(**in_lane("a tenant of the publisher"))).lane == ""


def test_the_facts_and_the_hop_of_a_dead_letter_stay() -> None:
    assert sent_facts(read_message(message(attributes=of_ours(**FACTS)))) == FACTS


def test_a_message_without_facts_gets_its_own_id_and_hop_0() -> None:
    found = sent_facts(read_message(message()))
    assert (found["alert_id"], found["hop"], found["sent_at"]) == ("m1", 0, SENT)


def test_a_parked_letter_is_sent_with_its_next_hop_and_without_its_reason() -> None:
    [record] = read_event(sqs_event("raw"))
    assert isinstance(record, Record)
    parked = attributes(record, Park(ParkReason.MESSAGE_REFUSED, "invalid_blocks")).sent
    found = sent_facts(read_message(message(attributes=dict(parked))), renewed_at=SENT)
    assert (found["alert_id"], found["hop"], found["renewed_at"]) == ("m1", 1, SENT)
    assert not {"reason", "detail", "sns_message_id", "receives", "queue"} & found.keys()


def test_its_other_attributes_go_with_it() -> None:
    text = {"DataType": "String", "StringValue": "blue"}
    binary = {"DataType": "Binary.png", "BinaryValue": b"\0\1"}
    sent = read_message(message(attributes={"colour": text, "image": binary} | of_ours())).attributes().sent
    assert (sent["colour"], sent["image"]) == (text, binary)


def test_ten_attributes_are_moved_into_ours_and_none_is_lost() -> None:
    ten = {f"a{number}": {"DataType": "String", "StringValue": str(number)} for number in range(10)}
    received = read_message(message(attributes=ten))
    assert received.attributes().sent.keys() == {"holdfast"}
    assert sent_facts(received)["attributes"].keys() == ten.keys()
    again = read_message(message(attributes=dict(received.attributes().sent)))
    assert sent_facts(again)["attributes"] == sent_facts(received)["attributes"]


@pytest.mark.parametrize("ours", ["", "no JSON", "[]", '{"hop": "x", "alert_id": 7, "attributes": [1]}', "[" * 10_000])
def test_facts_that_cannot_be_read_count_as_missing(ours: str) -> None:
    received = read_message(message(attributes={"holdfast": {"DataType": "String", "StringValue": ours or " "}}))
    found = sent_facts(received)
    assert (received.reason, found["alert_id"], found["hop"], found["sent_at"]) == ("", "m1", 0, SENT)


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("image", {"dataType": "Binary", "binaryValue": "a"}),
        ("text", {"dataType": "String", "stringValue": "\ud800"}),
        ("text", {"dataType": "String", "stringValue": ""}),
        ("text", {"dataType": "Text", "stringValue": "x"}),
        ("text", {"dataType": "Number", "stringValue": "x"}),
        ("two words", {"dataType": "String", "stringValue": "x"}),
        ("list", {"dataType": "String", "stringValue": [1]}),
    ],
)
def test_an_attribute_that_sqs_would_refuse_does_not_hold_back_its_message(name: str, attribute: object) -> None:
    number = {"dataType": "Number.int", "stringValue": "7"}
    forged = read_message(message(attributes=of_ours(attributes={name: attribute, "number": number})))
    assert forged.attributes().sent.keys() == {"number", "holdfast"}


def test_a_message_without_a_time_is_as_old_as_can_be() -> None:
    assert read_message(message(Attributes={})).since == 0.0
