"""`holdfast demo`: the demonstration on a local AWS, which needs a checkout."""

import os
import sys
from typing import Annotated

import typer

from holdfast_cli.failures import CommandFailed, Exit
from holdfast_cli.installation import FILES, IS_CHECKOUT


def demo(
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Stay up after the acts, for alarms by hand.")] = False,
    console: Annotated[
        bool, typer.Option("--console", help="Without the acts: the page sends alerts and faults.")
    ] = False,
) -> None:
    """Deploy to a local AWS, cause alarms and faults, and print the outcomes. It needs a checkout, but no AWS account.

    Examples:
    holdfast demo

    holdfast demo --console
    """
    if not IS_CHECKOUT:
        advice = "clone the repository, then: make demo"
        raise CommandFailed(
            "the demonstration needs a checkout: it builds the stack and has a local AWS", advice, Exit.USAGE
        )
    options = [word for word, given in (("--keep", keep), ("--console", console)) if given]
    os.chdir(FILES)
    # In place of this process, so that signals and the exit code are the demonstration's own.
    os.execv(sys.executable, [sys.executable, "-m", "demo.run", *options])  # noqa: S606 - this Python
