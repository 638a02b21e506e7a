"""Twelve operations of ten services against AWS in process: what is asked for happens, what cannot is refused."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.session import Session
from moto import mock_aws

from aws_actions.calling.actions import Actions
from aws_actions.calling.allow_list import AllowList
from aws_actions.models import Done, Refused, Result
from retry_policies.aws import aws_config
from retry_policies.presets import AWS_READ, AWS_WRITE
from retry_policies.testing import FakeTime
from tests.unit.aws_actions.asked import request

REGION = "eu-west-1"
ACCOUNT = "123456789012"
IMAGE = "ami-12c6146b"
"""One that moto has."""


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield


def make(action: str, service: str, operation: str, parameters: dict[str, Any]) -> Result:
    time, session = FakeTime(), Session()
    actions = Actions(
        allowed=AllowList.parse(action),
        session=lambda: session,
        config=aws_config(),
        read=time.policy(AWS_READ),
        write=time.policy(AWS_WRITE),
    )
    return actions.make(actions.prepare(request(service, operation, parameters)), time.deadline(50), within=900)


def client(service: str) -> Any:  # noqa: ANN401 - each service has its own type
    made: Any = boto3.client
    return made(service)


def role() -> str:
    arn: str = client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    return arn


@dataclass(frozen=True)
class Case:
    """An operation, what must be there before, and how to see afterwards that it happened."""

    action: str
    service: str
    operation: str
    prepare: Callable[[], dict[str, Any]]
    """-> its parameters."""
    happened: Callable[[dict[str, Any]], bool]
    wrong: Callable[[], dict[str, Any]]
    """-> parameters that AWS refuses."""
    code: str


def queue() -> dict[str, Any]:
    return {"QueueUrl": client("sqs").create_queue(QueueName="q")["QueueUrl"], "MessageBody": "restart"}


def received(queue_url: str) -> str:
    body: str = client("sqs").receive_message(QueueUrl=queue_url)["Messages"][0]["Body"]
    return body


def topic() -> dict[str, Any]:
    """One that a queue has subscribed."""
    sns, queue_url = client("sns"), queue()["QueueUrl"]
    topic_arn = sns.create_topic(Name="t")["TopicArn"]
    sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:{ACCOUNT}:q")
    return {"TopicArn": topic_arn, "Message": f"told {queue_url}"}


def table() -> dict[str, Any]:
    client("dynamodb").create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return {"TableName": "t", "Item": {"id": {"S": "1"}}}


def ecs_service() -> dict[str, Any]:
    ecs = client("ecs")
    ecs.create_cluster(clusterName="shop")
    ecs.register_task_definition(family="web", containerDefinitions=[{"name": "web", "image": "x", "memory": 1}])
    ecs.create_service(cluster="shop", serviceName="web", taskDefinition="web", desiredCount=1)
    return {"cluster": "shop", "service": "web", "desiredCount": 3}


def instance() -> dict[str, Any]:
    made = client("ec2").run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1)
    return {"InstanceIds": [made["Instances"][0]["InstanceId"]]}


def state_of(asked: dict[str, Any]) -> str:
    found = client("ec2").describe_instances(**asked)
    state: str = found["Reservations"][0]["Instances"][0]["State"]["Name"]
    return state


def function() -> dict[str, Any]:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("app.py", "def handler(event, context): return event")
    client("lambda").create_function(
        FunctionName="f", Runtime="python3.13", Role=role(), Handler="app.handler", Code={"ZipFile": code.getvalue()}
    )
    return {"FunctionName": "f", "ReservedConcurrentExecutions": 7}


def machine() -> dict[str, Any]:
    definition = json.dumps({"StartAt": "a", "States": {"a": {"Type": "Pass", "End": True}}})
    made = client("stepfunctions").create_state_machine(name="m", definition=definition, roleArn=role())
    return {"stateMachineArn": made["stateMachineArn"], "name": "restart-1", "input": "{}"}


def group() -> dict[str, Any]:
    autoscaling = client("autoscaling")
    autoscaling.create_launch_configuration(LaunchConfigurationName="l", ImageId=IMAGE, InstanceType="t2.micro")
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName="g",
        LaunchConfigurationName="l",
        MinSize=0,
        MaxSize=5,
        DesiredCapacity=1,
        AvailabilityZones=[f"{REGION}a"],
    )
    return {"AutoScalingGroupName": "g", "DesiredCapacity": 2}


def desired(_: dict[str, Any]) -> bool:
    found = client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=["g"])
    return bool(found["AutoScalingGroups"][0]["DesiredCapacity"] == 2)


def bucket() -> dict[str, Any]:
    client("s3").create_bucket(Bucket="b-1", CreateBucketConfiguration={"LocationConstraint": REGION})
    return {"Bucket": "b-1", "Key": "k", "Body": "text"}


CASES = [
    Case(
        "sqs:SendMessage",
        "sqs",
        "SendMessage",
        queue,
        lambda asked: received(asked["QueueUrl"]) == "restart",
        lambda: {"QueueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/none", "MessageBody": "m"},
        "AWS.SimpleQueueService.NonExistentQueue",
    ),
    Case(
        "sns:Publish",
        "sns",
        "Publish",
        topic,
        lambda asked: asked["Message"] in received(asked["Message"].partition(" ")[2]),
        lambda: {"TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:none", "Message": "m"},
        "NotFound",
    ),
    Case(
        "dynamodb:PutItem",
        "dynamodb",
        "PutItem",
        table,
        lambda asked: client("dynamodb").get_item(TableName="t", Key=asked["Item"])["Item"] == asked["Item"],
        lambda: {**table(), "ConditionExpression": "attribute_exists(id)"},
        "ConditionalCheckFailedException",
    ),
    Case(
        "ssm:PutParameter",
        "ssm",
        "PutParameter",
        lambda: {"Name": "/switch", "Value": "off", "Type": "String"},
        lambda _: client("ssm").get_parameter(Name="/switch")["Parameter"]["Value"] == "off",
        lambda: {"Name": "/a/b//c/", "Value": "off", "Type": "Strange"},
        "ValidationException",
    ),
    Case(
        "ecs:UpdateService",
        "ecs",
        "UpdateService",
        ecs_service,
        lambda _: client("ecs").describe_services(cluster="shop", services=["web"])["services"][0]["desiredCount"] == 3,
        lambda: {**ecs_service(), "service": "none"},
        "ServiceNotFoundException",
    ),
    Case(
        "ec2:StopInstances",
        "ec2",
        "StopInstances",
        instance,
        lambda asked: state_of(asked) in {"stopping", "stopped"},
        lambda: {"InstanceIds": ["i-12345678"]},
        "InvalidInstanceID.NotFound",
    ),
    Case(
        "states:StartExecution",
        "stepfunctions",
        "StartExecution",
        machine,
        lambda asked: (
            len(client("stepfunctions").list_executions(stateMachineArn=asked["stateMachineArn"])["executions"]) == 1
        ),
        lambda: {"stateMachineArn": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:none", "name": "x"},
        "StateMachineDoesNotExist",
    ),
    Case(
        "autoscaling:UpdateAutoScalingGroup",
        "autoscaling",
        "UpdateAutoScalingGroup",
        group,
        desired,
        lambda: {"AutoScalingGroupName": "none", "DesiredCapacity": 2},
        "ValidationError",
    ),
    Case(
        "s3:PutObject",
        "s3",
        "PutObject",
        bucket,
        lambda _: client("s3").get_object(Bucket="b-1", Key="k")["Body"].read() == b"text",
        lambda: {"Bucket": "none-1", "Key": "k", "Body": "text"},
        "NoSuchBucket",
    ),
    Case(
        "ssm:DeleteParameter",
        "ssm",
        "DeleteParameter",
        lambda: (client("ssm").put_parameter(Name="/switch", Value="on", Type="String"), {"Name": "/switch"})[1],
        lambda _: client("ssm").describe_parameters()["Parameters"] == [],
        lambda: {"Name": "/none"},
        "ParameterNotFound",
    ),
    Case(
        "lambda:PutFunctionConcurrency",
        "lambda",
        "PutFunctionConcurrency",
        function,
        lambda _: client("lambda").get_function_concurrency(FunctionName="f")["ReservedConcurrentExecutions"] == 7,
        lambda: {"FunctionName": "none", "ReservedConcurrentExecutions": 0},
        "ResourceNotFoundException",
    ),
    Case(
        "s3:DeleteObject",
        "s3",
        "DeleteObject",
        lambda: (client("s3").put_object(**bucket()), {"Bucket": "b-1", "Key": "k"})[1],
        lambda _: "Contents" not in client("s3").list_objects_v2(Bucket="b-1"),
        lambda: {"Bucket": "none-1", "Key": "k"},
        "NoSuchBucket",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.service}-{case.operation}")
def test_what_is_asked_for_happens(case: Case) -> None:
    parameters = case.prepare()
    result = make(case.action, case.service, case.operation, parameters)
    assert isinstance(result, Done)
    assert case.happened(parameters)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.service}-{case.operation}")
def test_what_cannot_be_is_refused_by_its_code(case: Case) -> None:
    result = make(case.action, case.service, case.operation, case.wrong())
    assert isinstance(result, Refused)
    assert result.code == case.code
