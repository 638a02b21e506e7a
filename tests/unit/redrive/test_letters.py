import json
from typing import Any

import pytest

from redrive.letters import Letter, read_letter

SENT = 1769860800.5
OURS = {"alert_id": "first", "hop": 2, "reason": "destination_refused", "detail": "no_service"}


def message(body: str = "raw", attributes: dict[str, Any] | None = None, **changes: object) -> dict[str, Any]:
    """As ReceiveMessage gives it."""
    system = {"SentTimestamp": "1769860800500", "ApproximateReceiveCount": "21"}
    sent = {"MessageId": "m1", "ReceiptHandle": "r1", "Body": body, "Attributes": system}
    return sent | ({"MessageAttributes": attributes} if attributes else {}) | changes


def of_ours(**facts: object) -> dict[str, Any]:
    return {"holdfast": {"DataType": "String", "StringValue": json.dumps(OURS | facts)}}


def written(letter: Letter, hop: int) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(letter.sent_on(hop)["holdfast"]["StringValue"])
    return facts


def test_a_letter_says_since_when_how_often_and_why() -> None:
    letter = read_letter(message(attributes=of_ours()))
    assert (letter.since, letter.hop, letter.reason) == (1769860800.5, 3, "destination_refused")
    assert (letter.parked_from, read_letter(message(attributes=of_ours(queue="q"))).parked_from) == ("", "q")
    assert (letter.receipt_handle, letter.record.receive_count, letter.record.body) == ("r1", 21, "raw")


def test_it_is_sent_on_with_its_first_id_the_hop_and_nothing_else_of_ours() -> None:
    assert written(read_letter(message(attributes=of_ours())), 3) == {"alert_id": "first", "hop": 3, "sent_at": SENT}
    assert written(read_letter(message()), 1) == {"alert_id": "m1", "hop": 1, "sent_at": SENT}


def test_its_other_attributes_go_with_it() -> None:
    text = {"DataType": "String", "StringValue": "blue"}
    binary = {"DataType": "Binary.png", "BinaryValue": b"\0\1"}
    sent = read_letter(message(attributes={"colour": text, "image": binary} | of_ours())).sent_on(3)
    assert (sent["colour"], sent["image"]) == (text, binary)


def test_sqs_takes_ten_attributes_and_none_is_lost() -> None:
    ten = {f"a{number}": {"DataType": "String", "StringValue": str(number)} for number in range(10)}
    letter = read_letter(message(attributes=ten))
    assert letter.sent_on(1).keys() == {"holdfast"}
    assert written(letter, 1)["attributes"].keys() == ten.keys()
    again = read_letter(message(attributes=dict(letter.sent_on(1))))
    assert written(again, 2)["attributes"] == written(letter, 1)["attributes"]


@pytest.mark.parametrize("ours", ["", "no JSON", "[]", '{"hop": "x", "alert_id": 7, "attributes": [1]}', "[" * 10_000])
def test_what_cannot_be_read_of_ours_is_a_first_stay(ours: str) -> None:
    letter = read_letter(message(attributes={"holdfast": {"DataType": "String", "StringValue": ours or " "}}))
    assert (letter.hop, letter.reason) == (0, "")
    assert written(letter, 1) == {"alert_id": "m1", "hop": 1, "sent_at": SENT}


def test_a_message_without_a_time_is_as_old_as_can_be() -> None:
    assert read_letter(message(Attributes={})).since == 0.0
