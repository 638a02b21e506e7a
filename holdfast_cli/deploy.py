"""`holdfast deploy`: check, build, show the changes, deploy."""

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from holdfast_cli.account import Account, connect
from holdfast_cli.deployment.change_set import Change
from holdfast_cli.deployment.deployment import Deployment
from holdfast_cli.deployment.plan import Plan
from holdfast_cli.deployment.source import find_source
from holdfast_cli.deployment.template_parameters import check_parameters, read_parameters
from holdfast_cli.failures import CommandFailed, Exit
from holdfast_cli.options import Json, Profile, Region, StackName
from holdfast_cli.questions import DESTINATION, OPS_EMAIL, STACK, Read, ask
from holdfast_cli.regions import stack_in
from observability.redaction import redact

# Enter omits a parameter: a deployed stack keeps its value, a new one takes the template's default.
QUESTIONS = {
    "DefaultDestination": replace(
        DESTINATION,
        field="default destination",
        hint="the name under which its secret will be stored",
        default="",
        shown_default="default, or the present one of the stack",
    ),
    "OpsEmail": OPS_EMAIL,
}
ABSENT = "–"
REPLACED = {"True": " (replaced)", "Conditional": " (perhaps replaced)", "False": ""}
NEXT = """
next: holdfast secret --stack {stack}, which stores the webhook or bot token of destination {destination}
then: name {topic} as the action of an alarm, for ALARM and for OK,
and confirm the subscription that was mailed to the address of operations"""

Parameters = Annotated[
    list[str] | None,
    typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="A parameter of the template; may be repeated."),
]
Destination = Annotated[str, typer.Option(envvar="DEFAULT_DESTINATION", help="Parameter DefaultDestination.")]
OpsEmail = Annotated[str, typer.Option(envvar="OPS_EMAIL", help="Parameter OpsEmail, for reports outside of Slack.")]
Bucket = Annotated[
    str, typer.Option(help="Bucket for the code; default: holdfast-artifacts-ACCOUNT-REGION, made if missing.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing and confirm the changes; for CI.")]
New = Annotated[bool, typer.Option("--new", help="Make a new stack, also if another region has one of this name.")]
ShellWords = Annotated[str, typer.Option("--parameters", hidden=True)]


def deploy(  # noqa: PLR0913 - the options of the command
    *,
    stack: StackName = "",
    parameter: Parameters = None,
    destination: Destination = "",
    ops_email: OpsEmail = "",
    bucket: Bucket = "",
    region: Region = "",
    profile: Profile = "",
    yes: Yes = False,
    new: New = False,
    as_json: Json = False,
    parameters: ShellWords = "",
) -> None:
    """Deploy a stack, or update it: check, build, show the changes, ask, deploy.

    A parameter that is not given keeps its value. The first deployment needs --ops-email, or
    --parameter OpsTopicArn=….

    Examples:
    holdfast deploy --ops-email ops@example.com

    holdfast deploy -p RedriveRate="rate(1 minute)" -p LogRetentionDays=90

    holdfast deploy --stack alerts --region eu-west-1 --profile prod --yes --json
    """
    source, given = find_source(), read_parameters(parameter or (), parameters)
    check_parameters(source.definitions, given)
    read = reader(yes=yes)
    name = STACK.ask({"STACK": stack}, read)
    given = answers(given, {"DefaultDestination": destination, "OpsEmail": ops_email}, read)
    check_parameters(source.definitions, given)
    account = connect(region, profile, read)
    show = Console(stderr=as_json, highlight=False)
    show.print(f"stack {name}: {account.where}", soft_wrap=True)
    confirm = partial(confirm_changes, show, given, yes=yes)
    deployment = Deployment(
        account=account, stack=name, source=source, given=given, confirm=confirm, bucket=bucket, may_be_second=new
    )
    _report(account, name, changed=account.run(f"deploying stack {name}", deployment.run), as_json=as_json)


def reader(*, yes: bool) -> Read:
    """Return a function that asks, or with --yes answers nothing. Raise CommandFailed if nobody can confirm."""
    if yes:
        return lambda _: ""
    if not sys.stdin.isatty():
        raise CommandFailed("this is no terminal: nobody can confirm the changes", "give --yes", Exit.USAGE)
    return ask


def answers(given: dict[str, str], options: Mapping[str, str], read: Read) -> dict[str, str]:
    """Return the given parameters, and those of options or questions that have a value."""
    questions = {name: one for name, one in QUESTIONS.items() if name not in given}
    asked = {name: one.ask({one.variable: options[name]}, read) for name, one in questions.items()}
    return given | {name: value for name, value in asked.items() if value}


def confirm_changes(show: Console, given: Mapping[str, str], plan: Plan, changes: list[Change], *, yes: bool) -> bool:
    """Show the changes, and ask unless the answer is known."""
    if plan.is_new:
        show.print(_new_stack(plan, changes), soft_wrap=True)
    else:
        show.print(_update(plan, changes), _parameters(plan, given))
    question = f"Deploy these changes to stack {plan.stack}? [y/N]: "
    return yes or ask(question).strip().lower() in {"y", "yes"}


def _new_stack(plan: Plan, changes: list[Change]) -> str:
    services = sorted({one.type.split("::")[1] for one in changes})
    return f"new stack {plan.stack}: {len(changes)} resources of {', '.join(services)}"


def _update(plan: Plan, changes: list[Change]) -> Table:
    table = Table("action", "resource", "type", title=f"update of stack {plan.stack}")
    for one in sorted(changes, key=lambda one: (one.action, one.resource)):
        table.add_row(one.action + REPLACED[one.replacement], one.resource, one.type)
    return table


def _parameters(plan: Plan, given: Mapping[str, str]) -> RenderableType:
    """Return the parameters that get another value."""
    table = Table("parameter", "now", "after the update")
    for name, value in sorted(given.items()):
        if plan.present.get(name) != value:
            table.add_row(*(Text(redact(one)) for one in (name, plan.present.get(name, ABSENT), value)))
    return table if table.row_count else Text("all parameters keep their values")


def _report(account: Account, name: str, *, changed: bool, as_json: bool) -> None:
    stack = account.watch(f"reading stack {name}", lambda: stack_in(account, name))
    if as_json:
        found: dict[str, Any] = {"stack": name, "account": account.id, "region": account.region, "changed": changed}
        print(json.dumps(found | {"outputs": dict(stack.outputs)}, indent=2))
    elif changed:
        print(NEXT.format(stack=name, destination=stack.default_destination, topic=stack.alerts_topic_arn))
    else:
        print(f"stack {name} is up to date: nothing was changed")
