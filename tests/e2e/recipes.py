"""The recipes of docs/actions.md as they stand there, and what each needs on the local AWS."""

import json
from collections.abc import Callable
from typing import Any

from demo.platform import LocalAws
from demo.sample_calls import ACCOUNT, capacity_of
from holdfast_cli.sam import ROOT
from tests.e2e.deeds import executions, group, instance, items, machine, service, table

PAGE = (ROOT / "docs/actions.md").read_text(encoding="utf-8").partition("## Recipes")[2]
BLOCKS = [json.loads(part.partition("```")[0]) for part in PAGE.split("```json\n")[1:]]
RECIPES: dict[str, Any] = {f"{one['service']}-{one['operation']}": one for one in BLOCKS}
"""By what they call."""


def rules(mailbox_url: str) -> str:
    """One rule for each recipe that the local AWS can run, for the alarm of its name; and one that sends to a queue."""
    made = [{"match": {"alarm": name, "state": "ALARM"}, "request": RECIPES[name]} for name in RUN]
    send = {"QueueUrl": mailbox_url, "MessageBody": "${alarm.name} is ${alarm.state}"}
    mail = {"service": "sqs", "operation": "SendMessage", "parameters": send, "notify": True}
    made.append({"match": {"alarm": "road-*", "state": "ALARM"}, "request": mail})
    return json.dumps({"rules": made}).replace("111122223333", ACCOUNT)


type Prepare = Callable[[LocalAws], dict[str, str]]
"""Make what the recipe needs -> the dimensions of the alarm."""


def of_service(aws: LocalAws) -> dict[str, str]:
    service(aws, "mend-recipe")
    return {"ClusterName": "mend-recipe", "ServiceName": "mend-recipe"}


def of_instance(aws: LocalAws) -> dict[str, str]:
    return {"InstanceId": instance(aws, "mend-recipe")["InstanceIds"][0]}


def of_machine(aws: LocalAws) -> dict[str, str]:
    machine(aws, "mend")
    return {"QueueName": "orders"}


def of_group(aws: LocalAws) -> dict[str, str]:
    group(aws, "mend-recipe")
    return {"AutoScalingGroupName": "mend-recipe"}


def of_table(aws: LocalAws) -> dict[str, str]:
    table(aws, "mend")
    return {"FunctionName": "checkout"}


RUN: dict[str, tuple[Prepare, Callable[[LocalAws], object]]] = {
    "ecs-UpdateService": (of_service, lambda _: True),
    "ec2-RebootInstances": (of_instance, lambda _: True),
    "stepfunctions-StartExecution": (of_machine, lambda aws: executions(aws, "mend")),
    "autoscaling-SetDesiredCapacity": (of_group, lambda aws: capacity_of(aws, "mend-recipe") == 6),
    "dynamodb-PutItem": (of_table, lambda aws: items(aws, "mend")),
}
"""What they need, and what can be seen of them afterwards: a restart leaves nothing to see."""
