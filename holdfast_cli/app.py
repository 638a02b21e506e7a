"""`holdfast`: install, operate and try a stack."""

import sys
from importlib import metadata
from typing import Annotated

import typer

from holdfast_cli.demo import demo
from holdfast_cli.deploy import deploy
from holdfast_cli.doctor import doctor
from holdfast_cli.failures import INTERRUPTED, run_command
from holdfast_cli.kinds import kinds
from holdfast_cli.parked import parked
from holdfast_cli.redrive import redrive
from holdfast_cli.routes import app as routes
from holdfast_cli.secret import secret
from holdfast_cli.secret_check import refuse_secrets
from holdfast_cli.send import send
from holdfast_cli.status import status
from holdfast_cli.verify import verify

EXIT_CODES = """
Exit codes: 0 done; 1 failed, or a fault was found; 2 wrong usage, nothing was changed; 3 AWS refuses the credentials or
a permission, or cannot be reached; 4 no such stack in this account and region; 130 interrupted; 143 ended by SIGTERM.
"""

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, epilog=EXIT_CODES)
for command in (doctor, deploy, secret, verify, status, parked, redrive, send, kinds, demo):
    app.command()(command)
app.add_typer(routes, name="routes")


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - called by typer
    if wanted:
        print(metadata.version("holdfast-aws"))
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print it.")
    ] = False,
) -> None:
    """AWS alarms and events reach Slack, and no alert is lost.

    Begin with: holdfast doctor, holdfast deploy, holdfast secret, holdfast verify. To complete commands and options in
    your shell: holdfast --install-completion.
    """


def main() -> int:
    """Run the command; return its exit code."""
    return run_command(_run)


def _run() -> int:
    refuse_secrets(sys.argv[1:])
    try:
        return int(app() or 0)
    except SystemExit as ended:
        if ended.code == INTERRUPTED:  # typer's end for Ctrl-C, without a word
            raise KeyboardInterrupt from ended
        raise
