from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from tests.support.virtual.faults import DENIED, unanswered
from tests.support.virtual.fifo_queue import VirtualFifoQueue
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.sqs import VirtualSqs
from tests.support.virtual.world import World

NAMED = {"DataType": "String", "StringValue": "{}"}
IN_A: dict[str, Any] = {"MessageGroupId": "a", "MessageDeduplicationId": "1"}


class Desk:
    def __init__(self) -> None:
        self.world = World()
        self.sqs = VirtualSqs(self.world.service("sqs"))
        self.queue = VirtualQueue("alerts", self.world.scheduler)
        self.url = self.sqs.add(self.queue)
        self.lanes = VirtualFifoQueue("lanes.fifo", self.world.scheduler)
        self.lanes_url = self.sqs.add(self.lanes)

    def code(self, **request: object) -> str:
        message: dict[str, object] = {"QueueUrl": self.url, "MessageBody": "a", **request}
        with pytest.raises(ClientError) as error:
            self.sqs.send_message(**message)  # type: ignore[arg-type] # each has its own type
        return error.value.response["Error"]["Code"]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_what_is_sent_is_received_with_what_was_asked_for(desk: Desk) -> None:
    sent = desk.sqs.send_message(QueueUrl=desk.url, MessageBody="a", MessageAttributes={"holdfast": NAMED})
    [plain] = desk.sqs.receive_message(QueueUrl=desk.url, VisibilityTimeout=0)["Messages"]
    assert set(plain) == {"MessageId", "ReceiptHandle", "Body"}
    [whole] = desk.sqs.receive_message(
        QueueUrl=desk.url, MessageAttributeNames=["All"], MessageSystemAttributeNames=["ApproximateReceiveCount"]
    )["Messages"]
    assert whole["MessageId"] == sent["MessageId"]
    assert whole["MessageAttributes"] == {"holdfast": NAMED}
    assert whole["Attributes"] == {"ApproximateReceiveCount": "2"}
    assert desk.sqs.receive_message(QueueUrl=desk.url) == {}


def test_what_sqs_refuses_is_refused(desk: Desk) -> None:
    assert desk.code(MessageBody="a" * 1_048_577) == "InvalidParameterValue"
    assert desk.code(MessageBody="a\0") == "InvalidMessageContents"
    assert desk.code(DelaySeconds=901) == "InvalidParameterValue"
    assert desk.code(MessageAttributes={str(number): NAMED for number in range(11)}) == "InvalidParameterValue"
    assert desk.code(QueueUrl="https://example.com") == "AWS.SimpleQueueService.NonExistentQueue"
    assert desk.queue.messages() == []


def test_a_received_message_can_be_hidden_and_deleted(desk: Desk) -> None:
    desk.sqs.send_message(QueueUrl=desk.url, MessageBody="a", DelaySeconds=5)
    desk.world.run(until=5.0)
    [message] = desk.sqs.receive_message(QueueUrl=desk.url)["Messages"]
    handle = message["ReceiptHandle"]
    desk.sqs.change_message_visibility(QueueUrl=desk.url, ReceiptHandle=handle, VisibilityTimeout=60)
    assert desk.queue.next_visible() == 65.0
    desk.sqs.delete_message(QueueUrl=desk.url, ReceiptHandle=handle)
    assert desk.queue.messages() == []


def test_a_batch_call_names_each_entry_that_failed(desk: Desk) -> None:
    entries = [{"Id": "1", "MessageBody": "a"}, {"Id": "2", "MessageBody": "\0"}]
    answer = desk.sqs.send_message_batch(QueueUrl=desk.url, Entries=entries)
    assert [one["Id"] for one in answer["Successful"]] == ["1"]
    assert [(one["Id"], one["Code"]) for one in answer["Failed"]] == [("2", "InvalidMessageContents")]
    [message] = desk.sqs.receive_message(QueueUrl=desk.url)["Messages"]
    handle = {"Id": "1", "ReceiptHandle": message["ReceiptHandle"]}
    desk.sqs.change_message_visibility_batch(QueueUrl=desk.url, Entries=[{**handle, "VisibilityTimeout": 60}])
    assert desk.queue.next_visible() == 60.0
    assert desk.sqs.delete_message_batch(QueueUrl=desk.url, Entries=[handle]) == {"Successful": [{"Id": "1"}]}
    assert desk.queue.messages() == []


def test_a_long_poll_waits_for_the_first_message(desk: Desk) -> None:
    found: list[float] = []

    def poll() -> None:
        assert desk.sqs.receive_message(QueueUrl=desk.url, WaitTimeSeconds=20)["Messages"]
        found.append(desk.world.now)

    desk.queue.send("a", delay=7.0)
    desk.world.scheduler.spawn(poll)
    desk.world.run()
    assert found == [7.0]


def test_a_call_fails_as_its_script_says(desk: Desk) -> None:
    raised: list[tuple[str, float, int]] = []

    def send() -> None:
        for _ in range(4):
            try:
                desk.sqs.send_message(QueueUrl=desk.url, MessageBody="a")
            except (ClientError, ReadTimeoutError) as error:
                raised.append((type(error).__name__, desk.world.now, len(desk.queue.messages())))

    desk.sqs.service.latency = 0.0
    desk.sqs.service.faults.script(DENIED, None, unanswered(2.0, takes_effect=True), operation="send_message")
    desk.world.scheduler.spawn(send)
    desk.world.run()
    assert raised == [("ClientError", 0.0, 0), ("ReadTimeoutError", 2.0, 2)]
    assert len(desk.queue.messages()) == 3


def test_a_fifo_queue_takes_a_message_with_group_and_deduplication_id(desk: Desk) -> None:
    sent = [desk.sqs.send_message(QueueUrl=desk.lanes_url, MessageBody="a", **IN_A)["MessageId"] for _ in range(2)]
    assert sent == ["lanes.fifo-1"] * 2
    [whole] = desk.sqs.receive_message(
        QueueUrl=desk.lanes_url, VisibilityTimeout=0, MessageSystemAttributeNames=["All"]
    )["Messages"]
    assert whole["Attributes"].items() > IN_A.items()
    [named] = desk.sqs.receive_message(
        QueueUrl=desk.lanes_url, MessageSystemAttributeNames=["MessageGroupId", "SequenceNumber"]
    )["Messages"]
    assert named["Attributes"] == {"MessageGroupId": "a", "SequenceNumber": f"{1:020}"}


def test_what_sqs_refuses_to_put_into_a_fifo_queue_is_refused(desk: Desk) -> None:
    lanes = {"QueueUrl": desk.lanes_url}
    assert desk.code(**lanes) == "MissingParameter"
    assert desk.code(**lanes, MessageDeduplicationId="1") == "MissingParameter"
    assert desk.code(**lanes, MessageGroupId="a") == "InvalidParameterValue"
    assert desk.code(**lanes, **IN_A, DelaySeconds=1) == "InvalidParameterValue"
    assert desk.code(**lanes, **(IN_A | {"MessageGroupId": "a b"})) == "InvalidParameterValue"
    assert desk.code(**lanes, **(IN_A | {"MessageDeduplicationId": "1" * 129})) == "InvalidParameterValue"
    assert desk.lanes.messages() == []


def test_a_message_group_is_refused_by_a_standard_queue(desk: Desk) -> None:
    assert desk.code(**IN_A) == "InvalidParameterValue"
    assert desk.queue.messages() == []


def test_a_batch_into_a_fifo_queue_names_each_entry_that_failed(desk: Desk) -> None:
    entries = [{"Id": "1", "MessageBody": "a", **IN_A}, {"Id": "2", "MessageBody": "b"}]
    answer = desk.sqs.send_message_batch(QueueUrl=desk.lanes_url, Entries=entries)
    assert answer["Successful"] == [{"Id": "1", "MessageId": "lanes.fifo-1"}]
    assert [(one["Id"], one["Code"]) for one in answer["Failed"]] == [("2", "MissingParameter")]


def test_a_batch_deletes_from_a_fifo_queue_only_what_is_still_hidden(desk: Desk) -> None:
    desk.sqs.send_message(QueueUrl=desk.lanes_url, MessageBody="a", **IN_A)
    [message] = desk.sqs.receive_message(QueueUrl=desk.lanes_url, VisibilityTimeout=0)["Messages"]
    entries = [{"Id": "1", "ReceiptHandle": message["ReceiptHandle"]}]
    answer = desk.sqs.delete_message_batch(QueueUrl=desk.lanes_url, Entries=entries)
    assert [one["Code"] for one in answer["Failed"]] == ["InvalidParameterValue"]


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([], "EmptyBatchRequest"),
        ([{"Id": str(number), "MessageBody": "a"} for number in range(11)], "TooManyEntriesInBatchRequest"),
        ([{"Id": "1", "MessageBody": "a"}] * 2, "BatchEntryIdsNotDistinct"),
        ([{"Id": "1", "MessageBody": "a" * 1_048_576}, {"Id": "2", "MessageBody": "b"}], "BatchRequestTooLong"),
    ],
)
def test_a_batch_that_sqs_refuses_as_a_whole_sends_nothing(
    desk: Desk, entries: list[dict[str, str]], code: str
) -> None:
    with pytest.raises(ClientError) as error:
        desk.sqs.send_message_batch(QueueUrl=desk.url, Entries=entries)
    assert error.value.response["Error"]["Code"] == f"AWS.SimpleQueueService.{code}"
    assert desk.queue.messages() == []


def test_the_size_of_a_batch_counts_attributes_and_may_be_exactly_the_limit(desk: Desk) -> None:
    attributes = {"name": {"DataType": "Binary", "BinaryValue": bytes(100)}}
    entries: list[dict[str, Any]] = [
        {"Id": "1", "MessageBody": "a" * (1_048_576 - 111)},
        {"Id": "2", "MessageBody": "b", "MessageAttributes": attributes},
    ]
    assert len(desk.sqs.send_message_batch(QueueUrl=desk.url, Entries=entries)["Successful"]) == 2
    entries[1]["MessageBody"] = "bb"
    with pytest.raises(ClientError, match="BatchRequestTooLong"):
        desk.sqs.send_message_batch(QueueUrl=desk.url, Entries=entries)


@pytest.mark.parametrize("name", ["url", "lanes_url"])
def test_a_queue_counts_its_visible_and_its_hidden_messages(desk: Desk, name: str) -> None:
    url = getattr(desk, name)
    for number in range(3):
        ids = IN_A | {"MessageDeduplicationId": str(number)} if url == desk.lanes_url else {}
        desk.sqs.send_message(QueueUrl=url, MessageBody="a", **ids)
    desk.sqs.receive_message(QueueUrl=url)
    counts = {"ApproximateNumberOfMessages": "2", "ApproximateNumberOfMessagesNotVisible": "1"}
    assert desk.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"]) == {"Attributes": counts}
    asked = desk.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    assert asked == {"Attributes": {"ApproximateNumberOfMessages": "2"}}
    assert desk.sqs.get_queue_attributes(QueueUrl=url) == {}


def test_a_delayed_message_counts_neither_as_visible_nor_as_hidden(desk: Desk) -> None:
    desk.sqs.send_message(QueueUrl=desk.url, MessageBody="a", DelaySeconds=5)
    answer = desk.sqs.get_queue_attributes(QueueUrl=desk.url, AttributeNames=["All"])
    assert set(answer["Attributes"].values()) == {"0"}
