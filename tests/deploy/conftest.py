"""One local AWS and one Slack for all deployments; at the end the list of those that were tried."""

from collections.abc import Iterator

import pytest

from demo.platform import LocalAws
from demo.slack.standin import SlackStandin
from tests.support.local_aws.deployments import Deployments

TRIED: list[str] = []


@pytest.hookimpl(tryfirst=True)  # before the marks are selected by
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/deploy" in item.nodeid:
            item.add_marker(pytest.mark.deploy)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if TRIED:
        terminalreporter.write_line("\n".join(["", "deployments tried:", *TRIED]))


@pytest.fixture(scope="session")
def deployments() -> Iterator[Deployments]:
    # Slack's pace is not what is tried here: 1000 posts at once are taken.
    with LocalAws() as aws, SlackStandin(burst=1000) as slack:
        yield Deployments(aws, slack, TRIED)
