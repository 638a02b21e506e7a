"""Errors that an operator can fix, those of AWS among them: printed without a traceback."""

import signal
import sys
from collections.abc import Callable
from enum import IntEnum
from types import FrameType

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConfigParseError,
    CredentialRetrievalError,
    InvalidConfigError,
    InvalidRegionError,
    NoCredentialsError,
    PartialCredentialsError,
    SSOError,
    TokenRetrievalError,
)

from retry_policies.aws import classify_aws
from retry_policies.classification import ErrorKind

INTERRUPTED = 128 + signal.SIGINT
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
REFUSED_CREDENTIALS = frozenset({"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch"})
CONFIGURATION = (
    "correct the AWS configuration; see its values: aws configure list (with --profile NAME, if you use one)"
)
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"})


class Exit(IntEnum):
    """The exit codes; docs/command.md explains them."""

    DONE = 0
    FAILED = 1
    """The command failed, or found a fault."""
    USAGE = 2
    """An option, a parameter or a value is wrong: nothing was changed."""
    NO_ACCESS = 3
    """AWS refused the credentials or a permission, or cannot be reached."""
    NO_STACK = 4
    """The account and region have no such stack."""


class CommandFailed(Exception):
    """An error that an operator can fix: the problem, and the advice."""

    def __init__(self, problem: str, advice: str, code: int = Exit.FAILED) -> None:
        super().__init__(problem)
        self.problem, self.advice, self.code = problem, advice, code
        self.where = ""
        """Account, region and profile, where they are known."""

    def __str__(self) -> str:
        return self.problem

    @property
    def report(self) -> str:
        """The lines for the operator."""
        where = f"\nwhere:  {self.where}" if self.where else ""
        return f"failed: {self.problem}{where}\nto do:  {self.advice}"


def run_command(command: Callable[[], int]) -> int:
    """Run a command and return its exit code; SIGTERM raises like Ctrl-C, so that the command cleans up."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a script may have started the command with it ignored
    signal.signal(signal.SIGTERM, _exit)
    try:
        return command()
    except CommandFailed as failed:
        print(f"\n{failed.report}", file=sys.stderr)
        return failed.code
    except KeyboardInterrupt:
        print("\ninterrupted: nothing that was started is left running", file=sys.stderr)
        return INTERRUPTED


def _exit(number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second signal must not interrupt the clean-up
    sys.exit(128 + number)


def call_aws[T](doing: str, call: Callable[[], T]) -> T:
    """Return the result of `call`; raise CommandFailed for an error of boto3, without any value of the request."""
    try:
        return call()
    except (ClientError, BotoCoreError) as error:
        problem, advice, code = _explained(error)
    # Outside of the except block: its context must not hold the request, which may have a secret.
    raise CommandFailed(f"{doing}: {problem}", advice, code)


def _explained(error: ClientError | BotoCoreError) -> tuple[str, str, Exit]:
    """Return the problem, the advice and the exit code."""
    match error:
        case InvalidRegionError():
            return "the region has no valid name", "give --region", Exit.USAGE
        case ConfigParseError() | InvalidConfigError():
            return f"the AWS configuration is wrong ({type(error).__name__})", CONFIGURATION, Exit.NO_ACCESS
        case PartialCredentialsError():
            return "a part of the AWS credentials is missing", CONFIGURATION, Exit.NO_ACCESS
        case NoCredentialsError():
            return "no AWS credentials", "sign in, or name a profile: --profile NAME", Exit.NO_ACCESS
        case CredentialRetrievalError():
            advice = "sign in again, or check credential_process of the profile"
            return "the credentials of the profile could not be read", advice, Exit.NO_ACCESS
        case SSOError() | TokenRetrievalError():
            advice = "sign in again: aws sso login (with --profile NAME, if you use one)"
            return "the sign-in by SSO has expired", advice, Exit.NO_ACCESS
        case ClientError():
            return _answered(error)
        case _:
            return type(error).__name__, "check region, network and proxy", Exit.NO_ACCESS


def _answered(error: ClientError) -> tuple[str, str, Exit]:
    code = error.response.get("Error", {}).get("Code", "unknown")
    problem = f"AWS answered {code}"
    if code in EXPIRED:
        return problem, "the credentials have expired: sign in again (aws sso login), or renew them", Exit.NO_ACCESS
    if code in REFUSED_CREDENTIALS:
        return problem, "AWS does not know these credentials: sign in again, or name a profile", Exit.NO_ACCESS
    if code in DENIED:
        return problem, f"check your permission for {error.operation_name}", Exit.NO_ACCESS
    judged = classify_aws(error)
    if judged and judged.kind is not ErrorKind.PERMANENT:
        return problem, "AWS is busy or has a fault: try again in a minute", Exit.FAILED
    return problem, f"AWS does not take this {error.operation_name}: check the values that you gave", Exit.FAILED
