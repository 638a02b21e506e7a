"""The course of a deployment, by the events of the stack."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from holdfast_cli.deployment.change_set import READ_EVERY
from holdfast_cli.failures import INTERRUPTED, CommandFailed, call_aws
from holdfast_cli.stack_states import GOOD, advice_for
from observability.redaction import redact

ENDS = ("_COMPLETE", "_FAILED")
CANCELLED = "cancelled"
"""In the reason of a resource that failed because another one did."""


@dataclass(frozen=True)
class StackEvents:
    """The events of a stack after `marker`, the newest one before a deployment."""

    cloudformation: Any
    stack: str
    marker: str
    sleep: Callable[[float], None] = time.sleep

    @classmethod
    def from_now(cls, cloudformation: Any, stack: str, sleep: Callable[[float], None] = time.sleep) -> "StackEvents":  # noqa: ANN401 - boto3's client
        newest = cloudformation.describe_stack_events(StackName=stack)["StackEvents"][:1]
        return cls(cloudformation, stack, newest[0]["EventId"] if newest else "", sleep)

    def follow(self, show: Callable[[str], None]) -> None:
        """Wait until CloudFormation has ended. Raise CommandFailed with the reason of each resource that failed."""
        try:
            call_aws(f"CloudFormation continues with stack {self.stack}; reading its events", lambda: self._wait(show))
        except KeyboardInterrupt as interrupt:
            problem = f"interrupted; CloudFormation continues with stack {self.stack}"
            raise CommandFailed(problem, "see its state: holdfast doctor", INTERRUPTED) from interrupt
        if (status := self._status()) not in GOOD:
            problem = f"stack {self.stack} is {status}\n{self._reasons()}".rstrip()
            raise CommandFailed(problem, advice_for(self.stack, status))

    def _wait(self, show: Callable[[str], None]) -> None:
        while not self._has_ended():
            done = sum(one["ResourceStatus"].endswith("_COMPLETE") for one in self._events())
            show(f"CloudFormation: {done} resources are done")
            self.sleep(READ_EVERY)

    def _has_ended(self) -> bool:
        """Return whether the stack has a new state: its former one may be read for a moment."""
        own = (one for one in self._events() if one["LogicalResourceId"] == self.stack)
        has_news = any(one["ResourceStatus"].endswith(ENDS) for one in own)
        return has_news and not self._status().endswith("_IN_PROGRESS")

    def _status(self) -> str:
        return str(self.cloudformation.describe_stacks(StackName=self.stack)["Stacks"][0]["StackStatus"])

    def _events(self) -> list[dict[str, Any]]:
        """Return the events since the marker, newest first."""
        found: list[dict[str, Any]] = []
        for page in self.cloudformation.get_paginator("describe_stack_events").paginate(StackName=self.stack):
            for one in page["StackEvents"]:
                if one["EventId"] == self.marker:
                    return found
                found.append(one)
        return found

    def _reasons(self) -> str:
        failed = [one for one in reversed(self._events()) if one["ResourceStatus"].endswith("_FAILED")]
        causes = [one for one in failed if CANCELLED not in one.get("ResourceStatusReason", "")] or failed
        lines = (f"  {one['LogicalResourceId']}: {one.get('ResourceStatusReason', '')}" for one in causes)
        return redact("\n".join(lines))
