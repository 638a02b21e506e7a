"""The function notices among queues, a table and a topic of moto's."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import boto3
import pytest

from notices import app
from record_batch.overflow import Overflow
from retry_policies.testing import FakeTime, longest
from tests.support.handlers.aws_in_process import DOUBLES, Queues, aws_in_process, wired
from tests.support.handlers.failing_client import FailingClient
from tests.support.stack.deliveries import create_table
from tests.support.stack.environment import environment
from tests.support.steps.rewired import rewired

QUEUES = ("parking", "dead", "lanes-dead.fifo", "actions-dead")
"""In the order of a notice."""


@dataclass
class NoticesStack:
    """One warm execution environment and the services around it."""

    queues: Queues = field(default_factory=lambda: Queues(QUEUES))
    lanes: Queues = field(default_factory=lambda: Queues(("lanes.fifo",)))
    sqs: FailingClient = field(default_factory=lambda: FailingClient(boto3.client("sqs")))
    dynamodb: FailingClient = field(default_factory=lambda: FailingClient(boto3.client("dynamodb")))
    sns: FailingClient = field(default_factory=lambda: FailingClient(boto3.client("sns")))
    time: FakeTime = field(default_factory=lambda: FakeTime(now=4_000_000_000.0))
    """Later than moto's real clock: each message was sent before the last reading, like most dead letters."""
    steps: app.Steps = field(init=False)

    def __post_init__(self) -> None:
        DOUBLES.update(sqs=self.sqs, dynamodb=self.dynamodb, sns=self.sns)
        self.cold_start()

    def cold_start(self) -> None:
        """Replace the steps and the cursors that the process keeps."""
        app.wire.cache_clear()
        time_ = self.time
        clocks = (time.time, time_.clock), (time.monotonic, time_.clock), (time.sleep, time_.sleep)
        self.steps = rewired(app.wire(), *clocks, (random.uniform, longest))

    @property
    def overflow(self) -> Overflow:
        return self.steps.queues[0].overflow

    def run(self, seconds: float = 55.0) -> str:
        """Run five minutes after the last run; return the text of the notice, "" if there is none."""
        self.time.now += 300
        before = self.sns.calls["publish"]
        app.report(self.steps, self.time.deadline(seconds))
        return str(self.sns.requests[-1]["Message"]) if self.sns.calls["publish"] > before else ""


@contextmanager
def notices_stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[NoticesStack]:
    with aws_in_process():
        create_table(boto3.client("dynamodb"))
        boto3.client("sns").create_topic(Name="ops")
        with wired(monkeypatch, app.wire, environment("Notices")):
            yield NoticesStack()
