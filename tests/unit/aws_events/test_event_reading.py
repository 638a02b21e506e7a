import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_events.event_reading import read_event
from aws_events.record import Record, Source, UnknownEvent, UnreadableRecord
from aws_events.sqs_attributes import SIZE_LIMIT, message_size
from tests.support.samples.events import (
    QUEUE_ARN,
    TOPIC_ARN,
    lane_event,
    lane_record,
    sns_body,
    sns_event,
    sqs_event,
    sqs_record,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


def only(event: object) -> Record:
    (record,) = read_event(event)
    assert isinstance(record, Record)
    return record


def with_attributes(record: dict[str, Any], **attributes: object) -> dict[str, Any]:
    return {"Records": [record | {"attributes": record["attributes"] | attributes}]}


def test_a_record_is_read_without_its_sns_envelope() -> None:
    body = sns_body("disk full", subject="Disk", message_id="sns-7")
    assert only(sqs_event(body, receive_count=3)) == Record(
        source=Source.SQS,
        message_id="m1",
        text="disk full",
        body=body,
        subject="Disk",
        topic_arn=TOPIC_ARN,
        queue_arn=QUEUE_ARN,
        sns_message_id="sns-7",
        receipt_handle="r1",
        receive_count=3,
    )


@pytest.mark.parametrize("character", ["é", "語", "🔴"])
def test_the_body_of_the_largest_sns_event_is_small_enough_for_sqs(character: str) -> None:
    text = character * (1_000_000 // len(character.encode()))
    record = only(sns_event(text))
    assert message_size(record.body, {}) < SIZE_LIMIT
    assert json.loads(record.body)["Message"] == text


def test_the_body_of_an_sns_event_has_no_character_that_sqs_rejects() -> None:
    text = '\ud800 \udfff \ufffe \uffff \x00 \ufffd \\ "'
    record = only(sns_event(text))
    assert re.search("[^ -\ud7ff\ue000-\ufffd]", record.body) is None
    assert json.loads(record.body)["Message"] == text


def test_an_sns_event_has_the_message_and_its_id() -> None:
    record = only(sns_event("disk full"))
    assert (record.source, record.text, record.message_id) == (Source.SNS, "disk full", "sns-1")
    assert (record.subject, record.sns_message_id, record.lane, record.queued_at) == ("", "sns-1", "", None)


@pytest.mark.parametrize(
    "body",
    [
        "disk full",
        '{"Message": "no topic", "MessageId": "1"}',
        '{"Message": 5, "TopicArn": "t", "MessageId": "1"}',
        "[1, 2]",
        "null",
        "",
        "{",
        "[" * 100_000,
    ],
)
def test_any_other_body_is_a_raw_text(body: str) -> None:
    record = only(sqs_event(body))
    assert (record.text, record.body, record.sns_message_id) == (body, body, "")


@given(body=st.text() | JSON.map(json.dumps))
def test_any_text_body_is_read(body: str) -> None:
    assert only(sqs_event(body)).body == body


def test_an_event_may_have_no_records() -> None:
    assert read_event({"Records": []}) == []


NOT_RECORDS: list[object] = [None, {}, [{"eventSource": "aws:s3"}], [{}]]


@pytest.mark.parametrize("event", [None, [], "text", {}, *({"Records": records} for records in NOT_RECORDS)])
def test_an_event_of_another_service_raises(event: object) -> None:
    with pytest.raises(UnknownEvent):
        read_event(event)


@pytest.mark.parametrize(
    ("record", "message_id"),
    [
        *((sqs_record(body), "m1") for body in (None, 5, {"a": 1})),
        ("text", ""),
        (None, ""),
        (sqs_record("x") | {"messageId": None}, ""),
        ({"EventSource": "aws:sns", "Sns": {"Message": None}}, ""),
    ],
)
def test_an_unreadable_record_keeps_its_id_and_the_others_are_read(record: object, message_id: str) -> None:
    problem, other = read_event({"Records": [record, sqs_record("x", 2)]})
    assert isinstance(problem, UnreadableRecord)
    assert problem.message_id == message_id
    assert isinstance(other, Record)


@pytest.mark.parametrize("count", [None, "", "many", "-1"])
def test_an_invalid_receive_count_counts_as_the_first(count: object) -> None:
    assert only(with_attributes(sqs_record("x"), ApproximateReceiveCount=count)).receive_count == 1


@pytest.mark.parametrize(
    ("timestamp", "sent", "published_at", "queued_at"),
    [
        ("2026-01-31T12:00:00.500Z", "1769860900000", 1769860800.5, 1769860900.0),
        ("2026-01-31T12:00:00.500Z", "", 1769860800.5, None),
        ("2400-01-01T00:00:00.000Z", "1769860900250", 1769860900.25, 1769860900.25),
        ("2400-01-01T00:00:00.000Z", "", 13569465600.0, None),
        (None, "1769860900250", 1769860900.25, 1769860900.25),
        ("noon", "soon", None, None),
        (5, "", None, None),
        (None, "9" * 30, None, 1e27),
    ],
)
def test_a_record_was_published_when_its_envelope_says_but_not_after_its_queue_accepted_it(
    timestamp: object, sent: str, published_at: float | None, queued_at: float | None
) -> None:
    envelope = {"MessageId": "sns-1", "TopicArn": TOPIC_ARN, "Message": "x", "Timestamp": timestamp}
    record = only(with_attributes(sqs_record(json.dumps(envelope)), SentTimestamp=sent))
    assert (record.published_at, record.queued_at) == (published_at, queued_at)


def test_the_lane_is_the_message_group_of_a_fifo_queue() -> None:
    assert only(lane_event("x", lane="team")).lane == "team"
    # In a standard queue a message group means fairness, not order.
    assert only(with_attributes(sqs_record("x"), MessageGroupId="team")).lane == ""
    for group in (None, 5, ""):
        assert only(with_attributes(lane_record("x"), MessageGroupId=group)).lane == ""
