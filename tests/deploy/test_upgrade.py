"""Updates of a loaded stack from the version before lanes to this one, and a rollback, while alerts are published.

The local AWS does not reproduce: the order in which CloudFormation replaces and deletes, the minutes for which Lambda's
pollers outlive a deleted mapping, and a LanesQueue of another name beside the retained one after a second update, since
a resource that is created again gets the same name.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from holdfast_cli.failures import CommandFailed
from holdfast_cli.stack import Stack
from tests.deploy.test_updates import publishing
from tests.support.local_aws.deployments import Deployments
from tests.support.local_aws.pipeline import INTAKE, LocalPipeline, unique
from tests.support.local_aws.previous_version import write_tree
from tests.support.local_aws.waiting import wait_for

REFUSED = [{"body": "invalid_blocks"}, {"body": "invalid_payload"}]
WAITING = 12
NEVER = """
  NeverSignalled:
    Type: AWS::CloudFormation::WaitConditionHandle
  Never:
    Type: AWS::CloudFormation::WaitCondition
    DependsOn: [IntakeFunctionAlerts, SlackAlertsFunctionLanes, NoticesSchedule]
    Properties: {Handle: !Ref NeverSignalled, Timeout: '10'}
"""
"""Resources that fail ten seconds after the creation of the mappings."""


@pytest.fixture(scope="session")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the source tree of the version before lanes."""
    folder = tmp_path_factory.mktemp("before-lanes")
    write_tree(folder)
    return folder


def deploy_before(deployments: Deployments, before: Path, name: str) -> LocalPipeline:
    template = deployments.aws.build(before) / "template.yaml"
    with deployments.listing("the version before lanes"):
        stack = deployments.aws.deploy_built(template, name)
    deployments.aws.store_destination(stack, deployments.slack.webhook_url("ops"))
    assert deployments.delivers(stack), deployments.aws.log()[-2000:]
    return LocalPipeline(deployments.aws, stack, deployments.slack)


def current(pipeline: LocalPipeline) -> LocalPipeline:
    """Return the pipeline with the outputs of its updated stack."""
    stack = Stack.from_outputs(pipeline.stack.name, outputs(pipeline))
    return LocalPipeline(pipeline.aws, stack, pipeline.slack, pipeline.started_at)


def outputs(pipeline: LocalPipeline) -> dict[str, str]:
    [found] = pipeline.aws.client("cloudformation").describe_stacks(StackName=pipeline.stack.name)["Stacks"]
    return {one["OutputKey"]: one["OutputValue"] for one in found["Outputs"]}


def posts_per_name(pipeline: LocalPipeline, *names: str) -> dict[str, int]:
    """Return the number of accepted posts that show each name."""
    return {name: len(pipeline.posts(name)) for name in names}


def deliver_twice(pipeline: LocalPipeline, name: str) -> str:
    """Let the version before lanes post an alert; return the message of a second delivery by SNS."""
    url = pipeline.stack.alerts_queue_url
    with pipeline.aws.paused(pipeline.stack):
        pipeline.publish(name)
        [queued] = wait_for(lambda: pipeline.queued(url, name))
    assert wait_for(lambda: pipeline.posts(name))
    return queued.body


def make_dead_letter(pipeline: LocalPipeline) -> str:
    """Let an alert become a dead letter at the version before lanes; return its name."""
    name = unique("dead")
    pipeline.slack.script([{"status": 503, "retry_after": 4}] * 3, match=name)
    pipeline.publish(name)
    assert wait_for(lambda: pipeline.queued(pipeline.stack.dead_letter_queue_url, name))
    return name


def park(pipeline: LocalPipeline) -> str:
    """Let an alert be parked; return its name."""
    name = unique("parked")
    pipeline.slack.script(REFUSED, match=name)
    pipeline.publish(name)
    assert wait_for(lambda: pipeline.queued(pipeline.stack.parking_queue_url, name))
    return name


def test_a_loaded_stack_of_the_version_before_lanes_is_updated_and_nothing_is_lost(
    deployments: Deployments, before: Path
) -> None:
    pipeline = deploy_before(deployments, before, "holdfast-upgraded")
    posted, dead, parked = unique("posted"), make_dead_letter(pipeline), park(pipeline)
    again = deliver_twice(pipeline, posted)

    with publishing(deployments, pipeline.stack) as names:
        assert wait_for(lambda: deployments.delivered(*names))
        with pipeline.aws.paused(pipeline.stack):
            waiting = [deployments.publish(pipeline.stack) for _ in range(WAITING)]
            pipeline.aws.client("sqs").send_message(QueueUrl=pipeline.stack.alerts_queue_url, MessageBody=again)
            assert wait_for(lambda: len(pipeline.queued(pipeline.stack.alerts_queue_url, "")) > WAITING)
        deployments.deploy("update under load: the version before lanes to this one", pipeline.stack.name)
        pipeline = current(pipeline)
        count = len(names)
        assert wait_for(lambda: len(deployments.delivered(*names)) > count)
    everything = {*names, *waiting}

    assert wait_for(lambda: deployments.delivered(*everything) == everything, 120), deployments.aws.log()[-4000:]
    assert posts_per_name(pipeline, *everything, posted) == dict.fromkeys([*everything, posted], 1)
    assert [len(pipeline.queued(pipeline.stack.dead_letter_queue_url, dead)), len(pipeline.posts(dead))] == [1, 0]
    assert [len(pipeline.queued(pipeline.stack.parking_queue_url, parked)), len(pipeline.posts(parked))] == [1, 0]
    assert pipeline.redrive(queue="dead_letters", dry_run=False)["failed"] == 0
    assert pipeline.redrive(queue="parking", dry_run=False)["moved"] == 1
    assert wait_for(lambda: deployments.delivered(dead, parked) == {dead, parked})
    assert posts_per_name(pipeline, dead, parked) == {dead: 1, parked: 1}


def test_secrets_and_routes_keep_their_place_and_a_former_post_is_a_duplicate_by_its_row(
    deployments: Deployments, before: Path
) -> None:
    pipeline = deploy_before(deployments, before, "holdfast-rows")
    name = unique("posted")
    again = deliver_twice(pipeline, name)
    deployments.deploy("update: rows of the version before lanes", pipeline.stack.name)
    pipeline = current(pipeline)
    # The stack keeps the former defaults: the secrets and routes of its users are there.
    places = (pipeline.stack.destinations_path, pipeline.stack.routes_parameter)
    assert places == ("/holdfast/destinations", "/holdfast/routes")
    pipeline.aws.client("sqs").send_message(QueueUrl=pipeline.stack.alerts_queue_url, MessageBody=again)
    known = json.loads(again)["MessageId"]
    assert pipeline.outcomes(known, function=INTAKE) == ["moved to lane default, receive 1"]
    assert pipeline.outcomes(known, 2) == ["delivered, receive 1", "duplicate, receive 1"]
    assert len(pipeline.posts(name)) == 1


def test_an_update_that_fails_at_its_end_is_rolled_back_and_nothing_is_lost(
    deployments: Deployments, before: Path
) -> None:
    pipeline = deploy_before(deployments, before, "holdfast-rolled-back")
    built = deployments.aws.build()
    failing = built / "failing.yaml"
    failing.write_text((built / "template.yaml").read_text().replace("\nOutputs:", f"{NEVER}\nOutputs:", 1))
    parked = park(pipeline)

    with publishing(deployments, pipeline.stack) as names:
        assert wait_for(lambda: deployments.delivered(*names))
        deployments.slack.outage()
        with deployments.listing("update that fails at its end: rolled back"), pytest.raises(CommandFailed):
            deployments.aws.deploy_built(failing, pipeline.stack.name)
        deployments.slack.outage(0)
        assert status(pipeline) == "UPDATE_ROLLBACK_COMPLETE"
        count = len(names)
        assert wait_for(lambda: len(names) > count and deployments.delivered(*names[count:]))

    def queued() -> set[str]:
        queues: list[Any] = pipeline.aws.client("sqs").list_queues()["QueueUrls"]
        bodies = [one.body for url in queues if pipeline.stack.name in url for one in pipeline.aws.peek(url)]
        return {name for name in names if any(name in body for body in bodies)}

    everything = set(names)
    assert wait_for(lambda: deployments.delivered(*names) | queued() == everything), everything - queued()
    assert len(pipeline.queued(pipeline.stack.parking_queue_url, parked)) == 1
    [lanes] = [
        url
        for url in pipeline.aws.client("sqs").list_queues()["QueueUrls"]
        if f"{pipeline.stack.name}-LanesQueue" in url
    ]
    in_lanes = {name for name in names if pipeline.queued(lanes, name)}
    assert in_lanes  # intake moved them before the rollback

    redrive_by_hand(pipeline, lanes)
    assert wait_for(lambda: deployments.delivered(*in_lanes) == in_lanes), in_lanes - deployments.delivered(*in_lanes)


def redrive_by_hand(pipeline: LocalPipeline, lanes: str) -> None:
    """Move the messages of a retained LanesQueue to AlertsQueue, as operators do after a rollback."""
    sqs = pipeline.aws.client("sqs")

    def is_empty() -> bool:
        for one in sqs.receive_message(QueueUrl=lanes, MaxNumberOfMessages=10).get("Messages", []):
            sqs.send_message(QueueUrl=pipeline.stack.alerts_queue_url, MessageBody=one["Body"])
            sqs.delete_message(QueueUrl=lanes, ReceiptHandle=one["ReceiptHandle"])
        return not pipeline.aws.peek(lanes)

    assert wait_for(is_empty)


def status(pipeline: LocalPipeline) -> str:
    [found] = pipeline.aws.client("cloudformation").describe_stacks(StackName=pipeline.stack.name)["Stacks"]
    return found["StackStatus"]
