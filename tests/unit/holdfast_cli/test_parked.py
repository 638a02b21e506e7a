import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws
from rich.console import Console

from aws_events.envelope import Record, read_event
from holdfast_cli.parked import as_json, show
from holdfast_cli.parking_queue import approximate_count, look
from outcomes.outcome import Park, ParkReason
from record_batch.overflow import Overflow
from record_batch.parking import Parking
from shared_state.memory_rows import MemoryRows
from tests.support.samples.events import alarm_message, sns_body, sqs_event

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

CANARY = "c4n4ry"


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator["SQSClient"]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield boto3.client("sqs", region_name="us-east-1")


@pytest.fixture
def url(sqs: "SQSClient") -> str:
    return sqs.create_queue(QueueName="parked")["QueueUrl"]


def park(sqs: "SQSClient", url: str, body: str, detail: str = "invalid_blocks") -> None:
    """Park it as the function does."""
    (record,) = read_event(sqs_event(body, receive_count=2))
    assert isinstance(record, Record)
    Parking(sqs, url, Overflow(MemoryRows())).park(record, Park(ParkReason.MESSAGE_REFUSED, detail))


def shown(sqs: "SQSClient", url: str) -> str:
    """The table in a terminal of its own."""
    out = io.StringIO()
    show(
        look(sqs, url, wait=0),
        approximate_count(sqs, url),
        Console(file=out, force_terminal=True, width=200, no_color=True),
    )
    return out.getvalue()


def test_it_says_what_why_and_since_when(sqs: "SQSClient", url: str) -> None:
    park(sqs, url, sns_body(alarm_message(AlarmName="checkout-errors"), message_id="sns-7"))
    (one,) = look(sqs, url, wait=0)
    assert (one.what, one.reason, one.detail) == ("ALARM checkout-errors", "message_refused", "invalid_blocks")
    assert (one.receives, one.hop, one.sns_message_id) == (2, 0, "sns-7")
    assert abs((datetime.now(UTC) - one.since).total_seconds()) < 60
    text = shown(sqs, url)
    assert all(word in text for word in ("ALARM checkout-errors", "message_refused (invalid_blocks)", "approximately"))


def test_looking_takes_nothing_away_and_everything_can_be_looked_at_again(sqs: "SQSClient", url: str) -> None:
    for number in range(23):
        park(sqs, url, sns_body(f"message {number}", subject=f"Number {number:02}"))
    first, second = look(sqs, url, wait=0), look(sqs, url, wait=0)
    assert sorted(one.what for one in first) == [f"Number {number:02}" for number in range(23)]
    assert {one.what for one in first} == {one.what for one in second}
    assert approximate_count(sqs, url) == 23


def test_an_empty_queue_is_told_without_a_table(sqs: "SQSClient", url: str) -> None:
    assert shown(sqs, url).startswith("0 parked.")


def test_no_body_is_shown_and_no_secret_in_a_title(sqs: "SQSClient", url: str) -> None:
    park(sqs, url, sns_body(f"the text says {CANARY}", subject=f"see https://hooks.slack.com/services/T0/B0/{CANARY}"))
    park(sqs, url, f"raw {CANARY}")
    park(sqs, url, json.dumps({"detail": CANARY}), detail=f"xoxb-{CANARY}")
    every = shown(sqs, url) + json.dumps([as_json(one) for one in look(sqs, url, wait=0)])
    assert CANARY not in every
    assert "see https://hooks.slack.com/[redacted]" in every


def test_what_a_terminal_would_obey_is_not_printed(sqs: "SQSClient", url: str) -> None:
    park(sqs, url, sns_body(alarm_message(AlarmName="[red]\x1b[2Jgone\u202e")))
    text = shown(sqs, url)
    assert "[red]" in text
    assert "\x1b[2J" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("facts", ["", "no JSON", "[]", '{"reason": 1, "hop": "x"}'])
def test_what_somebody_else_put_there_is_listed_too(sqs: "SQSClient", url: str, facts: str) -> None:
    attributes = {"holdfast": {"DataType": "String", "StringValue": facts}} if facts else {}
    sqs.send_message(QueueUrl=url, MessageBody="by hand", MessageAttributes=attributes)  # type: ignore[arg-type] # a plain dict
    (one,) = look(sqs, url, wait=0)
    assert (one.what, one.reason, one.receives, one.hop) == ("Message", "unknown", 0, 0)


def test_other_programs_get_a_time_they_can_read(sqs: "SQSClient", url: str) -> None:
    park(sqs, url, sns_body(alarm_message()))
    (one,) = look(sqs, url, wait=0)
    assert datetime.fromisoformat(str(as_json(one)["since"])) == one.since
