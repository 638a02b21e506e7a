"""The decision between a new stack and an update, and the parameters of either."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from holdfast_cli.account import Account
from holdfast_cli.deployment.packaged import BUCKET, PREFIX
from holdfast_cli.deployment.template_parameters import Definitions
from holdfast_cli.failures import CommandFailed, Exit
from holdfast_cli.regions import search_regions
from holdfast_cli.stack import describe_stack, parameters_of
from holdfast_cli.stack_states import STUCK, advice_for

RESERVED = ("aws", "ssm")
"""The beginnings of names of parameters that SSM refuses."""
PATHS = ("DestinationsPath", "RoutesParameter")
"""The parameters of the template whose default is below the stack's name."""


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
        if self.stack.lower().startswith(RESERVED) and not all(map(given.get, PATHS)):
            raise CommandFailed(
                f"secrets and routes of stack {self.stack} cannot be below /{self.stack}: AWS reserves such names",
                f"give {' and '.join(f'--parameter {one}=/…' for one in PATHS)}, or take another name",
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
    found = describe_stack(account.client("cloudformation"), name)
    if found is None:
        _refuse_second(account, name, may_be_second=may_be_second)
        return Plan(name, is_new=True)
    status = found["StackStatus"]
    if status in STUCK or status.endswith("_IN_PROGRESS"):
        raise CommandFailed(f"stack {name} is {status} and cannot be updated", advice_for(name, status))
    return Plan(name, is_new=False, present=parameters_of(found))


def _refuse_second(account: Account, name: str, *, may_be_second: bool) -> None:
    if may_be_second:
        return
    search = search_regions(account, name)
    if search.found:
        raise CommandFailed(
            f"there is no stack {name} in {account.region}, but there is one in {' and '.join(search.found)}",
            f"to update that one: --region {search.found[0]}; to make another one here: --new",
            Exit.NO_STACK,
        )
    if search.unknown:
        raise CommandFailed(
            f"there is no stack {name} in {account.region}{search.doubt}",
            "to update one there: --region REGION; to make a new one here: --new",
            Exit.NO_STACK,
        )
