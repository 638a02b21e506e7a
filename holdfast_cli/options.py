"""The options that commands share."""

import re
from typing import Annotated

import typer

from holdfast_cli.questions import STACK
from observability.redaction import redact


def _stack_name(value: str) -> str:
    if value and (redact(value) != value or not re.fullmatch(STACK.pattern, value)):
        raise typer.BadParameter(STACK.rule)
    return value


StackName = Annotated[
    str, typer.Option("--stack", "-s", envvar="STACK", callback=_stack_name, help="Name of the stack.")
]
Region = Annotated[
    str, typer.Option("--region", "-r", envvar=["AWS_REGION", "AWS_DEFAULT_REGION"], help="Region of the stack.")
]
Profile = Annotated[str, typer.Option("--profile", envvar="AWS_PROFILE", help="Profile of the AWS configuration.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document for other programs.")]
