"""Questions of the commands: a variable can answer each, and a pattern checks the answer."""

import getpass
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from holdfast_cli.failures import CommandFailed, Exit
from observability.redaction import redact

Read = Callable[[str], str]


def ask(question: str) -> str:
    """Print a question on the standard error and return the answer, empty at the end of the input."""
    print(question, end="", file=sys.stderr, flush=True)
    try:
        return input()
    except EOFError:
        return ""


@dataclass(frozen=True)
class Question:
    """A value that a command needs; the environment variable `variable` can answer."""

    field: str
    hint: str
    variable: str
    pattern: str
    rule: str
    default: str = ""
    shown_default: str = ""

    def ask(self, environ: Mapping[str, str] = os.environ, read: Read = ask) -> str:
        """Return the value of the variable, else the answer, else the default; raise CommandFailed if it is invalid."""
        answer = environ.get(self.variable, "").strip() or self._read(read) or self.default
        shown = redact(answer)
        if shown != answer or (answer and not re.fullmatch(self.pattern, answer)):
            raise CommandFailed(
                f"{self.field} {shown!r} {self.rule}", f"give another one, or set {self.variable}", Exit.USAGE
            )
        return answer

    def _read(self, read: Read) -> str:
        answer = read(f"{self.field}: {self.hint} [{self.shown_default or self.default}]: ").strip()
        if answer and not sys.stdin.isatty():
            print(
                redact(answer), file=sys.stderr
            )  # a terminal shows an answer; a secret given to the wrong question is redacted
        return answer


STACK = Question(
    "stack name",
    "the name in CloudFormation",
    "STACK",
    r"[A-Za-z][A-Za-z0-9-]{0,127}",
    "must start with a letter and have only letters, digits and hyphens",
    "holdfast",
)
DESTINATION = Question(
    "destination",
    "the name under which its secret is stored",
    "DESTINATION",
    r"[a-z0-9-]{1,64}",
    "must be 1 to 64 lower-case letters, digits and hyphens",
    "default",
)
PATH = Question(
    "path",
    "where the stack reads destinations in SSM (or set STACK to take it from its outputs)",
    "DESTINATIONS_PATH",
    r"(/[A-Za-z0-9_.-]+){1,14}",
    "must be like /holdfast/destinations",
    "/holdfast/destinations",
)
CHANNEL = Question(
    "channel",
    "its id, at the end of the channel's details in Slack; invite the bot to it first",
    "CHANNEL",
    r".*",
    "must be the channel's id",
    shown_default="C…",
)
OPS_EMAIL = Question(
    "ops e-mail",
    "the address for reports of undelivered alerts",
    "OPS_EMAIL",
    r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "is not an e-mail address",
    shown_default="the present one of the stack; a new stack needs one, or OpsTopicArn",
)
REGION = Question(
    "region",
    "none is configured",
    "AWS_REGION",
    r"[a-z]{2}(-[a-z]+)+-\d",
    "is not the name of a region",
    shown_default="like eu-west-1",
)


def ask_secret(name: str) -> str:
    """Read a value without echo, from the terminal or from a pipe."""
    try:
        return (getpass.getpass(f"{name}: ") if sys.stdin.isatty() else sys.stdin.readline()).strip()
    except EOFError:
        return ""
