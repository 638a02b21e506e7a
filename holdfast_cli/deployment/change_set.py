"""A change set of CloudFormation: the changes of a deployment, and the deployment itself."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from holdfast_cli.failures import CommandFailed
from holdfast_cli.stack_states import REVIEW
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
    """A change set of a stack, both by their ARNs: another stack may get the same name."""

    cloudformation: Any
    id: str
    stack_id: str
    sleep: Callable[[float], None] = time.sleep

    def compare(self) -> str:
        """Wait until CloudFormation has compared; return an empty string, or its reason for a refusal."""
        while True:
            found = self.cloudformation.describe_change_set(ChangeSetName=self.id)
            if found["Status"] == "CREATE_COMPLETE":
                return ""
            if found["Status"] == "FAILED":
                return redact(found.get("StatusReason") or "it gives no reason")
            self.sleep(READ_EVERY)

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
        """Delete the change set, and its stack if that is empty and nobody else changes it."""
        self.compare()  # CloudFormation deletes no change set before
        self.cloudformation.delete_change_set(ChangeSetName=self.id)
        [stack] = self.cloudformation.describe_stacks(StackName=self.stack_id)["Stacks"]
        listed = self.cloudformation.list_change_sets(StackName=self.stack_id)["Summaries"]
        if stack["StackStatus"] == REVIEW and all(one["ChangeSetId"] == self.id for one in listed):
            self.cloudformation.delete_stack(StackName=self.stack_id)


def create_change_set(  # noqa: PLR0913 - the request of CloudFormation
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
    change_set = ChangeSet(cloudformation, created["Id"], created["StackId"], sleep)
    try:
        refusal = change_set.compare()
    except BaseException:  # also Ctrl-C
        change_set.discard()
        raise
    if not refusal:
        return change_set
    change_set.discard()
    if any(words in refusal for words in NO_CHANGES):
        return None
    raise CommandFailed(f"CloudFormation refuses the change: {refusal}", "correct the parameter it names")


def _parameter(name: str, value: str | None) -> dict[str, object]:
    if value is None:
        return {"ParameterKey": name, "UsePreviousValue": True}
    return {"ParameterKey": name, "ParameterValue": value}
