import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_events.envelope import Record, Source, UnknownEvent, UnreadableRecord, read_event
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


def test_an_sns_envelope_in_an_sqs_body_is_taken_off() -> None:
    body = sns_body("disk full", subject="Disk", message_id="sns-7")
    record = only(sqs_event(body, receive_count=3))
    assert record == Record(
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


def test_a_raw_sqs_body_is_the_text() -> None:
    record = only(sqs_event("disk full"))
    assert (record.text, record.body, record.sns_message_id) == ("disk full", "disk full", "")


def test_an_sns_event_gives_the_message_and_its_id() -> None:
    record = only(sns_event("disk full"))
    assert (record.source, record.text, record.message_id) == (Source.SNS, "disk full", "sns-1")
    assert (record.subject, record.sns_message_id) == ("", "sns-1")


@pytest.mark.parametrize(
    "body",
    [
        '{"Message": "no topic", "MessageId": "1"}',
        '{"Message": 5, "TopicArn": "t", "MessageId": "1"}',
        "[1, 2]",
        "null",
        "",
        "{",
        "[" * 100_000,
    ],
)
def test_what_only_resembles_an_envelope_is_a_raw_body(body: str) -> None:
    assert only(sqs_event(body)).text == body


def test_an_empty_list_of_records_is_an_event_without_records() -> None:
    assert read_event({"Records": []}) == []


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        "text",
        {},
        {"Records": None},
        {"Records": {}},
        {"Records": [{"eventSource": "aws:s3"}]},
        {"Records": [{}]},
    ],
)
def test_an_event_of_another_kind_is_refused_loudly(event: object) -> None:
    with pytest.raises(UnknownEvent):
        read_event(event)


@pytest.mark.parametrize("body", [None, 5, {"a": 1}])
def test_a_record_without_a_text_body_keeps_the_id_that_reports_it(body: object) -> None:
    (problem,) = read_event({"Records": [sqs_record(body)]})
    assert isinstance(problem, UnreadableRecord)
    assert problem.message_id == "m1"


@pytest.mark.parametrize("record", ["text", None, sqs_record("x") | {"messageId": None}])
def test_a_record_that_cannot_be_named_is_unreadable_beside_its_neighbours(record: object) -> None:
    problem, neighbour = read_event({"Records": [record, sqs_record("x", 2)]})
    assert isinstance(problem, UnreadableRecord)
    assert problem.message_id == ""
    assert isinstance(neighbour, Record)


def test_an_sns_record_without_a_message_is_unreadable() -> None:
    (problem,) = read_event({"Records": [{"EventSource": "aws:sns", "Sns": {"Message": None}}]})
    assert isinstance(problem, UnreadableRecord)


@pytest.mark.parametrize("count", [None, "", "many", "-1"])
def test_an_odd_receive_count_counts_as_the_first(count: object) -> None:
    record = sqs_record("x") | {"attributes": {"ApproximateReceiveCount": count}}
    assert only({"Records": [record]}).receive_count == 1


@given(body=st.text() | JSON.map(json.dumps))
def test_any_text_body_is_read(body: str) -> None:
    assert only(sqs_event(body)).body == body


@pytest.mark.parametrize(
    ("envelope", "sent", "published_at"),
    [
        ({"Timestamp": "2026-01-31T12:00:00.500Z"}, "1769860900000", 1769860800.5),
        ({"Timestamp": "2400-01-01T00:00:00.000Z"}, "1769860900250", 1769860900.25),
        ({"Timestamp": "2400-01-01T00:00:00.000Z"}, "", 13569465600.0),
        ({}, "1769860900250", 1769860900.25),
        ({"Timestamp": "noon"}, "1769860900250", 1769860900.25),
        ({"Timestamp": "2026-01-31T12:00:00"}, "soon", None),
        ({"Timestamp": 5}, "", None),
        ({"Timestamp": "0001-01-01T00:00:00+14:00"}, "1769860900250", 1769860900.25),
        ({"Timestamp": "9999-12-31T23:59:59-14:00"}, "", None),
        ({}, "9" * 30, None),
    ],
)
def test_a_record_knows_since_when_it_waits(envelope: dict[str, object], sent: str, published_at: float | None) -> None:
    body = json.dumps({"MessageId": "sns-1", "TopicArn": TOPIC_ARN, "Message": "x", **envelope})
    event = sqs_event(body)
    event["Records"][0]["attributes"]["SentTimestamp"] = sent
    (record,) = read_event(event)
    assert isinstance(record, Record)
    assert record.published_at == published_at


def test_a_record_of_a_fifo_queue_has_its_message_group_as_its_lane() -> None:
    assert only(lane_event("x", lane="team")).lane == "team"


def test_a_record_of_a_standard_queue_or_of_sns_has_no_lane() -> None:
    """A standard queue takes a message group too: it means fairness there, and no order."""
    record = sqs_record("x")
    record["attributes"]["MessageGroupId"] = "team"
    assert only({"Records": [record]}).lane == ""
    assert only(sns_event("x")).lane == ""


@pytest.mark.parametrize("group", [None, 5, ""])
def test_a_group_that_is_no_text_is_no_lane(group: object) -> None:
    record = lane_record("x")
    record["attributes"]["MessageGroupId"] = group
    assert only({"Records": [record]}).lane == ""


@pytest.mark.parametrize(("sent", "queued_at"), [("1769860900250", 1769860900.25), ("", None), ("soon", None)])
def test_a_record_knows_since_when_its_queue_has_it_whatever_the_envelope_says(
    sent: str, queued_at: float | None
) -> None:
    body = {"MessageId": "sns-1", "TopicArn": TOPIC_ARN, "Message": "x", "Timestamp": "2026-01-31T12:00:00.500Z"}
    event = sqs_event(json.dumps(body))
    event["Records"][0]["attributes"]["SentTimestamp"] = sent
    record = only(event)
    assert (record.queued_at, record.published_at) == (queued_at, 1769860800.5)
    assert only(sns_event("x")).queued_at is None
