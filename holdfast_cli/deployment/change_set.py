"""A change set of CloudFormation: what a deployment would change, and the deployment itself."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from holdfast_cli.failures import CommandFailed
from observability.redaction import redact

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
READ_EVERY = 2.0
NO_CHANGES = ("didn't contain changes", "No updates are to be performed")
"""CloudFormation's words for an update without a change."""


@dataclass(frozen=True)
class Change:
    """A resource that CloudFormation would add, modify or remove."""

    action: str
    resource: str
    type: str
    replacement: str = "False"
    """`True` if the resource gets a successor with another name; `Conditional` if that is not known before."""


@dataclass(frozen=True)
class ChangeSet:
    """A change set of a stack; `id` is its ARN."""

    cloudformation: Any
    stack: str
    id: str
    is_new: bool
    """Whether the stack does not exist yet."""

    def changes(self) -> Iterator[Change]:
        pages = self.cloudformation.get_paginator("describe_change_set").paginate(ChangeSetName=self.id)
        for page in pages:
            for one in page["Changes"]:
                change = one["ResourceChange"]
                yield Change(
                    change["Action"],
                    change["LogicalResourceId"],
                    change["ResourceType"],
                    change.get("Replacement", "False"),
                )

    def execute(self) -> None:
        self.cloudformation.execute_change_set(ChangeSetName=self.id)

    def discard(self) -> None:
        """Delete the change set, and the empty stack that it made."""
        self.cloudformation.delete_change_set(ChangeSetName=self.id)
        if self.is_new:
            self.cloudformation.delete_stack(StackName=self.stack)


def create_change_set(  # noqa: PLR0913 - what CloudFormation asks for
    cloudformation: Any,  # noqa: ANN401 - boto3's client
    stack: str,
    template_url: str,
    parameters: Mapping[str, str | None],
    *,
    is_new: bool,
    sleep: Callable[[float], None] = time.sleep,
) -> ChangeSet | None:
    """Return the changes, or None if there are none. A parameter of None keeps its value. Raise CommandFailed."""
    created = cloudformation.create_change_set(
        StackName=stack,
        ChangeSetName=f"holdfast-{uuid4().hex[:12]}",
        ChangeSetType="CREATE" if is_new else "UPDATE",
        TemplateURL=template_url,
        Capabilities=CAPABILITIES,
        Parameters=[_parameter(name, value) for name, value in parameters.items()],
    )
    change_set = ChangeSet(cloudformation, stack, created["Id"], is_new)
    while True:
        found = cloudformation.describe_change_set(ChangeSetName=change_set.id)
        if found["Status"] == "CREATE_COMPLETE":
            return change_set
        if found["Status"] == "FAILED":
            change_set.discard()
            reason = str(found.get("StatusReason", ""))
            if any(words in reason for words in NO_CHANGES):
                return None
            raise CommandFailed(
                f"CloudFormation refuses the change: {redact(reason)}", "correct the parameter it names"
            )
        sleep(READ_EVERY)


def _parameter(name: str, value: str | None) -> dict[str, object]:
    if value is None:
        return {"ParameterKey": name, "UsePreviousValue": True}
    return {"ParameterKey": name, "ParameterValue": value}
