"""Messages are read and sent on; tests/unit/aws_events holds how attributes and facts are read and written."""

import json
from typing import Any

import pytest

from aws_events.event_reading import read_event
from aws_events.record import Record
from outcomes.outcome import Park, ParkReason
from record_batch.parking import attributes
from redrive.messages import Message, read_message
from tests.support.samples.events import sqs_event

SENT = 1769860800.5
FACTS = {
    "alert_id": "first",
    "hop": 2,
    "sent_at": SENT,
    "identity": "i",
    "mention": "<!here>",
    "follow": "thread",
    "remind_after": 4.0,
    "account_name": "shop",
    "note": "n",
    "as_text": True,
    "renewed_at": 1769860801.0,
}
IN_LANE = {"SentTimestamp": "1769870000000", "MessageGroupId": "team"}


def read(
    attributes: dict[str, Any] | None = None, system: dict[str, str] | None = None, *, is_in_lane: bool = False
) -> Message:
    """Read a message of ReceiveMessage."""
    received = {"MessageId": "m1", "ReceiptHandle": "r1", "Body": "raw", "MessageAttributes": attributes or {}}
    system = {"SentTimestamp": "1769860800500", "ApproximateReceiveCount": "21"} if system is None else system
    return read_message(received | {"Attributes": system}, is_in_lane=is_in_lane)


def ours(**facts: object) -> dict[str, Any]:
    return {"holdfast": {"DataType": "String", "StringValue": json.dumps(facts)}}


def sent(message: Message, **facts: object) -> dict[str, Any]:
    """Return our attribute of the message that is sent on."""
    found: dict[str, Any] = json.loads(message.attributes(**facts).sent["holdfast"]["StringValue"])
    return found


def test_a_parked_message_has_its_reason_its_queue_and_its_time() -> None:
    message = read(ours(reason="destination_refused", queue="q"))
    assert (message.since, message.reason, message.parked_from) == (SENT, "destination_refused", "q")
    assert (message.receipt_handle, message.record.receive_count, message.record.body) == ("r1", 21, "raw")


@pytest.mark.parametrize(
    "facts", [{}, ours(alert_id="first"), {"holdfast": {"DataType": "String", "StringValue": "["}}]
)
def test_a_dead_letter_has_no_reason_and_no_queue(facts: dict[str, Any]) -> None:
    assert (read(facts).reason, read(facts).parked_from) == ("", "")


def test_the_age_of_a_message_counts_from_its_publication_else_from_sqss_time() -> None:
    assert read(ours(sent_at=SENT), IN_LANE, is_in_lane=True).since == SENT
    assert read({}, IN_LANE, is_in_lane=True).since == 1769870000.0
    assert read({}, {}).since == 0.0


def test_only_a_lane_has_a_group() -> None:
    assert (read({}, IN_LANE, is_in_lane=True).lane, read({}, IN_LANE).lane) == ("team", "")


def test_facts_are_sent_on_and_a_message_without_any_gets_its_own_id() -> None:
    assert sent(read(ours(**FACTS))) == FACTS
    found = sent(read())
    assert (found["alert_id"], found["hop"], found["sent_at"]) == ("m1", 0, SENT)


def test_a_parked_message_is_sent_with_its_next_hop_and_without_its_reason() -> None:
    [record] = read_event(sqs_event("raw"))
    assert isinstance(record, Record)
    parked = attributes(record, Park(ParkReason.MESSAGE_REFUSED, "invalid_blocks")).sent
    found = sent(read(dict(parked)), renewed_at=SENT)
    assert (found["alert_id"], found["hop"], found["renewed_at"]) == ("m1", 1, SENT)
    assert not {"reason", "detail", "sns_message_id", "receives", "queue"} & found.keys()
