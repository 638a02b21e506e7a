"""Self-tests on the local AWS, sent as their schedules send them, and the metric that each writes."""

import json
from typing import Any

from notifications.self_tests import HEARTBEAT
from tests.support.local_aws.pipeline import LocalPipeline, unique
from tests.support.local_aws.waiting import wait_for


def metrics(pipeline: LocalPipeline, reason: str) -> list[dict[str, Any]]:
    """Return the metric lines for skipped self-tests in the log of slack_alerts."""
    lines = [json.loads(line) for line in pipeline.log().splitlines() if '"_aws"' in line]
    return [line for line in lines if "Skipped" in line and line["reason"] == reason]


def test_a_heartbeat_leaves_its_metric_and_no_post(pipeline: LocalPipeline) -> None:
    schedule = pipeline.aws.client("scheduler").get_schedule(Name=pipeline.resource("HeartbeatSchedule"))
    assert (schedule["Target"]["Arn"], schedule["Target"]["Input"]) == (pipeline.stack.alerts_topic_arn, HEARTBEAT)
    pipeline.publish_text(schedule["Target"]["Input"])
    assert wait_for(lambda: metrics(pipeline, "heartbeat"))[0]["service"] == f"{pipeline.stack.name}.slack_alerts"
    assert not pipeline.requests("heartbeat")
    for url in (pipeline.stack.alerts_queue_url, pipeline.stack.lanes_queue_url):
        assert not pipeline.queued(url, "heartbeat")


def test_a_heartbeat_is_skipped_while_slack_fails_and_alerts_wait(pipeline: LocalPipeline) -> None:
    name = unique()
    pipeline.slack.script([{"status": 503, "retry_after": 3}], match=name)
    assert pipeline.outcomes(pipeline.publish(name)) == ["later: throttled, receive 1"]
    assert pipeline.outcomes(pipeline.publish_text(HEARTBEAT)) == ["skipped: heartbeat, receive 1"]
    assert not pipeline.posts(name)
    assert wait_for(lambda: pipeline.posts(name))


def test_the_test_alarm_comes_from_cloudwatch_and_is_not_posted(pipeline: LocalPipeline) -> None:
    name = pipeline.resource("TestAlarm")
    pipeline.aws.client("cloudwatch").set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="The schedule.")
    assert wait_for(lambda: metrics(pipeline, "test_alarm"))
    assert not pipeline.requests(name)
