"""The log lines in docs/retry-walkthrough.md are those of the handler; a failure prints the lines for the page."""

import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from observability.telemetry import logger
from tests.support.handlers.slack_alerts import Deployed, deployed
from tests.support.samples.events import alarm_message, lane_event, sns_body
from tests.support.slack.loopback import LoopbackSlack

PAGE = Path(__file__).parents[2] / "docs" / "retry-walkthrough.md"
BLOCK = re.compile(r"^## (?P<heading>.+?)\n.*?^```json\n(?P<lines>.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = {"timestamp", "location", "service", "name"}

ANSWERS = {
    "Success": ["/ok"],
    "A channel that does not exist": ["/404?body=channel_not_found"],
    "A server error that lasts": ["/500"] * 4,
    "Too many requests": ["/429?ra=3", "/ok"],
    "A wait that does not fit": ["/429?ra=30"],
}


def blocks() -> dict[str, list[str]]:
    return {match["heading"]: match["lines"].splitlines() for match in BLOCK.finditer(PAGE.read_text())}


def test_the_page_has_a_block_for_each_scenario() -> None:
    assert list(blocks()) == list(ANSWERS)


@pytest.fixture
def slack() -> Iterator[LoopbackSlack]:
    with LoopbackSlack() as server:
        yield server


@pytest.fixture
def stack(slack: LoopbackSlack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    with deployed(monkeypatch, slack.webhook()) as stack:
        yield stack


@pytest.fixture
def printed() -> Iterator[io.StringIO]:
    """Return a stream with the output of the function's logger."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logger.registered_formatter)
    logger.addHandler(handler)
    yield stream
    logging.getLogger(logger.name).removeHandler(handler)


@pytest.mark.parametrize("heading", ANSWERS)
def test_the_page_shows_what_is_logged(
    heading: str, slack: LoopbackSlack, stack: Deployed, printed: io.StringIO
) -> None:
    answers = ANSWERS[heading]
    slack.answers = list(answers)
    stack.uniform = middle
    stack.handle(lane_event(sns_body(alarm_message())))
    logged = [shown(json.loads(line)) for line in printed.getvalue().splitlines()]
    assert [json.loads(line) for line in blocks()[heading]] == logged, "\n".join(map(json.dumps, logged))
    assert len(slack.requests) == len(answers)


def middle(low: float, high: float) -> float:
    return (low + high) / 2


def shown(line: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in line.items() if name not in LEFT_OUT}
