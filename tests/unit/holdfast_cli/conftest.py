import signal
from collections.abc import Iterator

import boto3
import pytest

from tests.unit.holdfast_cli.command import Run, runner
from tests.unit.holdfast_cli.stacks import aws_in_process


@pytest.fixture
def session() -> Iterator[boto3.Session]:
    with aws_in_process() as session:
        yield session


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Return a function that runs `holdfast` without any setting of this machine's AWS."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for name in (
        "AWS_PROFILE",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "STACK",
        "DESTINATION",
        "OPS_EMAIL",
        "DESTINATIONS_PATH",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    yield runner(monkeypatch, capsys)
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def holdfast(run: Run) -> Run:
    """Return the same function, for modules that have a `run` of their own."""
    return run
