"""The pipeline's own messages on the local AWS: sent by hand as its schedules send them, and the metric they leave."""

import json
from typing import Any

import pytest

from demo.platform import LocalAws
from demo.slack.standin import SlackStandin
from holdfast_cli.stack import Stack
from notifications.self_tests import HEARTBEAT
from tests.e2e.test_road import function_log
from tests.support.local_aws.pipeline import LocalRoad, unique
from tests.support.local_aws.waiting import wait_for


def resource(aws: LocalAws, stack: Stack, name: str) -> str:
    """The physical id of a resource of the template."""
    found = aws.client("cloudformation").describe_stack_resource(StackName=stack.name, LogicalResourceId=name)
    return found["StackResourceDetail"]["PhysicalResourceId"]


def skipped(aws: LocalAws, stack: Stack, reason: str) -> list[dict[str, Any]]:
    """The metric lines in the log of the function."""
    lines = [json.loads(line) for line in function_log(aws, stack).splitlines() if '"_aws"' in line]
    return [line for line in lines if "Skipped" in line and line["reason"] == reason]


def test_a_heartbeat_leaves_its_metric_and_no_post(aws: LocalAws, stack: Stack, slack: SlackStandin) -> None:
    schedule = aws.client("scheduler").get_schedule(Name=resource(aws, stack, "HeartbeatSchedule"))
    assert (schedule["Target"]["Arn"], schedule["Target"]["Input"]) == (stack.alerts_topic_arn, HEARTBEAT)
    aws.client("sns").publish(TopicArn=stack.alerts_topic_arn, Message=schedule["Target"]["Input"])
    assert wait_for(lambda: skipped(aws, stack, "heartbeat"))[0]["service"] == f"{stack.name}.slack_alerts"
    assert not [one for one in slack.messages() if "heartbeat" in one.body]
    for url in (stack.alerts_queue_url, stack.lanes_queue_url):
        assert not [one for one in aws.peek(url) if "heartbeat" in one.body]


@pytest.mark.usefixtures("slack")
def test_a_self_test_goes_through_while_slack_is_down_and_alerts_wait(
    aws: LocalAws, stack: Stack, slack: SlackStandin
) -> None:
    road = LocalRoad(aws, stack, slack)
    name = unique()
    slack.script([{"status": 503, "retry_after": 3}] * 2, match=name)
    alert = road.publish(name)
    assert road.outcomes(alert) == ["later: throttled, receive 1"]
    beat = aws.client("sns").publish(TopicArn=stack.alerts_topic_arn, Message=HEARTBEAT)["MessageId"]
    assert road.outcomes(beat) == ["skipped: heartbeat, receive 1"]
    assert not road.posts(name)
    assert wait_for(lambda: road.posts(name))


def test_the_test_alarm_comes_through_from_cloudwatch_and_is_not_posted(
    aws: LocalAws, stack: Stack, slack: SlackStandin
) -> None:
    name = resource(aws, stack, "TestAlarm")
    aws.client("cloudwatch").set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="What the schedule does.")
    assert wait_for(lambda: skipped(aws, stack, "test_alarm"))
    assert not [one for one in slack.messages() if name in one.body]
