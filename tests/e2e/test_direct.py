"""A stack with all that a parameter can switch on: a topic that invokes the function itself, and a key of its own."""

import json

import pytest
from local.platform import LocalAws
from local.slack_standin import SlackStandin
from local.stack import Stack

from tests.e2e.test_road import unique
from tests.support.events import alarm_message
from tests.support.waiting import wait_for


@pytest.fixture(scope="module")
def topic(aws: LocalAws) -> str:
    return aws.client("sns").create_topic(Name="direct")["TopicArn"]


@pytest.fixture(scope="module")
def direct(aws: LocalAws, topic: str) -> Stack:
    return aws.deploy("holdfast-direct", DirectTopicArn=topic, Encryption="customer-key")


def publish(aws: LocalAws, topic: str, name: str) -> None:
    aws.client("sns").publish(TopicArn=topic, Message=alarm_message(AlarmName=name))


def test_an_alert_is_delivered_without_the_queue(aws: LocalAws, direct: Stack, topic: str, slack: SlackStandin) -> None:
    name = unique()
    with aws.paused(direct):
        publish(aws, topic, name)
        (posted,) = wait_for(lambda: [one for one in slack.messages() if name in one.body])
    assert posted.status == 200


def test_what_slack_does_not_take_now_goes_on_by_the_queue_and_is_delivered_once(
    aws: LocalAws, direct: Stack, topic: str, slack: SlackStandin
) -> None:
    name = unique()
    slack.script([{"status": 429, "retry_after": 6}], match=name)

    def answers() -> list[int]:
        return [one.status for one in slack.messages() if name in one.body]

    publish(aws, topic, name)
    (queued,) = wait_for(lambda: [one for one in aws.peek(direct.alerts_queue_url) if name in one.body])
    assert json.loads(queued.body)["TopicArn"] == topic
    assert answers() == [429]
    assert wait_for(lambda: answers() if len(answers()) > 1 else []) == [429, 200]
    assert wait_for(lambda: not aws.peek(direct.alerts_queue_url))


def test_its_queues_are_under_its_key(aws: LocalAws, direct: Stack) -> None:
    queues = (direct.alerts_queue_url, direct.dead_letter_queue_url, direct.parking_queue_url)
    keys = {
        aws.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["KmsMasterKeyId"])["Attributes"][
            "KmsMasterKeyId"
        ]
        for url in queues
    }
    (arn,) = keys
    assert ":key/" in arn
