from collections.abc import Iterator

import pytest

from tests.support.handlers.slack_alerts import Deployed, deployed
from tests.support.samples.events import TEST_ALARM_ARN
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
    """Deploy the handler with two destinations and a test alarm."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "holdfast.slack_alerts")
    monkeypatch.setenv("TEST_ALARM_ARN", TEST_ALARM_ARN)
    with deployed(monkeypatch, slack.webhook("default"), team=slack.webhook("team")) as stack:
        yield stack
