"""The act in which an alarm causes an AWS call."""

import json

from demo.metric_alarm import MetricAlarm, unique_name
from demo.sample_calls import capacity_of, make_group
from demo.stage import Stage

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
OUTCOME = "AWS call done: autoscaling SetDesiredCapacity"
"""The subject of the outcome that is posted."""


def call_by_rule(stage: Stage) -> None:
    """Let an alarm make an AWS call by a rule (Auto Scaling: two workers for one), and post its outcome."""
    make_group(stage.aws, GROUP, 1)
    rules = stage.stack.outputs["ActionRulesParameter"]
    stage.aws.client("ssm").put_parameter(Name=rules, Value=RULES, Type="String", Overwrite=True)
    alarm = MetricAlarm(stage.aws.client("cloudwatch"), unique_name("checkout-backlog"))
    alarm.create(stage.stack.outputs["ActionsTopicArn"], "Checkouts wait.")
    stage.expected[OUTCOME] = "delivered"
    alarm.trigger()
    stage.until(lambda: any(f"Alarm: {alarm.name}" in one.text for one in stage.slack.messages(accepted=True)))
    is_grown = capacity_of(stage.aws, GROUP) == 2  # noqa: PLR2004 - as RULES has it
    stage.check("the group has the capacity that the rule asks for", holds=is_grown)
