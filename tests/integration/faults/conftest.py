"""The road of one alert, its Slack a fault server; whatever is said on the way must not tell the secret."""

import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from record_batch.batch import BatchResponse
from slack_alerts import app
from tests.support.fault_server.certificates import Certificate
from tests.support.fault_server.connection import OnConnect
from tests.support.fault_server.server import FaultServer
from tests.support.fault_server.wire import Behaviour
from tests.support.handlers.slack_alerts import Deployed, deployed, store
from tests.support.samples.events import alarm_message, lane_event, sns_body
from tests.support.slack.destination_kinds import CANARY, KINDS, Kind
from tests.support.text.leaks import Overheard, all_ears

ALARM = sns_body(alarm_message())
OVERRUN = 1.0
"""Seconds a busy machine may add to a batch that ends by its deadline; with no deadline it would take far longer."""
HOUR = 3600.0
"""Between two batches: no pause and no lease lasts so long."""


@dataclass
class Road:
    """One stack, one Slack, one destination of either kind."""

    slack: FaultServer
    stack: Deployed
    kind: Kind
    answers: list[BatchResponse] = field(default_factory=list)
    took: float = 0.0
    """Seconds of the last batch."""

    def play(self, *turns: str, then: str | Behaviour = "/ok") -> None:
        """What Slack does with the next posts, said as a webhook would meet it."""
        last = self.kind.turn(then) if isinstance(then, str) else then
        self.slack.script(self.kind.path, [self.kind.turn(turn) for turn in turns], then=last)

    def renew(self) -> None:
        """Store a secret that Slack accepts from now on, with the old one refused once."""
        self.play("/404?body=no_service")
        self.kind = self.kind.renewed()
        store(self.kind.secret(self.slack.url("")))
        if self.kind.path not in {request.path for request in self.slack.requests}:
            self.play()

    def send(self, *bodies: object, seconds: float = 25.0) -> list[str]:
        """Send these bodies through the handler as one batch of a lane; return the ids of those that stay."""
        event = lane_event(*(bodies or (ALARM,)))
        app.wire()  # a cold start is not part of the delivery
        self.stack.passed += HOUR
        began = time.monotonic()
        response = self.stack.handle(event, seconds=seconds)
        self.took = time.monotonic() - began
        self.answers.append(response)
        return [item["itemIdentifier"] for item in response["batchItemFailures"]]

    @property
    def posts(self) -> int:
        return len(self.slack.requests)

    @property
    def connections(self) -> int:
        return len(self.slack.connections)

    @property
    def hidden(self) -> dict[str, int]:
        """Seconds that each receipt handle is hidden for."""
        return self.stack.hidden.seconds

    def parked(self) -> list[dict[str, Any]]:
        return self.stack.parked()

    def reasons(self) -> list[tuple[str, str]]:
        """(reason, detail) of each parked record."""
        written = [json.loads(one["MessageAttributes"]["holdfast"]["StringValue"]) for one in self.parked()]
        return [(facts["reason"], facts["detail"]) for facts in written]


@dataclass
class Roads:
    """Opens roads; what was said on each is searched for the secret when the test is over."""

    monkeypatch: pytest.MonkeyPatch
    kind: Kind
    overheard: Overheard
    closing: ExitStack
    opened: list[Road] = field(default_factory=list)

    def open(
        self, tls: Certificate | None = None, *, on_connect: OnConnect = "serve", base: str = "", stored: bool = True
    ) -> Road:
        """`base` leads elsewhere than to the fault server; `stored` tells whether the secret is there already."""
        slack = self.closing.enter_context(FaultServer(tls=tls, on_connect=on_connect))
        base = base or slack.url("")
        secret = self.kind.secret(base) if stored else None
        stack = self.closing.enter_context(deployed(self.monkeypatch, secret, api_url=f"{base}/api"))
        stack.ca_file = slack.ca_file if tls else None
        stack.overheard = self.overheard
        road = Road(slack, stack, self.kind)
        road.play()
        self.opened.append(road)
        return road

    def everything(self) -> list[str]:
        """All that the roads leave behind."""
        return [text for road in self.opened for text in (str(road.answers), *road.stack.with_facts())]


@pytest.fixture(params=[*KINDS.values()], ids=[*KINDS])
def kind(request: pytest.FixtureRequest) -> Kind:
    """Each row is run with a webhook and with a bot's token."""
    found: Kind = request.param
    return found


@pytest.fixture
def roads(
    kind: Kind, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Iterator[Roads]:
    """The canary sweep: each row, with every logger at its most talkative."""
    caplog.set_level(logging.DEBUG)
    with ExitStack() as closing, all_ears() as overheard:
        roads = Roads(monkeypatch, kind, overheard, closing)
        yield roads
        sweep(roads, *capfd.readouterr())


def sweep(roads: Roads, *printed: str) -> None:
    """Nothing that was logged, raised, printed, returned, parked or told shows the secret."""
    overheard = roads.overheard
    for said in (*overheard.lines, *overheard.errors, overheard.written.getvalue(), *printed, *roads.everything()):
        assert CANARY not in said


@pytest.fixture
def road(roads: Roads) -> Road:
    """As Slack is reached: over TLS."""
    return roads.open("good")


def threads() -> set[str]:
    """Those of this process but the fault server's, one a connection."""
    return {one.name for one in threading.enumerate() if "(serve)" not in one.name}


@pytest.fixture
def plain_road(roads: Roads) -> Road:
    """For what TLS has no part in."""
    return roads.open()
