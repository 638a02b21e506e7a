import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from tests.support.virtual.faults import DENIED, unanswered
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.sqs import VirtualSqs
from tests.support.virtual.world import World

NAMED = {"DataType": "String", "StringValue": "{}"}


class Desk:
    def __init__(self) -> None:
        self.world = World()
        self.sqs = VirtualSqs(self.world.service("sqs"))
        self.queue = VirtualQueue("alerts", self.world.scheduler)
        self.url = self.sqs.add(self.queue)

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
