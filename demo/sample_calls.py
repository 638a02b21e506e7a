"""The AWS calls that the local stack allows, and an Auto Scaling group for them."""

from typing import TYPE_CHECKING

from demo.clients import REGION

if TYPE_CHECKING:
    from demo.platform import LocalAws

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
    f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/*",  # for UpdateService; AWS checks the service
    "arn:aws:s3:::mend-*",
    f"arn:aws:sns:{REGION}:{ACCOUNT}:mend-*",
    # All of them, so that only the explicit Deny excludes the stack's own.
    f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:*",
    f"arn:aws:sqs:{REGION}:{ACCOUNT}:*",
    f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/*",
    f"arn:aws:ssm:{REGION}:{ACCOUNT}:automation-definition/*",
    f"arn:aws:ssm:{REGION}:{ACCOUNT}:automation-execution/*",
    f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:mend*",
)
PARAMETERS = {"AllowedActions": ",".join(ALLOWED), "ActionResourceArns": ",".join(RESOURCES)}


def make_group(aws: "LocalAws", name: str, capacity: int) -> None:
    """Create an Auto Scaling group for a call to change."""
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
