"""The rules of FIFO queues on which lanes depend, on the local AWS: first the queue alone, then with slack_alerts."""

import json
import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from aws_events.envelope import Record, read_event
from aws_events.message_attributes import Attributes
from aws_events.received import read_received
from demo.platform import LocalAws
from demo.slack.memory import Request
from demo.slack.standin import SlackStandin
from holdfast_cli.stack import Stack
from record_batch.lane_queue import LaneMessage, LaneQueue, moved_message, routed_message
from record_batch.overflow import Overflow
from retry_policies import Deadline
from retry_policies.presets import AWS_WRITE
from shared_state.memory_rows import MemoryRows
from tests.e2e.test_road import publish
from tests.support.local_aws.pipeline import LocalRoad, unique
from tests.support.local_aws.waiting import wait_for

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

PAUSE = 3
EARLY = 0.3
"""Seconds by which two clocks on this machine may differ."""


@pytest.fixture
def url(aws: LocalAws) -> str:
    """A FIFO queue with the attributes of LanesQueue."""
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


def test_a_hidden_head_holds_its_visible_tail_and_what_comes_after_in_order(
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


def test_a_moved_copy_is_not_swallowed_and_a_second_delivery_is(aws: LocalAws, url: str, queue: LaneQueue) -> None:
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


def requests(slack: SlackStandin, *names: str) -> list[Request]:
    return [one for one in slack.messages() if any(name in one.body for name in names)]


def order(slack: SlackStandin, names: list[str]) -> list[str]:
    """The names as they stand in accepted posts, one post after the other."""
    posts = [one for one in requests(slack, *names) if one.is_accepted]
    return [name for post in posts for name in sorted(names, key=post.body.find) if name in post.body]


def test_a_failing_lane_beside_a_healthy_one_in_a_batch_comes_back_alone_after_its_pause_and_in_order(
    aws: LocalAws, stack: Stack, slack: SlackStandin
) -> None:
    failing, healthy = [unique() for _ in range(3)], [unique("bot") for _ in range(2)]
    slack.script([{"status": 503, "retry_after": PAUSE}], webhook="ops", match=failing[0])
    with aws.paused(stack):
        for names in zip(failing, [*healthy, ""], strict=True):
            for name in filter(None, names):
                publish(aws, stack, name)
                assert wait_for(lambda name=name: [one for one in aws.peek(stack.lanes_queue_url) if name in one.body])  # type: ignore[misc] # bound now
    [refused] = wait_for(lambda: [one for one in requests(slack, *failing) if not one.is_accepted])
    assert wait_for(lambda: order(slack, healthy) == healthy)

    def waiting() -> list[str]:
        return [json.loads(json.loads(one.body)["Message"])["AlarmName"] for one in aws.peek(stack.lanes_queue_url)]

    assert wait_for(lambda: waiting() == failing, PAUSE - 1)  # the healthy lane's are deleted meanwhile
    assert wait_for(lambda: order(slack, failing) == failing)
    first_post = min(one.time for one in requests(slack, *failing) if one.is_accepted)
    assert first_post - refused.time >= PAUSE - EARLY
    road = LocalRoad(aws, stack, slack, began=refused.time)
    assert wait_for(lambda: not road.aws.peek(stack.lanes_queue_url))
    later = road.said('"message":"later"', refused.time)
    assert [json.loads(line)["lane"] for line in later] == [stack.default_destination]
