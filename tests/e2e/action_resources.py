"""Resources on the local AWS for calls: each function creates one and returns the parameters of a call on it."""

import io
import json
import zipfile
from typing import Any

from demo.clients import REGION
from demo.platform import LocalAws
from demo.sample_calls import ACCOUNT, make_group
from tests.support.stack import deliveries

type Parameters = dict[str, Any]


def create_table(aws: LocalAws, name: str) -> Parameters:
    deliveries.create_table(aws.client("dynamodb"), name)
    return {"TableName": name, "Item": {"id": {"S": "1"}}}


def create_table_to_update(aws: LocalAws, name: str) -> Parameters:
    key = create_table(aws, name)["Item"]
    update = {"UpdateExpression": "SET n = :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}
    return {"TableName": name, "Key": key, **update}


def items(aws: LocalAws, name: str) -> list[object]:
    found: list[object] = aws.client("dynamodb").scan(TableName=name)["Items"]
    return found


def create_queue(aws: LocalAws, name: str) -> Parameters:
    return {"QueueUrl": aws.client("sqs").create_queue(QueueName=name)["QueueUrl"], "MessageBody": "mend"}


def messages(aws: LocalAws, name: str) -> list[Any]:
    return aws.peek(create_queue(aws, name)["QueueUrl"])


def create_topic(aws: LocalAws, name: str) -> Parameters:
    arn = aws.client("sns").create_topic(Name=name)["TopicArn"]
    aws.subscribe_queue(arn, name)
    return {"TopicArn": arn, "Message": "mend"}


def create_service(aws: LocalAws, name: str) -> Parameters:
    ecs = aws.client("ecs")
    ecs.create_cluster(clusterName=name)
    ecs.register_task_definition(family=name, containerDefinitions=[{"name": "web", "image": "web", "memory": 128}])
    ecs.create_service(cluster=name, serviceName=name, taskDefinition=name, desiredCount=0)
    return {"cluster": name, "service": name, "forceNewDeployment": True, "enableExecuteCommand": True}


def can_execute(aws: LocalAws, name: str) -> object:
    return aws.client("ecs").describe_services(cluster=name, services=[name])["services"][0]["enableExecuteCommand"]


def create_instance(aws: LocalAws, name: str) -> Parameters:
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}]
    made = aws.client("ec2").run_instances(ImageId="ami-1", MinCount=1, MaxCount=1, TagSpecifications=tags)
    return {"InstanceIds": [made["Instances"][0]["InstanceId"]]}


def instance_state(aws: LocalAws, name: str) -> str:
    filters = [{"Name": "tag:Name", "Values": [name]}]
    found = aws.client("ec2").describe_instances(Filters=filters)["Reservations"][0]["Instances"][0]
    return str(found["State"]["Name"])


SENDS = "import os, boto3\ndef handler(event, context):\n    boto3.client('sqs').send_message(**event)\n"
SENDS_AND_SLEEPS = SENDS + "    import time\n    time.sleep(20)\n"
"""Source of a Lambda function that answers later than the call waits, so that the call is done but unanswered."""


def create_function(aws: LocalAws, name: str, source: str = SENDS) -> Parameters:
    """Create a function that sends its event to a queue of its name."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam = aws.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))["Role"]["Arn"]
    allow = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps({"Statement": [allow]}))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("m.py", source)
    aws.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="m.handler",
        Role=role,
        Timeout=30,
        Code={"ZipFile": archive.getvalue()},
    )
    return {"FunctionName": name, "InvocationType": "Event", "Payload": json.dumps(create_queue(aws, name))}


def create_state_machine(aws: LocalAws, name: str) -> Parameters:
    aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": []}))
    definition = {"StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "End": True}}}
    arn = aws.client("stepfunctions").create_state_machine(
        name=name, definition=json.dumps(definition), roleArn=f"arn:aws:iam::{ACCOUNT}:role/{name}"
    )["stateMachineArn"]
    return {"stateMachineArn": arn, "name": name, "input": "{}"}


def executions(aws: LocalAws, name: str) -> list[object]:
    arn = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{name}"
    found: list[object] = aws.client("stepfunctions").list_executions(stateMachineArn=arn)["executions"]
    return found


def create_group(aws: LocalAws, name: str) -> Parameters:
    make_group(aws, name, 0)
    return {"AutoScalingGroupName": name, "DesiredCapacity": 1}


def create_bucket(aws: LocalAws, name: str) -> Parameters:
    aws.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return {"Bucket": name, "Key": "mend", "Body": "x"}
