"""Errors that an operator can fix, those of AWS among them: printed without a traceback."""

import signal
import sys
from collections.abc import Callable
from types import FrameType

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ProfileNotFound

INTERRUPTED = 128 + signal.SIGINT


class CommandFailed(Exception):
    """An error that an operator can fix: the problem, and the advice."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(problem)
        self.problem, self.advice = problem, advice


def run_command(command: Callable[[], int]) -> int:
    """Run a command and return its exit code; SIGTERM raises like Ctrl-C, so that the command cleans up."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a script may have started the command with it ignored
    signal.signal(signal.SIGTERM, _exit)
    try:
        return command()
    except CommandFailed as failed:
        print(f"\nfailed: {failed.problem}\nto do:  {failed.advice}", file=sys.stderr)
        return 1
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
    except ProfileNotFound:
        failed = CommandFailed(f"{doing}: there is no such profile", "see your profiles: aws configure list-profiles")
    except NoCredentialsError:
        failed = CommandFailed(f"{doing}: no AWS credentials", "sign in, or name a profile: export AWS_PROFILE=…")
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        failed = CommandFailed(f"{doing}: AWS answered {code}", f"check your permission for {error.operation_name}")
    except BotoCoreError as error:
        failed = CommandFailed(f"{doing}: {type(error).__name__}", "check region, network and proxy")
    raise failed  # outside of the except block: its context must not hold the request, which may have a secret
