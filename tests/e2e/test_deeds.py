"""Operations of ten services on the local AWS: what is asked for and allowed is done, what AWS refuses is parked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from demo.clients import REGION
from demo.platform import LocalAws
from demo.sample_calls import ACCOUNT, ask, capacity_of
from holdfast_cli.stack import Stack
from tests.e2e.deeds import (
    SLOW,
    bucket,
    executions,
    function,
    group,
    instance,
    items,
    machine,
    mailbox,
    service,
    state,
    table,
    topic,
    update,
)
from tests.e2e.ends import ended, parked, said
from tests.support.local_aws.waiting import wait_for


@dataclass(frozen=True)
class Deed:
    """An operation on what is there for it, and how to see that it was done."""

    service: str
    operation: str
    prepare: Callable[[LocalAws, str], dict[str, Any]]
    done: Callable[[LocalAws, str], object]


def mail(aws: LocalAws, name: str) -> dict[str, Any]:
    return {"QueueUrl": mailbox(aws, name), "MessageBody": "mend"}


def arrived(aws: LocalAws, name: str) -> list[Any]:
    return aws.peek(mailbox(aws, name))


def value(_: LocalAws, name: str) -> dict[str, Any]:
    return {"Name": f"/mend/{name}", "Value": "x", "Type": "String"}


def can_exec(aws: LocalAws, name: str) -> object:
    return aws.client("ecs").describe_services(cluster=name, services=[name])["services"][0]["enableExecuteCommand"]


DEEDS = [
    Deed("sqs", "SendMessage", mail, arrived),
    Deed("sns", "Publish", topic, arrived),
    Deed("dynamodb", "PutItem", table, items),
    Deed("dynamodb", "UpdateItem", update, items),
    Deed("ssm", "PutParameter", value, lambda aws, n: aws.client("ssm").get_parameter(Name=f"/mend/{n}")),
    Deed("ecs", "UpdateService", service, can_exec),
    Deed("ec2", "RebootInstances", instance, lambda aws, n: state(aws, n) == "running"),
    Deed("ec2", "StopInstances", instance, lambda aws, n: state(aws, n) in {"stopping", "stopped"}),
    Deed("lambda", "Invoke", function, arrived),
    Deed("stepfunctions", "StartExecution", machine, executions),
    Deed("autoscaling", "SetDesiredCapacity", group, lambda aws, n: capacity_of(aws, n) == 1),
    Deed("s3", "PutObject", bucket, lambda aws, n: aws.client("s3").head_object(Bucket=n, Key="mend")),
]


@pytest.mark.parametrize("deed", DEEDS, ids=[f"{one.service} {one.operation}" for one in DEEDS])
def test_what_is_asked_for_and_allowed_is_done(aws: LocalAws, stack: Stack, deed: Deed) -> None:
    name = f"mend-{uuid4().hex[:8]}"
    sns_id = ask(aws, stack, deed.service, deed.operation, deed.prepare(aws, name))
    assert ended(aws, stack, sns_id) == "delivered", said(aws, stack, sns_id)
    assert wait_for(lambda: deed.done(aws, name), 10)


NONE = "mend-none"
"""The name of nothing that there is, but a parameter and a cluster."""
SQS = "AWS.SimpleQueueService"
REFUSED: list[tuple[str, str, dict[str, Any], str]] = [
    (
        "sqs",
        "SendMessage",
        {"QueueUrl": f"http://127.0.0.1/{ACCOUNT}/{NONE}", "MessageBody": "x"},
        f"{SQS}.NonExistentQueue",
    ),
    ("sns", "Publish", {"TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:{NONE}", "Message": "x"}, "NotFound"),
    ("dynamodb", "PutItem", {"TableName": NONE, "Item": {"id": {"S": "1"}}}, "ResourceNotFoundException"),
    ("ssm", "PutParameter", {"Name": f"/{NONE}", "Value": "x", "Type": "String"}, "ParameterAlreadyExists"),
    ("ecs", "UpdateService", {"cluster": NONE, "service": NONE}, "ServiceNotFoundException"),
    ("ec2", "RebootInstances", {"InstanceIds": ["i-0123456789abcdef0"]}, "InvalidInstanceID.NotFound"),
    ("lambda", "Invoke", {"FunctionName": NONE, "InvocationType": "Event"}, "ResourceNotFoundException"),
    (
        "stepfunctions",
        "StartExecution",
        {"stateMachineArn": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{NONE}"},
        "StateMachineDoesNotExist",
    ),
    ("autoscaling", "SetDesiredCapacity", {"AutoScalingGroupName": NONE, "DesiredCapacity": 1}, "ValidationError"),
    ("s3", "PutObject", {"Bucket": NONE, "Key": "mend", "Body": "x"}, "NoSuchBucket"),
]


@pytest.fixture(scope="module")
def _taken(aws: LocalAws) -> None:
    aws.client("ssm").put_parameter(Name=f"/{NONE}", Value="x", Type="String")
    aws.client("ecs").create_cluster(clusterName=NONE)


@pytest.mark.usefixtures("_taken")
@pytest.mark.parametrize("refused", REFUSED, ids=[f"{one[0]} {one[1]}" for one in REFUSED])
def test_what_aws_refuses_for_good_is_parked_with_its_code(
    aws: LocalAws, stack: Stack, refused: tuple[str, str, dict[str, Any], str]
) -> None:
    service, operation, parameters, code = refused
    facts = parked(aws, stack, ask(aws, stack, service, operation, parameters))
    assert (facts["reason"], facts["detail"]) == ("message_refused", code)


def test_what_was_done_and_not_answered_is_unknown_and_not_done_again(aws: LocalAws, stack: Stack) -> None:
    name = f"mend-{uuid4().hex[:8]}"
    asked = function(aws, name, SLOW) | {"InvocationType": "RequestResponse"}
    facts = parked(aws, stack, ask(aws, stack, "lambda", "Invoke", asked))
    assert (facts["reason"], facts["detail"]) == ("delivery_unknown", "unanswered")
    assert len(arrived(aws, name)) == 1
