"""The act in which an alarm is not only told, but answered: by an AWS call that is allowed."""

import json

from local.clients import REGION
from local.metric_alarm import MetricAlarm, unique_name
from local.stage import Stage

GROUP = "checkout-workers"
RULES = json.dumps(
    {
        "rules": [
            {
                "match": {"alarm": "checkout-backlog-*", "state": "ALARM"},
                "request": {
                    "service": "autoscaling",
                    "operation": "SetDesiredCapacity",
                    "parameters": {"AutoScalingGroupName": GROUP, "DesiredCapacity": 2},
                    "notify": True,
                },
            }
        ]
    }
)
TOLD = "AWS call done: autoscaling SetDesiredCapacity"
"""The subject of what Slack is told; the books cut it as they cut every message that is no alarm."""


def answers_an_alarm(stage: Stage) -> None:
    """An alarm with a rule makes an AWS call (Auto Scaling: two workers for one), and Slack is told once it is made."""
    scaling = stage.aws.client("autoscaling")
    scaling.create_launch_configuration(LaunchConfigurationName=GROUP, ImageId="ami-1", InstanceType="t3.micro")
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=GROUP,
        LaunchConfigurationName=GROUP,
        MinSize=0,
        MaxSize=4,
        DesiredCapacity=1,
        AvailabilityZones=[f"{REGION}a"],
    )
    rules = stage.stack.outputs["ActionRulesParameter"]
    stage.aws.client("ssm").put_parameter(Name=rules, Value=RULES, Type="String", Overwrite=True)
    alarm = MetricAlarm(stage.aws.client("cloudwatch"), unique_name("checkout-backlog"))
    alarm.create(stage.stack.outputs["ActionsTopicArn"], "Checkouts wait.")
    stage.expected[TOLD[:40]] = "delivered"
    alarm.ring()
    stage.until(lambda: any(f"Alarm: {alarm.name}" in one.text for one in stage.slack.messages(accepted=True)))
    (group,) = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[GROUP])["AutoScalingGroups"]
    stage.check("the group has the capacity that the rule asks for", holds=group["DesiredCapacity"] == 2)  # noqa: PLR2004 - as RULES has it
