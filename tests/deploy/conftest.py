"""One local AWS and one Slack for all deployments, which are listed at the end."""

from collections.abc import Iterator

import pytest

from demo.platform import LocalAws
from demo.slack.standin import SlackStandin
from tests.support.local_aws.deployments import Deployments

LISTED: list[str] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if LISTED:
        terminalreporter.write_line("\n".join(["", "deployments:", *LISTED]))


@pytest.fixture(scope="session")
def deployments() -> Iterator[Deployments]:
    # The rate limit of Slack is not under test.
    with LocalAws() as aws, SlackStandin(burst=1000) as slack:
        yield Deployments(aws, slack, LISTED)
