"""The act in which an alarm is not only told, but answered: by an AWS call that is allowed."""

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
TOLD = "AWS call done: autoscaling SetDesiredCapacity"
"""The subject of what Slack is told; the books cut it as they cut every message that is no alarm."""


def answers_an_alarm(stage: Stage) -> None:
    """An alarm with a rule makes an AWS call (Auto Scaling: two workers for one), and Slack is told once it is made."""
    make_group(stage.aws, GROUP, 1)
    rules = stage.stack.outputs["ActionRulesParameter"]
    stage.aws.client("ssm").put_parameter(Name=rules, Value=RULES, Type="String", Overwrite=True)
    alarm = MetricAlarm(stage.aws.client("cloudwatch"), unique_name("checkout-backlog"))
    alarm.create(stage.stack.outputs["ActionsTopicArn"], "Checkouts wait.")
    stage.expected[TOLD[:40]] = "delivered"
    alarm.ring()
    stage.until(lambda: any(f"Alarm: {alarm.name}" in one.text for one in stage.slack.messages(accepted=True)))
    grown = capacity_of(stage.aws, GROUP) == 2  # noqa: PLR2004 - as RULES has it
    stage.check("the group has the capacity that the rule asks for", holds=grown)
