"""Deployments of stacks, listed with result and time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

from demo.platform import LocalAws
from demo.slack.standin import SlackStandin
from holdfast_cli.stack import Stack
from tests.support.local_aws.waiting import wait_for
from tests.support.samples.events import alarm_message


@dataclass
class Deployments:
    """The local AWS, a Slack, and the list of deployments."""

    aws: LocalAws
    slack: SlackStandin
    listed: list[str] = field(default_factory=list)

    @contextmanager
    def listing(self, title: str) -> Iterator[None]:
        """List a deployment with its result and its time."""
        began = time.monotonic()
        result = "FAILED"
        try:
            yield
            result = "ok"
        finally:
            self.listed.append(f"{result:6} {time.monotonic() - began:5.1f} s  {title}")

    def deploy(self, title: str, name: str, **parameters: str) -> Stack:
        with self.listing(title):
            return self.aws.deploy(name, **parameters)

    def delete(self, title: str, name: str) -> None:
        """Delete a stack, and wait until it is gone."""
        cloudformation = self.aws.client("cloudformation")
        with self.listing(title):
            cloudformation.delete_stack(StackName=name)
            cloudformation.get_waiter("stack_delete_complete").wait(
                StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
            )

    def publish(self, stack: Stack, name: str = "") -> str:
        """Publish an alarm as CloudWatch does; return its name."""
        name = name or f"deploy-{uuid4().hex[:8]}"
        self.aws.client("sns").publish(TopicArn=stack.alerts_topic_arn, Message=alarm_message(AlarmName=name))
        return name

    def delivered(self, *names: str) -> set[str]:
        """Return those of the names that accepted posts show."""
        bodies = [one.body for one in self.slack.messages(accepted=True)]
        return {name for name in names if any(name in body for body in bodies)}

    def delivers(self, stack: Stack) -> bool:
        """Return whether an alarm published now reaches Slack."""
        name = self.publish(stack)
        return bool(wait_for(lambda: self.delivered(name)))
