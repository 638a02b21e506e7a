"""`holdfast doctor`: check this machine, the account and the stack, and say what to do next."""

import json
from dataclasses import asdict

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from holdfast_cli.account import connect
from holdfast_cli.doctor_checks import Check, Health, check_account, check_installation, check_stack
from holdfast_cli.failures import CommandFailed, Exit
from holdfast_cli.options import Json, Profile, Region, StackName
from holdfast_cli.progress import progress
from holdfast_cli.questions import STACK

PLAIN_WIDTH = 140


def doctor(
    *, stack: StackName = STACK.default, region: Region = "", profile: Profile = "", as_json: Json = False
) -> None:
    """Check this machine, the credentials and the stack, and say what to do next. It changes nothing.

    Examples:
    holdfast doctor

    holdfast doctor --stack alerts --region eu-west-1 --json
    """
    checks = [check_installation()]
    code: int = Exit.DONE
    try:
        account = connect(region, profile, lambda _: "")
    except CommandFailed as failed:
        checks.append(Check("credentials", Health.BAD, f"{failed.problem}; {failed.where}".rstrip("; "), failed.advice))
        code = failed.code
    else:
        with progress(f"checking stack {stack}"):
            checks += [check_account(account), *check_stack(account, stack)]
    if as_json:
        print(json.dumps([asdict(one) for one in checks], indent=2))
    else:
        _show(checks)
    if any(one.health is Health.BAD for one in checks):
        raise typer.Exit(code or Exit.FAILED)


def _show(checks: list[Check]) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    table = Table("check", "", "found", "to do")
    for one in checks:
        table.add_row(*map(Text, (one.name, one.health.value, one.found, one.advice)))
    console.print(table)
