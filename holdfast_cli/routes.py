"""`make routes FILE=routes.json`: check a routes document, show where each sample would go, and store it (RUN=1)."""

import argparse
import sys
from pathlib import Path

import boto3
from rich.console import Console
from rich.table import Table
from rich.text import Text

from aws_events.strict_json import Invalid
from holdfast_cli.failures import CommandFailed, call_aws, run_command
from holdfast_cli.kinds import SAMPLES, notification_of
from holdfast_cli.questions import STACK, ask_region
from holdfast_cli.stack import find_stack
from intake.routes import Routes, choose
from intake.routes_document import parse_routes
from notifications.line import line
from record_batch.admission import reason_to_skip

WIDTH = 200


def main() -> int:
    """Check the document, show its effect on the samples of events/kinds, and store it if `--run` is given."""
    parser = argparse.ArgumentParser(prog="python -m holdfast_cli.routes", description=__doc__)
    parser.add_argument("file", type=Path, help="the routes document (docs/routes.md)")
    parser.add_argument("--stack", default=STACK.default, help=f"stack whose document it is (default: {STACK.default})")
    parser.add_argument("--run", action="store_true", help="store it where the stack reads it")
    options = parser.parse_args()
    text = read(options.file)
    show(check(text), Console(highlight=False, width=WIDTH))
    if options.run:
        region = ask_region()
        call_aws("storing the routes", lambda: store(options.stack, region, text))
    return 0


def read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise CommandFailed(f"{file} cannot be read: {type(error).__name__}", "give FILE=routes.json") from error


def check(text: str) -> Routes:
    """Return the routes. Raise CommandFailed, which names the field."""
    try:
        return parse_routes(text)
    except Invalid as error:
        raise CommandFailed(
            f"the document is not valid: {error}", "mend that field; docs/routes.md has the rules"
        ) from error


def show(document: Routes, console: Console) -> None:
    """Print a row for each sample: its line, its destination and its mention."""
    table = Table("sample", "line", "destination", "mention")
    for sample in sorted(SAMPLES.iterdir()):
        said = notification_of(sample)
        route = choose(document.routes, said)
        skipped = reason_to_skip(said.record) is not None
        said = said.in_account(document.accounts.get(said.account, ""))
        destination = "(skipped)" if skipped else route.destination if route else "(default)"
        mention = route.mention if route and not skipped else ""
        table.add_row(*map(Text, (sample.name, line(said), destination, mention)))
    console.print(table)


def store(name: str, region: str, text: str) -> None:
    """Store the document in the parameter that the stack reads."""
    session = boto3.Session(region_name=region)
    stack = find_stack(session.client("cloudformation"), name)
    session.client("ssm").put_parameter(Name=stack.routes_parameter, Value=text, Type="String", Overwrite=True)
    print(f"stored as {stack.routes_parameter}; intake reads it within five minutes")


if __name__ == "__main__":
    sys.exit(run_command(main))
