"""The decision what to deploy: a new stack or an update, with which parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from holdfast_cli.account import Account
from holdfast_cli.deployment.packaged import BUCKET, PREFIX
from holdfast_cli.deployment.template_parameters import Definitions
from holdfast_cli.failures import CommandFailed, Exit
from holdfast_cli.regions import regions_with

RESERVED = ("aws", "ssm")
"""The beginnings of names of parameters that SSM refuses."""
FAILED_CREATION = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"})


@dataclass(frozen=True)
class Plan:
    """A stack and the parameters that it has now."""

    stack: str
    is_new: bool
    present: Mapping[str, str] = field(default_factory=dict)

    def parameters(self, definitions: Definitions, given: Mapping[str, str]) -> dict[str, str | None]:
        """Return the parameters of a change set: the given ones, None for one that keeps its value."""
        kept: dict[str, str | None] = {name: None for name in definitions if name in self.present}
        return {
            name: value for name, value in {**kept, **given}.items() if name in definitions or name in {BUCKET, PREFIX}
        }

    def architecture(self, definitions: Definitions, given: Mapping[str, str]) -> str:
        """Return the processor to build for: a stack keeps its own."""
        name = "Architecture"
        return given.get(name) or self.present.get(name) or str(definitions[name]["Default"])

    def check_new(self, given: Mapping[str, str]) -> None:
        """Raise CommandFailed if a new stack has nobody to tell of undelivered alerts, or no path for its secrets."""
        if not self.is_new:
            return
        if self.stack.lower().startswith(RESERVED) and not given.get("DestinationsPath"):
            raise CommandFailed(
                f"the secrets of stack {self.stack} cannot be below /{self.stack}: AWS reserves such names",
                "give --parameter DestinationsPath=/…, or take another name",
                Exit.USAGE,
            )
        if not (given.get("OpsEmail") or given.get("OpsTopicArn")):
            raise CommandFailed(
                "a new stack needs an address for reports of undelivered alerts, outside of Slack",
                "give --ops-email ADDRESS, or --parameter OpsTopicArn=ARN",
                Exit.USAGE,
            )


def make_plan(account: Account, name: str, *, may_be_second: bool) -> Plan:
    """Return the plan for a stack. Raise CommandFailed if it cannot be deployed, or is in another region."""
    found = _describe(account, name)
    status = found["StackStatus"] if found else "REVIEW_IN_PROGRESS"
    if status == "REVIEW_IN_PROGRESS":  # a change set that nobody executed
        _refuse_second(account, name, may_be_second=may_be_second)
        return Plan(name, is_new=True)
    if status.endswith("_IN_PROGRESS"):
        raise CommandFailed(f"stack {name} is {status}", "wait until CloudFormation has ended, then try again")
    if status in FAILED_CREATION:
        advice = f"delete it, then deploy again: aws cloudformation delete-stack --stack-name {name}"
        raise CommandFailed(f"stack {name} is {status} and cannot be updated", advice)
    parameters = found.get("Parameters", []) if found else []
    return Plan(name, is_new=False, present={one["ParameterKey"]: one["ParameterValue"] for one in parameters})


def _describe(account: Account, name: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = account.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" not in str(error):
            raise
        return None
    return found


def _refuse_second(account: Account, name: str, *, may_be_second: bool) -> None:
    others = [] if may_be_second else regions_with(account, name)
    if others:
        raise CommandFailed(
            f"there is no stack {name} in {account.region}, but there is one in {' and '.join(others)}",
            f"to update that one: --region {others[0]}; to make another one here: --new",
            Exit.NO_STACK,
        )
