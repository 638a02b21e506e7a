"""`holdfast routes`: check a routes document, show the stored one, store one."""

import json
from pathlib import Path
from typing import Annotated

import typer
from botocore.exceptions import ClientError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from aws_events.strict_json import Invalid
from holdfast_cli.account import Account, connect
from holdfast_cli.failures import CommandFailed, Exit
from holdfast_cli.options import Json, Profile, Region, StackName
from holdfast_cli.questions import STACK
from holdfast_cli.regions import stack_in
from holdfast_cli.route_rows import TITLES, Row, rows
from routes.document import parse_routes
from routes.route import Routes

WIDTH = 200
app = typer.Typer(no_args_is_help=True, help="Check, show and store the routes document (docs/routes.md).")

File = Annotated[Path, typer.Argument(help="The routes document.")]


class NoRoutes(CommandFailed):
    """A stack without a routes document."""


@app.command("check")
def check_file(file: File, *, as_json: Json = False) -> None:
    """Check a document, and show where each sample would go, and which are muted now; AWS is not called.

    Example:
    holdfast routes check routes.json
    """
    _print(rows(check(read(file))), as_json=as_json)


@app.command("show")
def show_stored(
    *, stack: StackName = STACK.default, region: Region = "", profile: Profile = "", as_json: Json = False
) -> None:
    """Show the stored document of a stack, and where each sample goes.

    Example:
    holdfast routes show --stack holdfast
    """
    account = connect(region, profile)
    text = account.watch(f"reading the routes of stack {stack}", lambda: fetch(account, stack))
    checked = account.run("checking the stored routes", lambda: check(text))
    if as_json:
        print(text)
    else:
        _print(rows(checked))


@app.command("store")
def store_file(
    file: File,
    *,
    stack: StackName = STACK.default,
    region: Region = "",
    profile: Profile = "",
    as_json: Json = False,
) -> None:
    """Check a document, show where each sample would go, and store it where the stack reads it.

    Example:
    holdfast routes store routes.json --stack holdfast
    """
    text = read(file)
    document = check(text)
    if not as_json:
        _print(rows(document))
    account = connect(region, profile)
    name, version = account.watch("storing the routes", lambda: store(account, stack, text))
    if as_json:
        print(
            json.dumps(
                {"stored": name, "routes": len(document.routes), "version": version, "replaced": version - 1 or None}
            )
        )
        return
    print(f"stored as {name}, version {version}; intake reads it within five minutes")
    if version > 1:
        former = f"aws ssm get-parameter --name {name}:{version - 1} --query Parameter.Value --output text"
        print(f"it replaces version {version - 1}; to restore that: {former} > former.json")
        print(f"then: holdfast routes store former.json --stack {stack}")


def read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        problem = f"{file} cannot be read: {type(error).__name__}"
        raise CommandFailed(problem, "give the path of a routes document", Exit.USAGE) from error


def check(text: str) -> Routes:
    """Return the routes. Raise CommandFailed, which names the field."""
    try:
        return parse_routes(text)
    except Invalid as error:
        problem = f"the document is not valid: {error}"
        raise CommandFailed(problem, "correct that field; docs/routes.md has the rules", Exit.USAGE) from error


def fetch(account: Account, name: str) -> str:
    """Return the stored document. Raise CommandFailed if there is none."""
    parameter = stack_in(account, name).routes_parameter
    ssm = account.client("ssm")
    try:
        return str(ssm.get_parameter(Name=parameter)["Parameter"]["Value"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterNotFound":
            raise
    raise NoRoutes(
        f"stack {name} has no routes: {parameter} does not exist, and all alerts go to the default destination",
        f"store a document: holdfast routes store routes.json --stack {name}",
    )


def store(account: Account, name: str, text: str) -> tuple[str, int]:
    """Store the document in the parameter that the stack reads; return (its name, the new version)."""
    parameter = stack_in(account, name).routes_parameter
    stored = account.client("ssm").put_parameter(Name=parameter, Value=text, Type="String", Overwrite=True)
    return parameter, int(stored["Version"])


def _print(found: list[Row], *, as_json: bool = False, console: Console | None = None) -> None:
    if as_json:
        print(json.dumps([dict(zip(TITLES, row, strict=True)) for row in found], indent=2))
        return
    table = Table(*TITLES)
    for row in found:
        table.add_row(*map(Text, row))
    (console or Console(highlight=False, width=WIDTH)).print(table)
