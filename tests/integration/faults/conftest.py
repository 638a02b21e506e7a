"""The road of one alert, its Slack a fault server; whatever is said on the way must not tell the secret."""

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from record_batch.batch import BatchResponse
from slack_alerts import app
from tests.support.certificates import Certificate
from tests.support.events import alarm_message, sns_body, sqs_event
from tests.support.fault_connection import Door
from tests.support.fault_server import FaultServer
from tests.support.handler import Deployed, deployed

CANARY = "canaryT0kenThatNobodyMaySee"
HOOK = f"/services/T000/B000/{CANARY}"
ALARM = sns_body(alarm_message())


@dataclass
class Road:
    """One stack, one Slack."""

    slack: FaultServer
    stack: Deployed
    answers: list[BatchResponse] = field(default_factory=list)
    took: float = 0.0
    """Seconds of the last batch."""

    def play(self, *turns: str, then: str = "/ok") -> None:
        """What Slack does with the next posts to the webhook."""
        self.slack.script(HOOK, turns, then=then)

    def send(self, *bodies: object, receives: int = 1, seconds: float = 60.0) -> list[str]:
        """These bodies through the handler -> the ids of those that go back to the queue."""
        event = sqs_event(*(bodies or (ALARM,)), receive_count=receives)
        app.wire()  # a cold start is not part of the delivery
        began = time.monotonic()
        response = self.stack.handle(event, seconds=seconds)
        self.took = time.monotonic() - began
        self.answers.append(response)
        return [item["itemIdentifier"] for item in response["batchItemFailures"]]

    @property
    def posts(self) -> int:
        return len(self.slack.requests)

    @property
    def hidden(self) -> dict[str, int]:
        """Seconds that each receipt handle was hidden for."""
        return self.stack.hidden.seconds

    def parked(self) -> list[dict[str, Any]]:
        return self.stack.parked()

    def reasons(self) -> list[tuple[str, str]]:
        """(reason, detail) of each parked record."""
        written = [json.loads(one["MessageAttributes"]["holdfast"]["StringValue"]) for one in self.parked()]
        return [(facts["reason"], facts["detail"]) for facts in written]


@contextmanager
def open_road(monkeypatch: pytest.MonkeyPatch, tls: Certificate | None, *, door: Door = "open") -> Iterator[Road]:
    with FaultServer(tls=tls, door=door) as slack, deployed(monkeypatch, slack.url(HOOK)) as stack:
        stack.ca_file = slack.ca_file if tls else None
        slack.script(HOOK)
        yield Road(slack, stack)


@pytest.fixture(params=["good", None], ids=["tls", "plain"])
def road(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Road]:
    """As Slack is reached, and without TLS between."""
    with open_road(monkeypatch, request.param) as road:
        yield road


@pytest.fixture
def plain_road(monkeypatch: pytest.MonkeyPatch) -> Iterator[Road]:
    """For what TLS has no part in."""
    with open_road(monkeypatch, None) as road:
        yield road


@pytest.fixture(autouse=True)
def the_secret_is_nowhere(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Iterator[None]:
    """The canary sweep: every row is run with it, every logger at its most talkative."""
    caplog.set_level(logging.DEBUG)
    found = {name: request.getfixturevalue(name) for name in request.fixturenames if name in {"road", "plain_road"}}
    yield
    written = capfd.readouterr()
    # moto's own library writes the URLs it lets through, asyncio and the like nothing of ours
    said = [str(vars(line)) for line in caplog.records if line.name != "responses"]
    everything = [*said, written.out, written.err]
    for road in found.values():
        everything += [str(road.answers), str(road.stack.parked()), str(road.stack.told())]
    assert CANARY not in "\n".join(everything)
