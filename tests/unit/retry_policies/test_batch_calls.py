from collections.abc import Callable, Mapping

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from retry_policies import Classification, ErrorKind, StopReason, retry_info
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
from retry_policies.testing import FakeTime

NOBODY = boto3.Session("a", "b", region_name="eu-west-1")
type Answer = Mapping[str, object]


class Service:
    """Answers from a script and remembers what it was sent."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[dict[str, object]] = []

    def __call__(self, **request: object) -> Answer:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def entry(number: int) -> dict[str, object]:
    return {"Id": f"{number}", "MessageBody": f"body {number}"}


def taken(*numbers: int) -> list[dict[str, str]]:
    return [{"Id": f"{number}"} for number in numbers]


def failed(number: int, code: str, *, sender: bool) -> dict[str, object]:
    return {"Id": f"{number}", "Code": code, "SenderFault": sender, "Message": "m"}


def send[E](sending: BatchCall[E], time: FakeTime | None = None) -> EntriesFailed[E] | None:
    time = time or FakeTime()
    try:
        time.policy(AWS_WRITE).call(time.deadline(20), sending)
    except EntriesFailed as error:
        return error
    return None


@pytest.mark.parametrize(
    ("make", "field"), [(send_message_batch, "Entries"), (publish_batch, "PublishBatchRequestEntries")]
)
def test_only_failed_entries_are_sent_again(make: Callable[..., BatchCall[Mapping[str, object]]], field: str) -> None:
    service = Service(
        {"Successful": taken(1), "Failed": [failed(2, "?", sender=False), failed(3, "Throttling", sender=True)]},
        {"Successful": taken(2), "Failed": [failed(3, "Throttling", sender=True)]},
        {"Successful": taken(3)},
    )
    time = FakeTime()
    assert send(make(service, map(entry, (1, 2, 3)), QueueUrl="q"), time) is None
    assert service.requests == [
        {"QueueUrl": "q", field: [entry(1), entry(2), entry(3)]},
        {"QueueUrl": "q", field: [entry(2), entry(3)]},
        {"QueueUrl": "q", field: [entry(3)]},
    ]
    assert time.slept == [1.0, 2.0]  # one throttled entry is enough to slow down


@pytest.mark.parametrize(("make", "field"), [(put_events, "Entries"), (put_records, "Records")])
def test_answers_by_position_are_matched_by_position(
    make: Callable[..., BatchCall[Mapping[str, object]]], field: str
) -> None:
    service = Service(
        {field: [{"EventId": "e"}, {"ErrorCode": "InternalFailure"}, {"ErrorCode": "ThrottlingException"}]},
        {field: [{"SequenceNumber": "4"}, {"ErrorCode": "MalformedDetail"}, {"EventId": "of nobody's"}]},
    )
    error = send(make(service, map(entry, (1, 2, 3)), StreamName="s"))
    assert error is not None
    assert [request["StreamName"] for request in service.requests] == ["s", "s"]
    assert [request[field] for request in service.requests] == [[entry(1), entry(2), entry(3)], [entry(2), entry(3)]]
    assert [(one.entry, one.classification) for one in error.failed] == [
        (entry(3), Classification(ErrorKind.PERMANENT, code="MalformedDetail"))
    ]


def test_unprocessed_items_are_written_again() -> None:
    put: dict[str, object] = {"PutRequest": {"Item": {}}}
    delete: dict[str, object] = {"DeleteRequest": {"Key": {}}}
    service = Service({"UnprocessedItems": {"b": [delete]}}, {"UnprocessedItems": {}})
    time = FakeTime()
    assert send(batch_write_item(service, [("a", put), ("b", put), ("b", delete)]), time) is None
    assert service.requests == [{"RequestItems": {"a": [put], "b": [put, delete]}}, {"RequestItems": {"b": [delete]}}]
    assert time.slept == [1.0]


def test_items_that_stay_unprocessed_are_named() -> None:
    service = Service(*[{"UnprocessedItems": {"a": [entry(1)]}}] * 4)
    error = send(batch_write_item(service, [("a", entry(1)), ("a", entry(2))]))
    assert error is not None
    judged = Classification(ErrorKind.THROTTLED, code="UnprocessedItems")
    assert [(one.entry, one.classification) for one in error.failed] == [(("a", entry(1)), judged)]


NO_ANSWER = Classification(ErrorKind.AMBIGUOUS, code="no_answer")


@pytest.mark.parametrize(
    ("answer", "open_"),
    [
        ({}, [1, 2, 3]),
        ({"Entries": None}, [1, 2, 3]),
        ({"Entries": [{"EventId": "e"}]}, [2, 3]),
        ({"Entries": [{"EventId": "e"}, None, {"EventId": "g"}]}, [2]),
        ({"Entries": [{"EventId": "e"}, {}, {"EventId": ""}]}, [2, 3]),
    ],
)
def test_of_an_entry_without_an_answer_in_its_place_nobody_knows(answer: Answer, open_: list[int]) -> None:
    error = send(put_events(Service(answer), map(entry, (1, 2, 3))))
    assert error is not None
    assert [(one.entry, one.classification) for one in error.failed] == [(entry(one), NO_ANSWER) for one in open_]


@pytest.mark.parametrize(
    ("answer", "open_"),
    [
        ({}, [1, 2]),
        ({"Failed": None, "Successful": "x"}, [1, 2]),
        ({"Failed": [None], "Successful": [None, *taken(1)]}, [2]),
        ({"Failed": [{"Id": "9"}], "Successful": taken(9)}, [1, 2]),
        ({"Successful": [{"Id": ["1"]}, *taken(2)]}, [1]),
    ],
)
def test_of_an_entry_that_the_answer_does_not_name_nobody_knows(answer: Answer, open_: list[int]) -> None:
    error = send(send_message_batch(Service(answer), map(entry, (1, 2)), QueueUrl="q"))
    assert error is not None
    assert [(one.entry, one.classification) for one in error.failed] == [(entry(one), NO_ANSWER) for one in open_]


@pytest.mark.parametrize("answer", [{}, {"UnprocessedItems": None}, {"UnprocessedItems": []}])
def test_without_a_word_on_unprocessed_items_nobody_knows_of_any(answer: Answer) -> None:
    error = send(batch_write_item(Service(answer), [("a", entry(1))]))
    assert error is not None
    assert [(one.entry, one.classification) for one in error.failed] == [(("a", entry(1)), NO_ANSWER)]


@pytest.mark.parametrize("listed", [None, "x", [None], [None, {"PutRequest": {}}]])
def test_of_a_table_whose_unprocessed_items_cannot_be_read_nobody_knows(listed: object) -> None:
    left = {"a": [entry(1)], "b": listed, "c": listed, "d": [entry(4)]}
    entries = [("a", entry(1)), ("b", entry(2)), ("c", entry(3)), ("d", entry(4)), ("e", entry(5))]
    error = send(batch_write_item(Service({"UnprocessedItems": left}), entries))
    assert error is not None
    assert [one.entry for one in error.failed] == entries[:4]
    assert [one.classification == NO_ANSWER for one in error.failed] == [False, True, True, False]


def test_an_entry_named_as_failed_was_not_taken_whatever_else_is_said_of_it() -> None:
    answer = {"Successful": taken(1), "Failed": [failed(1, "InvalidMessageContents", sender=True)]}
    error = send(send_message_batch(Service(answer), [entry(1)], QueueUrl="q"))
    assert error is not None
    assert error.failed[0].classification == Classification(ErrorKind.PERMANENT, code="InvalidMessageContents")


def test_a_table_with_nothing_unprocessed_is_written() -> None:
    assert send(batch_write_item(Service({"UnprocessedItems": {"a": []}}), [("a", entry(1))])) is None


def test_what_may_have_been_taken_is_sent_again_only_where_it_may_be_repeated() -> None:
    half = {"Successful": taken(1), "Failed": [failed(2, "Throttling", sender=True)]}
    service = Service(half, {"Successful": taken(2, 3)})
    error = send(send_message_batch(service, map(entry, (1, 2, 3)), QueueUrl="q"))
    assert error is not None
    assert len(service.requests) == 1
    assert [one.entry for one in error.failed] == [entry(2), entry(3)]
    info = retry_info(error)
    assert info is not None
    assert info.reason is StopReason.AMBIGUOUS
    again = Service(half, {"Successful": taken(2, 3)})
    time = FakeTime()
    repeatable = time.policy(AWS_WRITE.with_(repeatable=True))
    repeatable.call(time.deadline(20), send_message_batch(again, map(entry, (1, 2, 3)), QueueUrl="q"))
    assert again.requests[1]["Entries"] == [entry(2), entry(3)]


@pytest.mark.parametrize("code", ["AccessDenied", "KMS.DisabledException"])
def test_a_refusal_by_name_is_one_whoever_is_to_blame(code: str) -> None:
    error = send(send_message_batch(Service({"Failed": [failed(1, code, sender=False)]}), [entry(1)]))
    assert error is not None
    assert error.failed[0].classification == Classification(ErrorKind.PERMANENT, code=code)


def test_a_refused_entry_is_not_sent_again_and_named_at_the_end() -> None:
    service = Service(
        {"Failed": [failed(1, "InvalidMessageContents", sender=True), failed(2, "InternalError", sender=False)]},
        {"Successful": taken(2)},
    )
    error = send(send_message_batch(service, map(entry, (1, 2)), QueueUrl="q"))
    assert error is not None
    assert [request["Entries"] for request in service.requests] == [[entry(1), entry(2)], [entry(2)]]
    assert [one.entry for one in error.failed] == [entry(1)]
    info = retry_info(error)
    assert info is not None
    assert (info.reason, info.attempts) == (StopReason.PERMANENT, 2)


def test_when_the_attempts_are_used_up_the_error_names_what_is_open() -> None:
    service = Service(*[{"Successful": taken(1), "Failed": [failed(2, "InternalError", sender=False)]}] * 4)
    error = send(send_message_batch(service, map(entry, (1, 2)), QueueUrl="q"))
    assert error is not None
    assert [one.entry for one in error.failed] == [entry(2)]
    assert str(error) == "1 entries were not taken"
    info = retry_info(error)
    assert info is not None
    assert (info.reason, info.kind, info.code) == (StopReason.ATTEMPTS, ErrorKind.TRANSIENT, "entries_failed")


def test_when_the_whole_call_fails_the_batch_knows_what_is_open() -> None:
    half = {"Successful": taken(1), "Failed": [failed(2, "InternalError", sender=False)]}
    service = Service(half, ValueError("a bug"))
    sending = send_message_batch(service, map(entry, (1, 2)), QueueUrl="q")
    with pytest.raises(ValueError, match="a bug"):
        send(sending)
    assert sending.pending == [entry(2)]


def test_nothing_to_send_is_no_call() -> None:
    service = Service()
    assert send(send_message_batch(service, [], QueueUrl="q")) is None
    assert service.requests == []


def test_a_code_that_looks_like_none_is_not_kept() -> None:
    error = send(send_message_batch(Service({"Failed": [failed(1, "https://secret", sender=True)]}), [entry(1)]))
    assert error is not None
    assert error.failed[0].classification == Classification(ErrorKind.PERMANENT, code="unknown_code")


@mock_aws
def test_a_batch_goes_through_boto3() -> None:
    sqs = NOBODY.client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    assert send(send_message_batch(sqs.send_message_batch, map(entry, (1, 2)), QueueUrl=url)) is None
    bodies = {message["Body"] for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]}
    assert bodies == {"body 1", "body 2"}


def test_boto3s_own_answers_are_understood() -> None:
    events = NOBODY.client("events")
    one = {"Source": "s", "DetailType": "d", "Detail": "{}"}
    with Stubber(events) as stubber:
        failure = {"ErrorCode": "InternalFailure", "ErrorMessage": "m"}
        stubber.add_response("put_events", {"FailedEntryCount": 1, "Entries": [{"EventId": "e"}, failure]})
        stubber.add_response("put_events", {"FailedEntryCount": 0, "Entries": [{"EventId": "f"}]}, {"Entries": [one]})
        assert send(put_events(events.put_events, [one, one])) is None
