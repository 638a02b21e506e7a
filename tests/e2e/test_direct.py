"""A stack with all that a parameter can switch on: a topic that invokes intake directly, and a key of its own."""

import pytest

from demo.platform import LocalAws
from demo.slack.standin import SlackStandin
from holdfast_cli.stack import Stack
from tests.e2e.scenarios import is_handed_on
from tests.support.local_aws.pipeline import INTAKE, LocalRoad, unique
from tests.support.local_aws.waiting import wait_for


@pytest.fixture(scope="module")
def topic(aws: LocalAws) -> str:
    return aws.client("sns").create_topic(Name="direct")["TopicArn"]


@pytest.fixture(scope="module")
def direct(aws: LocalAws, topic: str) -> Stack:
    return aws.deploy("holdfast-direct", DirectTopicArn=topic, Encryption="customer-key")


@pytest.fixture
def road(aws: LocalAws, direct: Stack, slack: SlackStandin) -> LocalRoad:
    return LocalRoad(aws, direct, slack)


def test_an_alert_is_delivered_without_the_queue(road: LocalRoad, topic: str) -> None:
    name = unique()
    with road.aws.paused(road.stack, INTAKE):
        road.publish(name, topic)
        assert len(wait_for(lambda: road.posts(name))) == 1


def test_what_its_lane_does_not_take_now_goes_on_by_the_queue_and_is_delivered_once(road: LocalRoad) -> None:
    name = is_handed_on(road)
    assert len(wait_for(lambda: road.posts(name))) == 1
    assert wait_for(lambda: not road.aws.peek(road.stack.alerts_queue_url))


def test_its_queues_are_under_its_key(aws: LocalAws, direct: Stack) -> None:
    queues = [url for name, url in direct.outputs.items() if name.endswith("QueueUrl")]
    keys = {
        aws.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["KmsMasterKeyId"])["Attributes"][
            "KmsMasterKeyId"
        ]
        for url in queues
    }
    (arn,) = keys
    assert ":key/" in arn
