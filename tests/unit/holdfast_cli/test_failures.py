import os
import signal
from collections.abc import Callable, Iterator

import pytest
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError, ProfileNotFound

from holdfast_cli.failures import INTERRUPTED, CommandFailed, call_aws, run_command

CANARY = "c4n4ry"


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    """Restore the signal handlers that run_command sets."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def fail() -> int:
    raise CommandFailed("no stack", "deploy it")


def interrupt() -> int:
    os.kill(os.getpid(), signal.SIGINT)
    return 0


@pytest.mark.parametrize(
    ("command", "code", "printed"),
    [
        (lambda: 3, 3, ""),
        (fail, 1, "failed: no stack\nto do:  deploy it"),
        (interrupt, INTERRUPTED, "interrupted"),
    ],
)
def test_a_command_ends_with_an_exit_code_and_a_message(
    command: Callable[[], int], code: int, printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(command) == code
    assert printed in capsys.readouterr().err


def test_a_termination_unwinds_the_command() -> None:
    cleaned_up: list[bool] = []

    def terminate() -> int:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            cleaned_up.append(True)
        return 0

    with pytest.raises(SystemExit) as ended:
        run_command(terminate)
    assert (ended.value.code, cleaned_up) == (128 + signal.SIGTERM, [True])


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (ProfileNotFound(profile="work"), "there is no such profile"),
        (NoCredentialsError(), "no AWS credentials"),
        (ClientError({"Error": {"Code": "Denied", "Message": CANARY}}, "PutParameter"), "AWS answered Denied"),
        (NoRegionError(), "NoRegionError"),
    ],
)
def test_an_error_of_aws_becomes_a_message_without_its_values(error: BotoCoreError | ClientError, problem: str) -> None:
    def call() -> None:
        raise error

    with pytest.raises(CommandFailed, match=f"storing: {problem}") as failed:
        call_aws("storing", call)
    assert CANARY not in failed.value.problem + failed.value.advice
    assert failed.value.__cause__ is failed.value.__context__ is None
