"""The pipeline of one alert to a fault server that plays Slack. No log line and no message may show the secret."""

import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from record_batch.batch_response import BatchResponse
from slack_alerts import app
from tests.support.fault_server.certificates import Certificate
from tests.support.fault_server.connection import OnConnect
from tests.support.fault_server.server import FaultServer
from tests.support.fault_server.wire import Behaviour
from tests.support.handlers.slack_alerts import Deployed, deployed, store
from tests.support.samples.events import alarm_message, lane_event, sns_body
from tests.support.slack.destination_kinds import CANARY, KINDS, Kind
from tests.support.text.leaks import Recorded, record_texts

ALARM = sns_body(alarm_message())
OVERRUN = 1.0
"""Seconds that a busy machine may add to a batch with a deadline; without one it would take far longer."""
HOUR = 3600.0
"""Seconds between two batches: longer than any pause or lease."""


@dataclass
class Pipeline:
    """One stack, one Slack, one destination of either kind."""

    slack: FaultServer
    stack: Deployed
    kind: Kind
    responses: list[BatchResponse] = field(default_factory=list)
    took: float = 0.0
    """Seconds of the last batch."""

    def play(self, *behaviours: str, then: str | Behaviour = "/ok") -> None:
        """Set Slack's behaviour for the next posts, in the terms of a webhook."""
        last = self.kind.translate(then) if isinstance(then, str) else then
        self.slack.script(self.kind.path, [self.kind.translate(one) for one in behaviours], then=last)

    def store_secret(self) -> None:
        store(self.kind.secret(self.slack.url("")))

    def send(self, *bodies: object, seconds: float = 25.0) -> list[str]:
        """Send these bodies through the handler as one batch of a lane; return the ids of those that stay."""
        return self.handle(lane_event(*(bodies or (ALARM,))), seconds=seconds)

    def handle(self, event: dict[str, Any], seconds: float = 25.0) -> list[str]:
        """Handle the event of a lane; return the ids of the records that stay."""
        app.wire()  # a cold start is not part of the delivery
        self.stack.passed += HOUR
        began = time.monotonic()
        response = self.stack.handle(event, seconds=seconds)
        self.took = time.monotonic() - began
        self.responses.append(response)
        return [item["itemIdentifier"] for item in response["batchItemFailures"]]

    @property
    def posts(self) -> int:
        return len(self.slack.requests)

    @property
    def connections(self) -> int:
        return len(self.slack.connections)

    @property
    def hidden(self) -> dict[str, int]:
        """Seconds by receipt handle."""
        return self.stack.sqs.hidden

    def parked(self) -> list[dict[str, Any]]:
        return self.stack.parked()

    def reasons(self) -> list[tuple[str, str]]:
        """Return (reason, detail) of each parked record."""
        written = [json.loads(one["MessageAttributes"]["holdfast"]["StringValue"]) for one in self.parked()]
        return [(facts["reason"], facts["detail"]) for facts in written]


@dataclass
class Pipelines:
    """Opens pipelines; after the test everything that they wrote is searched for the secret."""

    monkeypatch: pytest.MonkeyPatch
    kind: Kind
    recorded: Recorded
    closing: ExitStack
    opened: list[Pipeline] = field(default_factory=list)

    def open(
        self, tls: Certificate | None = None, *, on_connect: OnConnect = "serve", base: str = "", stored: bool = True
    ) -> Pipeline:
        """Open a pipeline to the fault server, or to `base`; store its secret unless `stored` is False."""
        slack = self.closing.enter_context(FaultServer(tls=tls, on_connect=on_connect))
        base = base or slack.url("")
        secret = self.kind.secret(base) if stored else None
        stack = self.closing.enter_context(deployed(self.monkeypatch, secret, api_url=f"{base}/api"))
        stack.ca_file = slack.ca_file if tls else None
        stack.recorded = self.recorded
        pipeline = Pipeline(slack, stack, self.kind)
        pipeline.play()
        self.opened.append(pipeline)
        return pipeline


@pytest.fixture(params=[*KINDS.values()], ids=[*KINDS])
def kind(request: pytest.FixtureRequest) -> Kind:
    """Run each test with a webhook and with a bot's token."""
    found: Kind = request.param
    return found


@pytest.fixture
def pipelines(
    kind: Kind, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Iterator[Pipelines]:
    caplog.set_level(logging.DEBUG)
    with ExitStack() as closing, record_texts() as recorded:
        pipelines = Pipelines(monkeypatch, kind, recorded, closing)
        yield pipelines
        check_for_secret(pipelines, *capfd.readouterr())


def check_for_secret(pipelines: Pipelines, *printed: str) -> None:
    """Check that nothing logged, raised, printed, returned, parked or published shows the secret."""
    recorded = pipelines.recorded
    left = [text for one in pipelines.opened for text in (str(one.responses), *one.stack.with_facts())]
    for text in (*recorded.lines, *recorded.errors, recorded.written.getvalue(), *printed, *left):
        assert CANARY not in text


@pytest.fixture
def pipeline(pipelines: Pipelines) -> Pipeline:
    """Open a pipeline with TLS, like Slack's."""
    return pipelines.open("good")


@pytest.fixture
def plain(pipelines: Pipelines) -> Pipeline:
    """Open a pipeline without TLS, which is faster."""
    return pipelines.open()


def threads() -> set[str]:
    """Return the threads of this process without those of the fault server."""
    return {one.name for one in threading.enumerate() if "(serve)" not in one.name}
