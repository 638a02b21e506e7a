"""The rules of FIFO queues on which lanes depend, on the local AWS: of a queue alone, then with slack_alerts."""

import json
import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from aws_events.envelope import Record, read_event
from aws_events.message_attributes import Attributes
from aws_events.received import read_received
from demo.platform import LocalAws
from record_batch.lane_queue import LaneMessage, LaneQueue, moved_message, routed_message
from record_batch.overflow import Overflow
from retry_policies import Deadline
from retry_policies.presets import AWS_WRITE
from shared_state.memory_rows import MemoryRows
from tests.support.local_aws.pipeline import LocalPipeline, unique
from tests.support.local_aws.waiting import wait_for

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

PAUSE = 3
EARLY = 0.3
"""Seconds by which two clocks of this machine may differ."""


@pytest.fixture
def url(aws: LocalAws) -> str:
    """Create a FIFO queue with the attributes of LanesQueue."""
    attributes: Any = {
        "FifoQueue": "true",
        "ContentBasedDeduplication": "false",
        "DeduplicationScope": "messageGroup",
        "FifoThroughputLimit": "perMessageGroupId",
        "VisibilityTimeout": "60",
    }
    return aws.client("sqs").create_queue(QueueName=f"{unique()}.fifo", Attributes=attributes)["QueueUrl"]


@pytest.fixture
def queue(aws: LocalAws, url: str) -> LaneQueue:
    return LaneQueue(
        sqs=aws.client("sqs"), url=url, overflow=Overflow(MemoryRows()), policy=AWS_WRITE.with_(repeatable=True)
    )


def message(lane: str, body: str, deduplication_id: str = "") -> LaneMessage:
    return LaneMessage(lane, body, Attributes({}), deduplication_id or uuid4().hex)


def receive(aws: LocalAws, url: str) -> list["MessageTypeDef"]:
    return (
        aws.client("sqs")
        .receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"], MessageAttributeNames=["All"]
        )
        .get("Messages", [])
    )


def soon() -> Deadline:
    return Deadline.after(10.0)


def test_a_hidden_first_message_blocks_the_later_ones_of_its_lane_in_order(
    aws: LocalAws, url: str, queue: LaneQueue
) -> None:
    assert queue.send([message("team", str(number)) for number in range(3)], soon()) == [True] * 3
    received = [read_received(one) for one in receive(aws, url)]
    began = time.monotonic()
    queue.pause(received, PAUSE, soon())
    assert queue.send([message("team", "3"), message("other", "4")], soon()) == [True, True]
    assert [one["Body"] for one in receive(aws, url)] == ["4"]
    again = wait_for(lambda: receive(aws, url), 2 * PAUSE)
    assert time.monotonic() - began >= PAUSE - EARLY
    assert [one["Body"] for one in again] == ["0", "1", "2", "3"]


def test_a_moved_copy_is_no_duplicate_and_a_second_delivery_is(aws: LocalAws, url: str, queue: LaneQueue) -> None:
    [alert] = read_event({"Records": [{"eventSource": "aws:sqs", "messageId": "m1", "body": "disk full"}]})
    assert isinstance(alert, Record)
    first = routed_message(alert, "team", identity="disk")
    assert queue.send([first], soon()) == [True]
    [received] = [read_received(one) for one in receive(aws, url)]
    assert queue.send([moved_message(received, "team"), moved_message(received, "default")], soon()) == [True, True]
    queue.delete([received], soon())
    lanes = [(one["Attributes"]["MessageGroupId"], one["Body"]) for one in receive(aws, url)]
    assert sorted(lanes) == [("default", "disk full"), ("team", "disk full")]
    assert queue.send([first], soon()) == [True]  # a second delivery by SNS, although the first message is deleted
    assert len(aws.peek(url)) == 2


def order(pipeline: LocalPipeline, names: list[str]) -> list[str]:
    """Return the names in the order in which accepted posts show them."""
    return [name for post in pipeline.posts(*names) for name in sorted(names, key=post.body.find) if name in post.body]


def test_a_failing_lane_is_received_alone_after_its_pause_and_in_order_beside_a_healthy_one(
    pipeline: LocalPipeline,
) -> None:
    lanes = pipeline.stack.lanes_queue_url
    failing, healthy = [unique() for _ in range(3)], [unique("bot") for _ in range(2)]
    pipeline.slack.script([{"status": 503, "retry_after": PAUSE}], webhook="ops", match=failing[0])
    with pipeline.aws.paused(pipeline.stack):
        for name in (failing[0], healthy[0], failing[1], healthy[1], failing[2]):
            pipeline.publish(name)
            assert wait_for(lambda name=name: pipeline.queued(lanes, name))  # type: ignore[misc] # bound now
    [refused] = wait_for(lambda: [one for one in pipeline.requests(*failing) if not one.is_accepted])
    assert wait_for(lambda: order(pipeline, healthy) == healthy)

    def waiting() -> list[str]:
        return [json.loads(json.loads(one.body)["Message"])["AlarmName"] for one in pipeline.queued(lanes)]

    assert wait_for(lambda: waiting() == failing, PAUSE - 1)  # those of the healthy lane are deleted meanwhile
    assert wait_for(lambda: order(pipeline, failing) == failing)
    assert pipeline.posts(*failing)[0].time - refused.time >= PAUSE - EARLY
    assert wait_for(lambda: not pipeline.queued(lanes))
    later = pipeline.log_lines('"message":"later"', refused.time)
    assert [json.loads(line)["lane"] for line in later] == [pipeline.default_lane]
