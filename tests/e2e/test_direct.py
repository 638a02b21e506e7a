"""A stack with all that a parameter can enable: a topic and alarms that invoke intake, and a key of its own."""

import json
from typing import Any

import pytest

from tests.e2e.scenarios import is_queued_by_intake
from tests.support.local_aws.pipeline import INTAKE, LocalPipeline, unique
from tests.support.local_aws.waiting import wait_for
from tests.support.samples.twins import Twins, alarm_twins, contributor_twins
from tests.support.stack.policies import Policy


@pytest.fixture(scope="module", autouse=True)
def _secret(direct: LocalPipeline) -> None:
    direct.aws.store_destination(direct.stack, direct.slack.webhook_url("ops"))


def test_an_alert_is_delivered_without_the_queue(direct: LocalPipeline) -> None:
    name = unique()
    with direct.aws.paused(direct.stack, INTAKE):
        direct.publish(name, direct.stack.parameters["DirectTopicArn"])
        assert len(wait_for(lambda: direct.posts(name))) == 1


def test_a_direct_alert_that_cannot_be_sent_to_its_lane_is_queued_and_delivered_once(direct: LocalPipeline) -> None:
    name = is_queued_by_intake(direct)
    assert len(wait_for(lambda: direct.posts(name))) == 1
    assert wait_for(lambda: not direct.queued(direct.stack.alerts_queue_url))


def invoke(pipeline: LocalPipeline, action: dict[str, Any]) -> None:
    """Invoke intake as CloudWatch does: MiniStack's alarms have no actions but topics."""
    name, event = pipeline.stack.outputs["IntakeFunctionName"], json.dumps(action).encode()
    pipeline.aws.client("lambda").invoke(FunctionName=name, InvocationType="Event", Payload=event)


def posts_of(pipeline: LocalPipeline, twins: Twins, name: str) -> int:
    """Let an alarm invoke intake and publish its twins; return the number of posts with that name."""
    before = len(pipeline.posts(name))
    invoke(pipeline, twins.action)
    assert wait_for(lambda: len(pipeline.posts(name)) > before), "the action was not posted"
    for text in (twins.message, twins.event):
        assert pipeline.outcomes(pipeline.publish_text(text), function=INTAKE) == ["moved to lane default, receive 1"]
    assert wait_for(lambda: not pipeline.queued(pipeline.stack.lanes_queue_url)), "LanesQueue is not empty"
    return len(pipeline.posts(name)) - before


def test_d1_an_alarm_that_invokes_intake_is_posted_once_with_its_twins(direct: LocalPipeline) -> None:
    name = unique()
    assert posts_of(direct, alarm_twins(name), name) == 1


def test_d1_each_contributor_to_an_alarm_is_posted_once_with_its_twins(direct: LocalPipeline) -> None:
    name = unique()
    for contributor in ("orders", "invoices"):
        assert posts_of(direct, contributor_twins(name, contributor), name) == 1


def test_an_alarm_at_which_intake_fails_three_times_is_a_dead_letter_and_redriven(direct: LocalPipeline) -> None:
    name = unique()
    with (
        Policy.lacking(direct, "IntakeRole", "SendToLanes", "sqs:SendMessageBatch"),
        Policy.lacking(direct, "IntakeRole", "QueueDirectAlerts", "sqs:SendMessage", "AlertsQueue"),
    ):
        invoke(direct, alarm_twins(name).action)
        assert wait_for(lambda: direct.queued(direct.stack.dead_letter_queue_url, name))
    assert direct.redrive(queue="dead_letters", dry_run=False)["failed"] == 0
    [post] = wait_for(lambda: direct.posts(name))
    assert f"ALARM {name}: CPUUtilization" in post.text
    assert not direct.queued(direct.stack.dead_letter_queue_url, name)


def test_its_queues_are_encrypted_with_its_key(direct: LocalPipeline) -> None:
    sqs, attribute = direct.aws.client("sqs"), "KmsMasterKeyId"
    queues = [url for name, url in direct.stack.outputs.items() if name.endswith("QueueUrl")]
    answers = [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[attribute]) for url in queues]  # type: ignore[list-item] # a constant
    (arn,) = {one["Attributes"][attribute] for one in answers}  # type: ignore[index] # a constant
    assert ":key/" in arn
