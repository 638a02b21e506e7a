"""Scenarios of aws_actions, and of the role under which it makes calls."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from demo.slack.memory import Request
from tests.e2e.scenarios import DELIVERED, SOON, expect
from tests.support.local_aws.pipeline import ACTIONS, LocalPipeline, unique
from tests.support.local_aws.waiting import wait_for

type Scenario = Callable[[LocalPipeline], object]
DENIED = "later: denied, receive 1"


def is_called(pipeline: LocalPipeline) -> None:
    """Check that a call is made under its claim, by the role for calls."""
    url, since = create_queue(pipeline), time.time()
    expect("outcomes", outcomes(pipeline, send(pipeline, url)), [DELIVERED])
    expect("messages", len(pipeline.queued(url)), 1)
    expect("claims not ended", pipeline.log_lines("claim not ended", since, ACTIONS), [])


def outcome_is_posted(pipeline: LocalPipeline) -> None:
    def posted() -> list[Request]:
        return [one for one in pipeline.slack.messages() if "sqs SendMessage: done" in one.text]

    before = len(posted())
    outcomes(pipeline, send(pipeline, create_queue(pipeline), notify=True))
    expect("messages in Slack", len(wait_for(lambda: posted()[before:], SOON)), 1)


def comes_back_when_asked(pipeline: LocalPipeline) -> None:
    """Check that a call denied by IAM is made again after its pause."""
    item = {"TableName": "not-allowed", "Item": {"id": {"S": unique()}}}
    denied = pipeline.request("dynamodb", "PutItem", item)
    expect("outcomes", outcomes(pipeline, denied), [DENIED])
    again = pipeline.outcomes(denied, 2, SOON, ACTIONS)
    expect("outcomes in time", again[:2], [DENIED, "later: denied, receive 2"])


def is_parked(pipeline: LocalPipeline) -> None:
    """Check that an operation off the list is parked, and its queue is not deleted."""
    url = create_queue(pipeline)
    off_list = pipeline.request("sqs", "DeleteQueue", {"QueueUrl": url})
    expect("outcomes", outcomes(pipeline, off_list), ["parked: not_allowed (sqs:DeleteQueue), receive 1"])
    expect("reason in ParkingQueue", pipeline.parked_facts(url)["reason"], "not_allowed")
    assert pipeline.aws.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])


def leaves_the_queue_beside_a_suspect(pipeline: LocalPipeline) -> None:
    url, queue, since = create_queue(pipeline), pipeline.stack.outputs["ActionsQueueUrl"], time.time()
    with pipeline.aws.paused(pipeline.stack, ACTIONS):
        sns_id = send(pipeline, url)
        pipeline.receive_twice(queue, sns_id)
    expect("outcomes", outcomes(pipeline, sns_id), ["delivered, receive 3"])
    expect("warnings", pipeline.log_lines("not deleted", since, ACTIONS), [])


def goes_by_its_rule(pipeline: LocalPipeline) -> None:
    name, url = unique("rule"), create_queue(pipeline)
    message = {"QueueUrl": url, "MessageBody": name}
    request = {"service": "sqs", "operation": "SendMessage", "parameters": message}
    store_rules(pipeline, [{"match": {"alarm": "rule-*", "state": "ALARM"}, "request": request}])
    pipeline.restart(ACTIONS)  # it caches the rules
    alarm = pipeline.publish(name, pipeline.stack.outputs["ActionsTopicArn"], StateChangeTime=FUTURE)
    expect("outcomes", outcomes(pipeline, alarm), [DELIVERED])
    expect("messages", [one.body for one in pipeline.queued(url)], [name])


FUTURE = "2500-01-01T00:00:00.000+0000"
"""A state change after the message was sent: the request's time is then that of the message."""


def denies_message_to(output: str) -> Scenario:
    return _denies(output, "sqs", "SendMessage", lambda stack: {"QueueUrl": stack[output], "MessageBody": "x"})


def denies_invocation_of(output: str) -> Scenario:
    """Return a scenario that invokes a function by its name, and by that of its newest version."""

    def scenario(pipeline: LocalPipeline) -> None:
        for qualifier in ("", ":$LATEST"):
            function = {"FunctionName": pipeline.stack.outputs[output] + qualifier, "InvocationType": "DryRun"}
            invoked = pipeline.request("lambda", "Invoke", function)
            expect(f"outcomes{qualifier}", outcomes(pipeline, invoked)[:1], [DENIED])

    return _named(scenario, output)


def denies_parameter(output: str, *, is_prefix: bool = False) -> Scenario:
    """Return a scenario that puts a parameter, or a new one below a prefix, without Overwrite: IAM answers first."""

    def parameter(stack: Mapping[str, str]) -> dict[str, str]:
        name = f"{stack[output]}/{unique()}" if is_prefix else stack[output]
        return {"Name": name, "Value": "x", "Type": "String"}

    return _denies(output, "ssm", "PutParameter", parameter)


def _denies(
    output: str, service: str, operation: str, parameters: Callable[[Mapping[str, str]], dict[str, str]]
) -> Scenario:
    def scenario(pipeline: LocalPipeline) -> None:
        stack = {**pipeline.stack.outputs, "StackName": f"/holdfast/{pipeline.stack.name}"}
        asked = pipeline.request(service, operation, parameters(stack))
        expect("outcomes", outcomes(pipeline, asked)[:1], [DENIED])

    return _named(scenario, output)


def _named(scenario: Scenario, output: str) -> Scenario:
    scenario.__name__ = f"denies_{output}"
    return scenario


OWN_RESOURCES = {
    "AlertsQueue": denies_message_to("AlertsQueueUrl"),
    "AlertsDeadLetterQueue": denies_message_to("AlertsDeadLetterQueueUrl"),
    "LanesQueue": denies_message_to("LanesQueueUrl"),
    "LanesDeadLetterQueue": denies_message_to("LanesDeadLetterQueueUrl"),
    "ParkingQueue": denies_message_to("ParkingQueueUrl"),
    "ActionsQueue": denies_message_to("ActionsQueueUrl"),
    "ActionsDeadLetterQueue": denies_message_to("ActionsDeadLetterQueueUrl"),
    "IntakeFunction": denies_invocation_of("IntakeFunctionName"),
    "SlackAlertsFunction": denies_invocation_of("SlackAlertsFunctionName"),
    "RedriveFunction": denies_invocation_of("RedriveFunctionName"),
    "NoticesFunction": denies_invocation_of("NoticesFunctionName"),
    "ActionsFunction": denies_invocation_of("ActionsFunctionName"),
    "parameter/holdfast/destinations/*": denies_parameter("DestinationsPath", is_prefix=True),
    "parameter/holdfast/routes": denies_parameter("RoutesParameter"),
    "parameter/holdfast/action-rules": denies_parameter("ActionRulesParameter"),
    "parameter/holdfast/holdfast": denies_parameter("StackName", is_prefix=True),
}
"""Resources of the stack that the allow-list would reach, each with the scenario that is denied."""


def create_queue(pipeline: LocalPipeline) -> str:
    return pipeline.aws.client("sqs").create_queue(QueueName=unique("mend"))["QueueUrl"]


def send(pipeline: LocalPipeline, url: str, **options: object) -> str:
    """Ask for a message to a queue; return the request's SNS id."""
    return pipeline.request("sqs", "SendMessage", {"QueueUrl": url, "MessageBody": "mend"}, **options)


def store_rules(pipeline: LocalPipeline, rules: list[dict[str, Any]]) -> None:
    parameter = pipeline.stack.outputs["ActionRulesParameter"]
    document = json.dumps({"rules": rules})
    pipeline.aws.client("ssm").put_parameter(Name=parameter, Value=document, Type="String", Overwrite=True)


def outcomes(pipeline: LocalPipeline, sns_id: str) -> list[str]:
    return pipeline.outcomes(sns_id, function=ACTIONS)
