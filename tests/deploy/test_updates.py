"""Updates, deletion and redeployment of a running stack, without the loss of an alert."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from holdfast_cli.stack import Stack
from tests.support.local_aws.deployments import Deployments
from tests.support.local_aws.waiting import wait_for

EVERY = 0.3


@contextmanager
def publishing(deployments: Deployments, stack: Stack) -> Iterator[list[str]]:
    """Publish alarms one after the other during the block; yield their names."""
    names: list[str] = []
    ended = threading.Event()

    def publish() -> None:
        while not ended.wait(EVERY):
            names.append(deployments.publish(stack))

    thread = threading.Thread(target=publish)
    thread.start()
    try:
        yield names
    finally:
        ended.set()
        thread.join()


def change_code(deployments: Deployments) -> None:
    """Change the built code of two functions."""
    for function, path in (("IntakeFunction", "intake"), ("SlackAlertsFunction", "slack_alerts")):
        with (deployments.aws.build() / function / path / "app.py").open("a") as module:
            module.write(f"\n# changed at {time.time()}\n")


def code_of(deployments: Deployments, stack: Stack) -> str:
    functions: Any = deployments.aws.client("lambda")
    return str(functions.get_function_configuration(FunctionName=stack.slack_alerts_function_name)["CodeSha256"])


def webhooks(deployments: Deployments) -> set[str]:
    """Return the webhooks with accepted posts."""
    return {one.webhook for one in deployments.slack.messages(accepted=True)}


def test_every_alert_published_during_three_updates_is_delivered(deployments: Deployments) -> None:
    name, webhook = "holdfast-updated", deployments.slack.webhook_url
    routes = {"RoutesParameter": "/moved/routes"}
    stack = deployments.deploy("a stack to update", name, **routes)
    deployments.aws.store_destination(stack, webhook("before"))
    before = code_of(deployments, stack)
    moved = "/moved/destinations"
    for destination in ("default", "team"):
        deployments.aws.client("ssm").put_parameter(
            Name=f"{moved}/{destination}", Value=webhook(f"after-{destination}"), Type="SecureString"
        )
    with publishing(deployments, stack) as names:
        assert wait_for(lambda: deployments.delivered(*names))
        deployments.deploy("update under load: new destination prefix", name, DestinationsPath=moved, **routes)
        assert wait_for(lambda: "after-default" in webhooks(deployments))
        deployments.aws.store_routes(stack, json.dumps({"routes": [{"match": {}, "destination": "team"}]}))
        change_code(deployments)
        deployments.deploy("update under load: changed route, changed code", name, DestinationsPath=moved, **routes)
        assert code_of(deployments, stack) != before
        assert wait_for(lambda: "after-team" in webhooks(deployments))
    everything = set(names)
    with deployments.listing(f"update under load: {len(everything)} alerts published, each delivered"):
        assert wait_for(lambda: deployments.delivered(*names) == everything), everything - deployments.delivered(*names)
    assert "before" in webhooks(deployments)


def test_undelivered_messages_outlive_the_stack_which_can_be_deployed_again(deployments: Deployments) -> None:
    name = "holdfast-again"
    stack = deployments.deploy("a stack to delete", name)
    deployments.aws.store_destination(stack, deployments.slack.webhook_url("ops"))
    sqs = deployments.aws.client("sqs")
    retained = (stack.parking_queue_url, stack.dead_letter_queue_url, stack.lanes_dead_letter_queue_url)
    for url in retained:
        in_lane: Any = {"MessageGroupId": "default", "MessageDeduplicationId": "1"} if url.endswith(".fifo") else {}
        sqs.send_message(QueueUrl=url, MessageBody="undelivered", **in_lane)
    deployments.delete("delete", name)
    assert [[one.body for one in deployments.aws.peek(url)] for url in retained] == [["undelivered"]] * len(retained)
    assert not deployments.aws.peek(stack.alerts_queue_url)
    again = deployments.deploy("deployed again", name)
    assert deployments.delivers(again)
