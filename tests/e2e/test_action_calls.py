"""Calls of ten AWS services on the local AWS: those beside the recipes are made, refused ones are parked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from demo.clients import REGION
from demo.platform import LocalAws
from demo.sample_calls import ACCOUNT
from tests.e2e import action_resources as resources
from tests.support.local_aws.pipeline import ACTIONS, LocalPipeline, unique
from tests.support.local_aws.waiting import wait_for


@dataclass(frozen=True)
class Call:
    service: str
    operation: str
    create: Callable[[LocalAws, str], resources.Parameters]
    """Create the resource of that name; return the call's parameters."""
    is_done: Callable[[LocalAws, str], object]


def parameter(_: LocalAws, name: str) -> resources.Parameters:
    return {"Name": f"/mend/{name}", "Value": "x", "Type": "String"}


CALLS = {
    f"{one.service} {one.operation}": one
    for one in (
        Call("sqs", "SendMessage", resources.create_queue, resources.messages),
        Call("sns", "Publish", resources.create_topic, resources.messages),
        Call("dynamodb", "UpdateItem", resources.create_table_to_update, resources.items),
        Call("ssm", "PutParameter", parameter, lambda aws, n: aws.client("ssm").get_parameter(Name=f"/mend/{n}")),
        Call("ecs", "UpdateService", resources.create_service, resources.can_execute),
        Call(
            *("ec2", "StopInstances", resources.create_instance),
            lambda aws, n: resources.instance_state(aws, n) in {"stopping", "stopped"},
        ),
        Call("lambda", "Invoke", resources.create_function, resources.messages),
        Call(
            "s3",
            "PutObject",
            resources.create_bucket,
            lambda aws, n: aws.client("s3").head_object(Bucket=n, Key="mend"),
        ),
    )
}
NONE = "mend-none"
"""The name of no resource but a parameter and a cluster."""
REFUSED: dict[str, tuple[resources.Parameters, str]] = {
    "sqs SendMessage": (
        {"QueueUrl": f"http://127.0.0.1/{ACCOUNT}/{NONE}", "MessageBody": "x"},
        "AWS.SimpleQueueService.NonExistentQueue",
    ),
    "sns Publish": ({"TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:{NONE}", "Message": "x"}, "NotFound"),
    "dynamodb PutItem": ({"TableName": NONE, "Item": {"id": {"S": "1"}}}, "ResourceNotFoundException"),
    "ssm PutParameter": ({"Name": f"/{NONE}", "Value": "x", "Type": "String"}, "ParameterAlreadyExists"),
    "ecs UpdateService": ({"cluster": NONE, "service": NONE}, "ServiceNotFoundException"),
    "ec2 RebootInstances": ({"InstanceIds": ["i-0123456789abcdef0"]}, "InvalidInstanceID.NotFound"),
    "lambda Invoke": ({"FunctionName": NONE, "InvocationType": "Event"}, "ResourceNotFoundException"),
    "stepfunctions StartExecution": (
        {"stateMachineArn": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{NONE}"},
        "StateMachineDoesNotExist",
    ),
    "autoscaling SetDesiredCapacity": ({"AutoScalingGroupName": NONE, "DesiredCapacity": 1}, "ValidationError"),
    "s3 PutObject": ({"Bucket": NONE, "Key": "mend", "Body": "x"}, "NoSuchBucket"),
}
UNANSWERED = "lambda Invoke of a function that answers too late"


@dataclass(frozen=True)
class Requests:
    """SNS ids of the requests, and the names of the resources, by call."""

    allowed: dict[str, tuple[str, str]]
    refused: dict[str, str]
    unanswered: tuple[str, str]


@pytest.fixture(scope="module")
def requests(pipeline: LocalPipeline) -> Requests:
    """Publish all requests at once, so that the tests wait for them together."""
    aws, names = pipeline.aws, {call: unique("mend") for call in (*CALLS, UNANSWERED)}
    aws.client("ssm").put_parameter(Name=f"/{NONE}", Value="x", Type="String")
    aws.client("ecs").create_cluster(clusterName=NONE)
    parameters = {call: one.create(aws, names[call]) for call, one in CALLS.items()}
    late = resources.create_function(aws, names[UNANSWERED], resources.SENDS_AND_SLEEPS)
    late["InvocationType"] = "RequestResponse"

    def request(call: str, its: dict[str, Any]) -> str:
        service, operation = call.split()
        return pipeline.request(service, operation, its)

    return Requests(
        {call: (request(call, its), names[call]) for call, its in parameters.items()},
        {call: request(call, its) for call, (its, _) in REFUSED.items()},
        (request("lambda Invoke", late), names[UNANSWERED]),
    )


@pytest.mark.parametrize("call", CALLS)
def test_an_allowed_call_is_made(pipeline: LocalPipeline, requests: Requests, call: str) -> None:
    sns_id, name = requests.allowed[call]
    assert pipeline.final_outcome(sns_id, ACTIONS).startswith("delivered")
    assert wait_for(lambda: CALLS[call].is_done(pipeline.aws, name), 10)


@pytest.mark.parametrize("call", REFUSED)
def test_a_call_that_aws_refuses_for_good_is_parked_with_its_code(
    pipeline: LocalPipeline, requests: Requests, call: str
) -> None:
    facts = pipeline.parked_facts(requests.refused[call])
    assert (facts["reason"], facts["detail"]) == ("message_refused", REFUSED[call][1])


def test_a_call_that_was_made_without_an_answer_is_unknown_and_not_repeated(
    pipeline: LocalPipeline, requests: Requests
) -> None:
    sns_id, name = requests.unanswered
    facts = pipeline.parked_facts(sns_id)
    assert (facts["reason"], facts["detail"]) == ("delivery_unknown", "unanswered")
    assert len(resources.messages(pipeline.aws, name)) == 1
