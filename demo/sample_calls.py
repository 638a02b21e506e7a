"""What alarms and messages may have called on the local AWS, a request, and something to call it on."""

import json
from typing import TYPE_CHECKING, Any

from demo.clients import REGION

if TYPE_CHECKING:
    from demo.platform import LocalAws
    from holdfast_cli.stack import Stack

ACCOUNT = "000000000000"
ALLOWED = (
    "autoscaling:SetDesiredCapacity",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "ec2:RebootInstances",
    "ec2:StopInstances",
    "ecs:UpdateService",
    "lambda:InvokeFunction",
    "s3:PutObject",
    "sns:Publish",
    "sqs:SendMessage",
    "ssm:PutParameter",
    "ssm:StartAutomationExecution",
    "states:StartExecution",
)
RESOURCES = (
    f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:autoScalingGroup:*",
    f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/mend*",
    f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/*",
    f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/*",
    f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/*",  # by which the local AWS judges UpdateService; AWS by the service
    "arn:aws:s3:::mend-*",
    f"arn:aws:sns:{REGION}:{ACCOUNT}:mend-*",
    # All of them, so that the stack's own are kept out by nothing but the explicit Deny.
    f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:*",
    f"arn:aws:sqs:{REGION}:{ACCOUNT}:*",
    f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/*",
    f"arn:aws:ssm:{REGION}:{ACCOUNT}:automation-definition/*",
    f"arn:aws:ssm:{REGION}:{ACCOUNT}:automation-execution/*",
    f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:mend*",
)
PARAMETERS = {"AllowedActions": ",".join(ALLOWED), "ActionResourceArns": ",".join(RESOURCES)}


def ask(aws: "LocalAws", stack: "Stack", service: str, operation: str, parameters: dict[str, Any], **more: Any) -> str:  # noqa: ANN401 - each field has its own type
    """Publish a request -> its SNS id."""
    request = {"service": service, "operation": operation, "parameters": parameters, **more}
    published = aws.client("sns").publish(TopicArn=stack.outputs["ActionsTopicArn"], Message=json.dumps(request))
    return published["MessageId"]


def make_group(aws: "LocalAws", name: str, capacity: int) -> None:
    """An Auto Scaling group of that name, for an alarm to change."""
    scaling = aws.client("autoscaling")
    scaling.create_launch_configuration(LaunchConfigurationName=name, ImageId="ami-1", InstanceType="t3.micro")
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=name,
        LaunchConfigurationName=name,
        MinSize=0,
        MaxSize=6,
        DesiredCapacity=capacity,
        AvailabilityZones=[f"{REGION}a"],
    )


def capacity_of(aws: "LocalAws", name: str) -> int:
    found = aws.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    return int(found["AutoScalingGroups"][0]["DesiredCapacity"])
