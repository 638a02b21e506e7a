from collections.abc import Iterator

import pytest

from tests.support.handlers.slack_alerts import Deployed, deployed
from tests.support.slack.loopback import LoopbackSlack
from tests.support.steps.lane import Lane


@pytest.fixture
def lane() -> Lane:
    return Lane()


@pytest.fixture
def slack() -> Iterator[LoopbackSlack]:
    with LoopbackSlack() as server:
        yield server


@pytest.fixture
def stack(slack: LoopbackSlack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    """Deploy the handler with two destinations."""
    with deployed(monkeypatch, slack.webhook("default"), team=slack.webhook("team")) as stack:
        yield stack
