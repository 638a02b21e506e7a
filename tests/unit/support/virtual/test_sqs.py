"""Rules of the SQS API: which messages and batch calls it refuses, and what it answers."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.virtual.fifo_queue import VirtualFifoQueue
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.sqs import VirtualSqs
from tests.support.virtual.world import World

TEXT = {"DataType": "String", "StringValue": "{}"}
IN_GROUP: dict[str, Any] = {"MessageGroupId": "a", "MessageDeduplicationId": "1"}
LIMIT = 1_048_576
INVALID = "InvalidParameterValue"


class Client:
    """An SQS client with a standard queue and a FIFO queue."""

    def __init__(self) -> None:
        self.world = World()
        self.sqs = VirtualSqs(self.world.service("sqs"))
        self.queue = VirtualQueue("alerts", self.world.scheduler)
        self.lanes = VirtualFifoQueue("lanes.fifo", self.world.scheduler)
        self.sqs.add(self.queue)
        self.sqs.add(self.lanes)
        self.url, self.lanes_url = self.queue.url, self.lanes.url


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.mark.parametrize(
    ("queue", "message", "code"),
    [
        ("alerts", {"MessageBody": "a" * (LIMIT + 1)}, INVALID),
        ("alerts", {"MessageBody": "a\0"}, "InvalidMessageContents"),
        ("alerts", {"DelaySeconds": 901}, INVALID),
        ("alerts", {"MessageAttributes": {str(number): TEXT for number in range(11)}}, INVALID),
        ("alerts", IN_GROUP, INVALID),
        ("unknown", {}, "AWS.SimpleQueueService.NonExistentQueue"),
        ("lanes.fifo", {}, "MissingParameter"),
        ("lanes.fifo", {"MessageDeduplicationId": "1"}, "MissingParameter"),
        ("lanes.fifo", {"MessageGroupId": "a"}, INVALID),
        ("lanes.fifo", {**IN_GROUP, "DelaySeconds": 1}, INVALID),
        ("lanes.fifo", {**IN_GROUP, "MessageGroupId": "a b"}, INVALID),
        ("lanes.fifo", {**IN_GROUP, "MessageDeduplicationId": "1" * 129}, INVALID),
    ],
)
def test_a_message_is_refused(client: Client, queue: str, message: dict[str, Any], code: str) -> None:
    url = client.url.replace("alerts", queue)
    with pytest.raises(ClientError, match=code):
        client.sqs.send_message(**{"QueueUrl": url, "MessageBody": "a", **message})
    assert client.queue.messages() == client.lanes.messages() == []


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([], "EmptyBatchRequest"),
        ([{"Id": str(number), "MessageBody": "a"} for number in range(11)], "TooManyEntriesInBatchRequest"),
        ([{"Id": "1", "MessageBody": "a"}] * 2, "BatchEntryIdsNotDistinct"),
        ([{"Id": "1", "MessageBody": "a" * LIMIT}, {"Id": "2", "MessageBody": "b"}], "BatchRequestTooLong"),
    ],
)
def test_a_batch_call_is_refused_as_a_whole(client: Client, entries: list[dict[str, str]], code: str) -> None:
    with pytest.raises(ClientError, match=code):
        client.sqs.send_message_batch(QueueUrl=client.url, Entries=entries)
    assert client.queue.messages() == []


def test_the_size_of_a_batch_includes_attributes(client: Client) -> None:
    attributes = {"name": {"DataType": "Binary", "BinaryValue": bytes(100)}}
    entries: list[dict[str, Any]] = [
        {"Id": "1", "MessageBody": "a" * (LIMIT - 111)},
        {"Id": "2", "MessageBody": "b", "MessageAttributes": attributes},
    ]
    assert len(client.sqs.send_message_batch(QueueUrl=client.url, Entries=entries)["Successful"]) == 2
    entries[0]["MessageBody"] += "a"
    with pytest.raises(ClientError, match="BatchRequestTooLong"):
        client.sqs.send_message_batch(QueueUrl=client.url, Entries=entries)


def test_a_receive_returns_only_the_attributes_that_it_names(client: Client) -> None:
    client.sqs.send_message(QueueUrl=client.url, MessageBody="a", MessageAttributes={"holdfast": TEXT})
    [plain] = client.sqs.receive_message(QueueUrl=client.url, VisibilityTimeout=0)["Messages"]
    assert set(plain) == {"MessageId", "ReceiptHandle", "Body"}
    [whole] = client.sqs.receive_message(
        QueueUrl=client.url, MessageAttributeNames=["All"], MessageSystemAttributeNames=["ApproximateReceiveCount"]
    )["Messages"]
    assert (whole["MessageAttributes"], whole["Attributes"]) == ({"holdfast": TEXT}, {"ApproximateReceiveCount": "2"})
    assert client.sqs.receive_message(QueueUrl=client.url) == {}


def test_a_batch_call_changes_and_deletes_only_hidden_messages_of_a_fifo_queue(client: Client) -> None:
    client.sqs.send_message(QueueUrl=client.lanes_url, MessageBody="a", **IN_GROUP)
    [message] = client.sqs.receive_message(QueueUrl=client.lanes_url, VisibilityTimeout=60)["Messages"]
    entry = {"Id": "1", "ReceiptHandle": message["ReceiptHandle"]}

    def hide(seconds: int) -> None:
        entries = [{**entry, "VisibilityTimeout": seconds}]
        client.sqs.change_message_visibility_batch(QueueUrl=client.lanes_url, Entries=entries)

    hide(0)
    [failed] = client.sqs.delete_message_batch(QueueUrl=client.lanes_url, Entries=[entry])["Failed"]
    assert failed["Code"] == INVALID
    [message] = client.sqs.receive_message(QueueUrl=client.lanes_url)["Messages"]
    entry["ReceiptHandle"] = message["ReceiptHandle"]
    hide(60)
    assert client.lanes.next_visible() == 60.0
    assert client.sqs.delete_message_batch(QueueUrl=client.lanes_url, Entries=[entry]) == {"Successful": [{"Id": "1"}]}
