"""One local AWS, and one deployed stack on it, for all end-to-end tests of a run."""

from collections.abc import Iterator

import pytest
from local.platform import LocalAws
from local.slack_standin import SlackStandin
from local.stack import Stack


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep them on one worker, so that they share the one stack."""
    for item in items:
        if "tests/e2e" in item.nodeid:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group("e2e"))


@pytest.fixture(scope="session")
def aws() -> Iterator[LocalAws]:
    with LocalAws() as platform:
        yield platform


@pytest.fixture(scope="session")
def stack(aws: LocalAws) -> Stack:
    return aws.deploy()


@pytest.fixture(scope="session")
def slack(aws: LocalAws, stack: Stack) -> Iterator[SlackStandin]:
    """A stand-in whose webhook is the default destination; the function keeps it for minutes, so all share it."""
    with SlackStandin() as standin:
        aws.store_destination(stack, standin.webhook_url("ops"))
        yield standin
