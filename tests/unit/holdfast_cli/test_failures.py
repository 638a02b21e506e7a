import os
import signal
from collections.abc import Callable, Iterator

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from holdfast_cli.failures import EXPIRED, INTERRUPTED, CommandFailed, Exit, call_aws, run_command

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


def failure(error: BotoCoreError | ClientError) -> CommandFailed:
    def call() -> None:
        raise error

    with pytest.raises(CommandFailed) as failed:
        call_aws("reading", call)
    return failed.value


def answer(code: str, status: int = 400) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "CreateChangeSet")  # type: ignore[typeddict-item] # not all of it


@pytest.mark.parametrize(
    "error",
    [
        SSOTokenLoadError(error_msg=CANARY),
        UnauthorizedSSOTokenError(),
        TokenRetrievalError(provider="sso", error_msg=CANARY),
        *map(answer, sorted(EXPIRED)),
    ],
    ids=str,
)
def test_expired_credentials_are_renewed_by_signing_in(error: BotoCoreError | ClientError) -> None:
    failed = failure(error)
    assert failed.code is Exit.NO_ACCESS
    assert "expired" in failed.report
    assert "aws sso login" in failed.advice
    assert CANARY not in failed.report


@pytest.mark.parametrize(
    ("error", "advice", "code"),
    [
        (answer("AccessDenied", 403), "check your permission for CreateChangeSet", Exit.NO_ACCESS),
        (answer("ValidationError"), "does not take this CreateChangeSet: check the values", Exit.FAILED),
        (answer("Throttling"), "try again in a minute", Exit.FAILED),
        (answer("InternalFailure", 500), "try again in a minute", Exit.FAILED),
    ],
)
def test_the_advice_fits_the_code_of_aws(error: ClientError, advice: str, code: Exit) -> None:
    failed = failure(error)
    assert advice in failed.advice
    assert failed.code is code
