from collections.abc import Callable, Mapping
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from retry_policies import ErrorKind, RetryPolicy, StopReason
from retry_policies.batch_calls import (
    BatchCall,
    EntriesFailed,
    batch_write_item,
    publish_batch,
    put_events,
    put_records,
    send_message_batch,
)
from retry_policies.presets import AWS_WRITE
from retry_policies.testing import FakeTime, Script
from tests.support.steps.failing import info_of

SESSION = boto3.Session("a", "b", region_name="eu-west-1")
TAKEN = {"EventId": "e"}
THROTTLED = {"ErrorCode": "ThrottlingException"}


def entry(number: int) -> dict[str, object]:
    return {"Id": f"{number}", "MessageBody": f"body {number}"}


ONE, TWO, THREE = map(entry, (1, 2, 3))


def by_id(*taken: int, **failed: str) -> dict[str, object]:
    """Return an answer; `failed` is a code and the number of its entry: InternalError="2"."""
    problems = [{"Id": number, "Code": code, "SenderFault": code != "InternalError"} for code, number in failed.items()]
    return {"Successful": [{"Id": f"{number}"} for number in taken], "Failed": problems}


def scripted(*answers: object) -> Any:  # noqa: ANN401 - a method of boto3
    return Script(FakeTime(), *answers)


def run[E](
    sending: BatchCall[E], time: FakeTime | None = None, policy: RetryPolicy = AWS_WRITE
) -> EntriesFailed[E] | None:
    time = time or FakeTime()
    try:
        time.policy(policy).call(time.deadline(20), sending)
    except EntriesFailed as error:
        return error
    return None


def sent(service: Script, field: str) -> list[object]:
    return [request[field] for _, request in service.calls]


@pytest.mark.parametrize(
    ("make", "field"), [(send_message_batch, "Entries"), (publish_batch, "PublishBatchRequestEntries")]
)
def test_only_failed_entries_are_sent_again(make: Callable[..., BatchCall[Mapping[str, object]]], field: str) -> None:
    time = FakeTime()
    answers = (by_id(1, InternalError="2", Throttling="3"), by_id(2, Throttling="3"), by_id(3))
    service = scripted(*answers)
    assert run(make(service, [ONE, TWO, THREE], QueueUrl="q"), time) is None
    assert sent(service, field) == [[ONE, TWO, THREE], [TWO, THREE], [THREE]]
    assert [request["QueueUrl"] for _, request in service.calls] == ["q"] * 3
    assert time.slept == [1.0, 2.0]  # one throttled entry is enough to slow down


@pytest.mark.parametrize(("make", "field"), [(put_events, "Entries"), (put_records, "Records")])
def test_of_answers_by_position_only_failed_ones_are_sent_again(
    make: Callable[..., BatchCall[Mapping[str, object]]], field: str
) -> None:
    service = scripted({field: [TAKEN, THROTTLED, THROTTLED]}, {field: [TAKEN, {"ErrorCode": "Malformed"}]})
    error = run(make(service, [ONE, TWO, THREE], StreamName="s"))
    assert error is not None
    assert sent(service, field) == [[ONE, TWO, THREE], [TWO, THREE]]
    assert [request["StreamName"] for _, request in service.calls] == ["s", "s"]
    assert [one.entry for one in error.failed] == [THREE]


def test_unprocessed_items_are_written_again() -> None:
    service = scripted({"UnprocessedItems": {"b": [TWO]}}, {"UnprocessedItems": {}})
    assert run(batch_write_item(service, [("a", ONE), ("b", ONE), ("b", TWO)])) is None
    assert sent(service, "RequestItems") == [{"a": [ONE], "b": [ONE, TWO]}, {"b": [TWO]}]


def test_entries_that_may_have_been_taken_are_sent_again_only_by_a_repeatable_policy() -> None:
    answers = by_id(1, Throttling="2"), by_id(2, 3)
    service = scripted(*answers)
    error = run(send_message_batch(service, [ONE, TWO, THREE]))
    assert error is not None
    assert len(service.calls) == 1
    assert [one.entry for one in error.failed] == [TWO, THREE]
    assert info_of(error).reason is StopReason.AMBIGUOUS
    again = scripted(*answers)
    assert run(send_message_batch(again, [ONE, TWO, THREE]), policy=AWS_WRITE.with_(repeatable=True)) is None
    assert sent(again, "Entries") == [[ONE, TWO, THREE], [TWO, THREE]]


@pytest.mark.parametrize(
    ("answers", "failed", "facts"),
    [
        (
            [by_id(InvalidMessageContents="1", InternalError="2"), by_id(2)],
            [ONE],
            (StopReason.PERMANENT, 2, ErrorKind.PERMANENT),
        ),
        ([by_id(1, InternalError="2")] * 4, [TWO], (StopReason.ATTEMPTS, 4, ErrorKind.TRANSIENT)),
    ],
)
def test_the_error_lists_the_entries_that_failed(
    answers: list[object], failed: list[object], facts: tuple[object, ...]
) -> None:
    error = run(send_message_batch(scripted(*answers), [ONE, TWO]))
    assert error is not None
    assert [one.entry for one in error.failed] == failed
    assert str(error) == "1 entries were not taken"
    info = info_of(error)
    assert (info.reason, info.attempts, info.kind) == facts
    assert info.code == "entries_failed"


def test_the_longest_wait_of_an_entry_is_that_of_the_call() -> None:
    service = scripted(by_id(OverLimit="1", Throttling="2", InvalidMessageContents="3"))
    error = run(send_message_batch(service, [ONE, TWO, THREE]))
    assert error is not None
    info = info_of(error)
    assert (info.reason, info.retry_after, len(service.calls)) == (StopReason.RETRY_AFTER, 60.0, 1)
    assert [one.entry for one in error.failed] == [THREE, ONE, TWO]


def test_after_the_failure_of_a_whole_call_the_batch_knows_its_pending_entries() -> None:
    sending = send_message_batch(scripted(by_id(1, InternalError="2"), ValueError("a bug")), [ONE, TWO])
    with pytest.raises(ValueError, match="a bug"):
        run(sending)
    assert sending.pending == [TWO]


def test_an_empty_batch_is_not_sent() -> None:
    assert run(send_message_batch(scripted(), [])) is None


@mock_aws
def test_a_batch_is_sent_with_boto3() -> None:
    sqs = SESSION.client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    assert run(send_message_batch(sqs.send_message_batch, [ONE, TWO], QueueUrl=url)) is None
    bodies = {message["Body"] for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]}
    assert bodies == {"body 1", "body 2"}


def test_answers_of_boto3_are_understood() -> None:
    events = SESSION.client("events")
    one = {"Source": "s", "DetailType": "d", "Detail": "{}"}
    with Stubber(events) as stubber:
        failure = {"ErrorCode": "InternalFailure", "ErrorMessage": "m"}
        stubber.add_response("put_events", {"FailedEntryCount": 1, "Entries": [{"EventId": "e"}, failure]})
        stubber.add_response("put_events", {"FailedEntryCount": 0, "Entries": [{"EventId": "f"}]}, {"Entries": [one]})
        assert run(put_events(events.put_events, [one, one])) is None
