import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import boto3
import pytest

from aws_events.event_reading import read_event
from aws_events.record import Record
from aws_events.sqs_attributes import SIZE_LIMIT
from holdfast_cli.parking_queue import approximate_count, read_all
from outcomes.outcome import Park, ParkReason
from record_batch.overflow import Overflow
from record_batch.parking import Parking
from shared_state.memory_rows import MemoryRows
from tests.support.samples.events import alarm_message, sns_body, sqs_event
from tests.support.steps.tables import MemoryTable

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

CANARY = "c4n4ry"
OVERFLOW = Overflow(MemoryRows())


@pytest.fixture
def sqs(session: boto3.Session) -> "SQSClient":
    return session.client("sqs")


@pytest.fixture
def url(sqs: "SQSClient") -> str:
    return sqs.create_queue(QueueName="parked")["QueueUrl"]


def park(sqs: "SQSClient", url: str, body: str, detail: str = "invalid_blocks") -> None:
    """Park a record as a function does."""
    (record,) = read_event(sqs_event(body, receive_count=2))
    assert isinstance(record, Record)
    Parking(sqs, url, OVERFLOW).park(record, Park(ParkReason.MESSAGE_REFUSED, detail))


def test_a_parked_alert_has_its_title_its_reason_and_its_time(sqs: "SQSClient", url: str) -> None:
    park(sqs, url, sns_body(alarm_message(AlarmName="checkout-errors"), message_id="sns-7"))
    (one,) = read_all(sqs, url, OVERFLOW, wait=0)
    assert (one.what, one.reason, one.detail) == ("ALARM checkout-errors", "message_refused", "invalid_blocks")
    assert (one.receives, one.hop, one.sns_message_id) == (2, 0, "sns-7")
    assert abs((datetime.now(UTC) - one.since).total_seconds()) < 60


def test_reading_removes_nothing_and_all_can_be_read_again(sqs: "SQSClient", url: str) -> None:
    for number in range(23):
        park(sqs, url, sns_body(f"message {number}", subject=f"Number {number:02}"))
    first, second = read_all(sqs, url, OVERFLOW, wait=0), read_all(sqs, url, OVERFLOW, wait=0)
    assert sorted(one.what for one in first) == [f"Number {number:02}" for number in range(23)]
    assert {one.what for one in first} == {one.what for one in second}
    assert approximate_count(sqs, url) == 23


def test_no_body_and_no_secret_is_read(sqs: "SQSClient", url: str) -> None:
    park(sqs, url, sns_body(f"the text {CANARY}", subject=f"see https://hooks.slack.com/services/T0/B0/{CANARY}"))
    park(sqs, url, f"raw {CANARY}")
    park(sqs, url, json.dumps({"detail": CANARY}), detail=f"xoxb-{CANARY}")
    every = str(read_all(sqs, url, OVERFLOW, wait=0))
    assert CANARY not in every
    assert "see [hidden]" in every


@pytest.mark.parametrize("facts", ["", "no JSON", "[]", '{"reason": 1, "hop": "x"}'])
def test_a_message_without_readable_facts_is_listed_too(sqs: "SQSClient", url: str, facts: str) -> None:
    attributes = {"holdfast": {"DataType": "String", "StringValue": facts}} if facts else {}
    sqs.send_message(QueueUrl=url, MessageBody="by hand", MessageAttributes=attributes)  # type: ignore[arg-type] # a plain dict
    (one,) = read_all(sqs, url, OVERFLOW, wait=0)
    assert (one.what, one.reason, one.receives, one.hop) == ("Message", "unknown", 0, 0)


def test_a_message_of_nearly_one_mib_shows_the_reason_in_its_row(sqs: "SQSClient", url: str) -> None:
    park(sqs, url, "x" * (SIZE_LIMIT - 100))
    [received] = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"], VisibilityTimeout=0)["Messages"]
    assert "MessageAttributes" not in received
    (one,) = read_all(sqs, url, OVERFLOW, wait=0)
    assert (one.reason, one.detail) == ("message_refused", "invalid_blocks")
    (one,) = read_all(sqs, url, Overflow(MemoryTable(is_down=True)), wait=0)
    assert (one.reason, one.detail) == ("unknown", "its row cannot be read: EndpointConnectionError")


def test_no_control_character_is_read(sqs: "SQSClient", url: str) -> None:
    park(sqs, url, sns_body(alarm_message(AlarmName="[red]\x1b[2Jgone\u202e")))
    (one,) = read_all(sqs, url, OVERFLOW, wait=0)
    assert "[red]" in one.what
    assert "\x1b[2J" not in one.what
    assert "\u202e" not in one.what
