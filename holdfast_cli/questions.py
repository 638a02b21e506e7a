"""Questions of the operator commands: asked once, skipped when the environment answers, checked by a rule in words."""

import getpass
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import boto3

from holdfast_cli.aws_errors import in_words
from holdfast_cli.failures import CommandFailed
from observability.redaction import redact

Read = Callable[[str], str]
FALLBACK_REGION = "us-east-1"  # as sam itself suggests


@dataclass(frozen=True)
class Question:
    """One value that a command needs; `variable` answers it without asking."""

    field: str
    hint: str
    variable: str
    pattern: str
    rule: str
    default: str = ""
    shown_default: str = ""

    def ask(self, environ: Mapping[str, str] = os.environ, read: Read = input) -> str:
        """Take the value from the environment, else from the person; Enter and the end of input take the default."""
        answer = environ.get(self.variable, "").strip() or self._asked(read) or self.default
        shown = redact(answer)
        if shown != answer or (answer and not re.fullmatch(self.pattern, answer)):
            raise CommandFailed(f"{self.field} {shown!r} {self.rule}", f"give another one, or set {self.variable}")
        return answer

    def _asked(self, read: Read) -> str:
        try:
            answer = read(f"{self.field}: {self.hint} [{self.shown_default or self.default}]: ").strip()
        except EOFError:
            answer = ""
        if not sys.stdin.isatty():
            print(redact(answer))  # nobody typed it, so nobody has seen it; it may be meant for another question
        return answer


STACK = Question(
    "stack name",
    "what CloudFormation calls all this",
    "STACK",
    r"[A-Za-z][A-Za-z0-9-]{0,127}",
    "must start with a letter; then letters, digits and hyphens",
    "holdfast",
)
DESTINATION = Question(
    "destination",
    "the name its secret is stored under",
    "DESTINATION",
    r"[a-z0-9-]{1,64}",
    "must be 1 to 64 lower-case letters, digits and hyphens",
    "default",
)
PATH = Question(
    "path",
    "where the stack looks for destinations in SSM (or set STACK: its outputs say it)",
    "DESTINATIONS_PATH",
    r"(/[A-Za-z0-9_.-]+){1,14}",
    "must be like /holdfast/destinations",
    "/holdfast/destinations",
)
CHANNEL = Question(
    "channel",
    "its id, from the end of the channel's details in Slack; the bot must have been invited to it",
    "CHANNEL",
    r".*",
    "must be the channel's id",
    shown_default="C…",
)
OPS_EMAIL = Question(
    "ops e-mail",
    "who is told, not through Slack, of an alert that could not be delivered",
    "OPS_EMAIL",
    r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "is no e-mail address",
    shown_default="the stack's present one; a new stack needs one, or OpsTopicArn",
)
REGION = Question(
    "region",
    "where in AWS, for none is configured",
    "AWS_REGION",
    r"[a-z]{2}(-[a-z]+)+-\d",
    "is no name of a region",
    FALLBACK_REGION,
)


def ask_region(environ: Mapping[str, str] = os.environ, read: Read = input) -> str:
    """Region of the environment or the profile; only where neither has one it is asked."""
    told = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")
    configured = told or in_words("reading the AWS configuration", lambda: boto3.Session().region_name)
    return configured or REGION.ask(environ, read)


def ask_secret(what: str) -> str:
    """Read a value without echo, also where it is piped in."""
    try:
        return (getpass.getpass(f"{what}: ") if sys.stdin.isatty() else sys.stdin.readline()).strip()
    except EOFError:
        return ""
