"""Actions on the deployed stack, with IAM enforced: by the rule of an alarm, by each recipe, until they expire."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from demo.metric_alarm import MetricAlarm
from demo.ministack import QueuedMessage
from demo.platform import LocalAws
from demo.sample_calls import ACCOUNT, capacity_of
from holdfast_cli.sam import ROOT
from tests.e2e import action_resources as resources
from tests.e2e.action_scenarios import FUTURE, create_queue, store_rules
from tests.support.local_aws.pipeline import ACTIONS, LocalPipeline, unique
from tests.support.local_aws.waiting import wait_for

PAGE = (ROOT / "docs/actions.md").read_text(encoding="utf-8").partition("## Recipes")[2]
REQUESTS = [json.loads(part.partition("```")[0]) for part in PAGE.split("```json\n")[1:]]
RECIPES: dict[str, Any] = {f"{one['service']}-{one['operation']}": one for one in REQUESTS}

NAME = "mend-recipe"
type Prepare = Callable[[LocalAws], dict[str, str]]
"""Create the resource of a recipe; return the dimensions of its alarm."""


def prepare_service(aws: LocalAws) -> dict[str, str]:
    resources.create_service(aws, NAME)
    return {"ClusterName": NAME, "ServiceName": NAME}


def prepare_instance(aws: LocalAws) -> dict[str, str]:
    return {"InstanceId": resources.create_instance(aws, NAME)["InstanceIds"][0]}


def prepare_state_machine(aws: LocalAws) -> dict[str, str]:
    resources.create_state_machine(aws, "mend")
    return {"QueueName": "orders"}


def prepare_group(aws: LocalAws) -> dict[str, str]:
    resources.create_group(aws, NAME)
    return {"AutoScalingGroupName": NAME}


def prepare_table(aws: LocalAws) -> dict[str, str]:
    resources.create_table(aws, "mend")
    return {"FunctionName": "checkout"}


RUN: dict[str, tuple[Prepare, Callable[[LocalAws], object]]] = {
    "ecs-UpdateService": (prepare_service, lambda _: True),
    "ec2-RebootInstances": (prepare_instance, lambda _: True),
    "stepfunctions-StartExecution": (prepare_state_machine, lambda aws: resources.executions(aws, "mend")),
    "autoscaling-SetDesiredCapacity": (prepare_group, lambda aws: capacity_of(aws, NAME) == 6),
    "dynamodb-PutItem": (prepare_table, lambda aws: resources.items(aws, "mend")),
}
"""Recipes that the local AWS can run: how to prepare each, and how to check it. A restart leaves no trace."""


@pytest.fixture(scope="module", autouse=True)
def queue_url(pipeline: LocalPipeline) -> str:
    """Store a rule for each recipe and one that sends to this queue: the function caches its rules for minutes.

    The first request also makes the function import its modules, so that those that expire in seconds do not wait.
    """
    url = create_queue(pipeline)
    recipes = json.loads(json.dumps(RECIPES).replace("111122223333", ACCOUNT))
    rules = [{"match": {"alarm": name, "state": "ALARM"}, "request": recipes[name]} for name in RUN]
    message = {"QueueUrl": url, "MessageBody": "${alarm.name} is ${alarm.state}"}
    request = {"service": "sqs", "operation": "SendMessage", "parameters": message, "notify": True}
    store_rules(pipeline, [*rules, {"match": {"alarm": "alert-*", "state": "ALARM"}, "request": request}])
    pipeline.restart(ACTIONS)
    assert pipeline.final_outcome(pipeline.request("sqs", "ListQueues", {}), ACTIONS).startswith("parked")
    return url


def test_an_alarm_makes_the_call_of_its_rule_and_its_outcome_is_posted(pipeline: LocalPipeline, queue_url: str) -> None:
    alarm = MetricAlarm(pipeline.aws.client("cloudwatch"), unique())
    alarm.create(pipeline.stack.outputs["ActionsTopicArn"], "Orders wait.", says_recovery=True)
    alarm.trigger()
    assert [one.body for one in wait_for(lambda: pipeline.queued(queue_url))] == [f"{alarm.name} is ALARM"]
    [post] = wait_for(lambda: pipeline.requests(f"Alarm: {alarm.name}"))
    assert "sqs SendMessage: done" in post.text
    since = time.time()
    with pipeline.aws.paused(pipeline.stack, ACTIONS):
        alarm.recover()
        assert wait_for(lambda: state(pipeline, alarm) == "OK"), "CloudWatch did not change the state"
        assert wait_for(lambda: waiting(pipeline, alarm)), "SNS did not put the change into ActionsQueue"
    assert wait_for(lambda: not waiting(pipeline, alarm)), "aws_actions did not finish the change"
    assert pipeline.wait_for_lines("no_rule", since, ACTIONS), "the log has no outcome of the change"
    assert len(pipeline.queued(queue_url)) == 1


def state(pipeline: LocalPipeline, alarm: MetricAlarm) -> str:
    [found] = pipeline.aws.client("cloudwatch").describe_alarms(AlarmNames=[alarm.name])["MetricAlarms"]
    return found["StateValue"]


def waiting(pipeline: LocalPipeline, alarm: MetricAlarm) -> list[QueuedMessage]:
    """Return the messages about the alarm that aws_actions has not finished."""
    return pipeline.queued(pipeline.stack.outputs["ActionsQueueUrl"], alarm.name)


def test_a_denied_call_is_made_once_per_receive_until_its_request_expires(pipeline: LocalPipeline) -> None:
    item = resources.create_table(pipeline.aws, unique("other"))
    sns_id = pipeline.request("dynamodb", "PutItem", item, expires_after=5)
    assert pipeline.parked_facts(sns_id)["reason"] == "expired"
    lines = [json.loads(one) for one in pipeline.log(ACTIONS).splitlines() if one.startswith("{")]
    record = next(one["record"] for one in lines if one.get("sns_message_id") == sns_id and "record" in one)
    about = [one for one in lines if one.get("record") == record]
    denied = [one for one in about if one["message"] == "later"]
    assert {one["reason"] for one in denied} == {"denied"}
    calls = [one["attempt"] for one in about if one["message"] == "gave up" and one["policy"] == "aws_write"]
    assert calls == [1] * len(denied)
    assert resources.items(pipeline.aws, item["TableName"]) == []
    assert wait_for(lambda: [one for one in pipeline.slack.messages() if "dynamodb PutItem: expired" in one.text])


@pytest.mark.parametrize("recipe", RUN)
def test_a_recipe_does_what_it_says(pipeline: LocalPipeline, recipe: str) -> None:
    prepare, is_done = RUN[recipe]
    trigger = {
        "MetricName": "x",
        "Dimensions": [{"name": name, "value": value} for name, value in prepare(pipeline.aws).items()],
    }
    topic = pipeline.stack.outputs["ActionsTopicArn"]
    alarm = pipeline.publish(recipe, topic, Trigger=trigger, StateChangeTime=FUTURE)
    assert pipeline.final_outcome(alarm, ACTIONS).startswith("delivered")
    assert is_done(pipeline.aws)


def test_the_page_says_which_recipes_are_run() -> None:
    assert list(RUN) == list(RECIPES)[:5]
