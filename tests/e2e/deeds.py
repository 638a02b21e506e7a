"""What a call needs to be there before, and how to see afterwards that it was made."""

import io
import json
import zipfile
from typing import Any

from demo.clients import REGION
from demo.platform import LocalAws
from demo.sample_calls import ACCOUNT, make_group


def table(aws: LocalAws, name: str) -> dict[str, Any]:
    aws.client("dynamodb").create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return {"TableName": name, "Item": {"id": {"S": "1"}}}


def update(aws: LocalAws, name: str) -> dict[str, Any]:
    key = table(aws, name)["Item"]
    return {
        "TableName": name,
        "Key": key,
        "UpdateExpression": "SET n = :n",
        "ExpressionAttributeValues": {":n": {"N": "1"}},
    }


def items(aws: LocalAws, name: str) -> list[object]:
    found: list[object] = aws.client("dynamodb").scan(TableName=name)["Items"]
    return found


def mailbox(aws: LocalAws, name: str) -> str:
    return aws.client("sqs").create_queue(QueueName=name)["QueueUrl"]


def topic(aws: LocalAws, name: str) -> dict[str, Any]:
    sqs, sns = aws.client("sqs"), aws.client("sns")
    url, arn = mailbox(aws, name), sns.create_topic(Name=name)["TopicArn"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": queue}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Statement": [allow]})})
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue)
    return {"TopicArn": arn, "Message": "mend"}


def service(aws: LocalAws, name: str) -> dict[str, Any]:
    ecs = aws.client("ecs")
    ecs.create_cluster(clusterName=name)
    ecs.register_task_definition(family=name, containerDefinitions=[{"name": "web", "image": "web", "memory": 128}])
    ecs.create_service(cluster=name, serviceName=name, taskDefinition=name, desiredCount=0)
    return {"cluster": name, "service": name, "forceNewDeployment": True, "enableExecuteCommand": True}


def instance(aws: LocalAws, name: str) -> dict[str, Any]:
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}]
    made = aws.client("ec2").run_instances(ImageId="ami-1", MinCount=1, MaxCount=1, TagSpecifications=tags)
    return {"InstanceIds": [made["Instances"][0]["InstanceId"]]}


def state(aws: LocalAws, name: str) -> str:
    filters = [{"Name": "tag:Name", "Values": [name]}]
    found = aws.client("ec2").describe_instances(Filters=filters)["Reservations"][0]["Instances"][0]
    return str(found["State"]["Name"])


SENDS = "import os, boto3\ndef handler(event, context):\n    boto3.client('sqs').send_message(**event)\n"
SLOW = SENDS + "    import time\n    time.sleep(20)\n"
"""Has done it long before it answers."""


def function(aws: LocalAws, name: str, source: str = SENDS) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam = aws.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))["Role"]["Arn"]
    allow = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps({"Statement": [allow]}))
    aws.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="m.handler",
        Role=role,
        Timeout=30,
        Code={"ZipFile": zipped(source)},
    )
    event = {"QueueUrl": mailbox(aws, name), "MessageBody": "mend"}
    return {"FunctionName": name, "InvocationType": "Event", "Payload": json.dumps(event)}


def zipped(source: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("m.py", source)
    return packed.getvalue()


def machine(aws: LocalAws, name: str) -> dict[str, Any]:
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


def group(aws: LocalAws, name: str) -> dict[str, Any]:
    make_group(aws, name, 0)
    return {"AutoScalingGroupName": name, "DesiredCapacity": 1}


def bucket(aws: LocalAws, name: str) -> dict[str, Any]:
    aws.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return {"Bucket": name, "Key": "mend", "Body": "x"}
