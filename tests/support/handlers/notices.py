"""The function notices among queues, a table and a topic of moto's."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import boto3
import pytest

from notices import app
from notices.cursor_table import CursorTable
from notices.watched_queue import WatchedQueue
from record_batch.overflow import Overflow
from retry_policies.testing import FakeTime
from shared_state.deliveries_table import TABLE_POLICY, DeliveriesTable
from shared_state.rows_with_fallback import RowsWithFallback
from tests.support.handlers.aws_in_process import Queues, aws_in_process, wired
from tests.support.handlers.failing_client import FailingClient
from tests.support.steps import tables

VARIABLES = {
    "parking": "PARKING_QUEUE_URL",
    "dead": "DEAD_LETTER_QUEUE_URL",
    "lanes-dead.fifo": "LANES_DEAD_LETTER_QUEUE_URL",
    "actions-dead": "ACTIONS_DEAD_LETTER_QUEUE_URL",
}
SETTINGS = {"DELIVERIES_TABLE": tables.NAME, "RESERVE_SECONDS": "5"}


@dataclass
class NoticesStack:
    """One warm execution environment and the services around it."""

    queues: Queues
    sqs: FailingClient
    dynamodb: FailingClient
    sns: FailingClient
    time: FakeTime = field(default_factory=lambda: FakeTime(now=4_000_000_000.0))
    """Later than moto's real clock: each message was sent before the last reading, like most dead letters."""
    steps: app.Steps = field(init=False)

    def __post_init__(self) -> None:
        self.cold_start()

    def cold_start(self) -> None:
        """Replace the steps and the cursors that the process keeps."""
        app.wire.cache_clear()
        steps, clock = app.wire(), self.time.clock
        table = replace(steps.cursors.table, client=self.dynamodb, clock=clock, **self._on_clock(steps.cursors.table))
        self.steps = replace(
            steps,
            queues=tuple(
                replace(one, sqs=self.sqs, overflow=self.overflow, **self._on_clock(one)) for one in steps.queues
            ),
            cursors=replace(steps.cursors, table=table),
            operations=replace(
                steps.operations, topic=self.sns, writes=self.time.policy(steps.operations.writes), clock=clock
            ),
            clock=clock,
        )

    @property
    def overflow(self) -> Overflow:
        policy = self.time.policy(TABLE_POLICY)
        return Overflow(RowsWithFallback(DeliveriesTable(self.dynamodb, tables.NAME, policy), clock=self.time.clock))

    def _on_clock(self, one: WatchedQueue | CursorTable) -> dict[str, Any]:
        return {"reads": self.time.policy(one.reads), "writes": self.time.policy(one.writes)}

    def run(self, seconds: float = 55.0) -> str:
        """Run five minutes after the last run; return the text of the notice, "" if there is none."""
        self.time.now += 300
        before = self.sns.calls["publish"]
        app.report(self.steps, self.time.deadline(seconds))
        return str(self.sns.requests[-1]["Message"]) if self.sns.calls["publish"] > before else ""


@contextmanager
def notices_stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[NoticesStack]:
    with aws_in_process():
        queues = Queues(VARIABLES)
        tables.create(boto3.client("dynamodb"))
        sns = boto3.client("sns")
        topic = {"OPS_TOPIC_ARN": sns.create_topic(Name="ops")["TopicArn"]}
        with wired(monkeypatch, app.wire, queues.variables(VARIABLES) | SETTINGS | topic):
            yield NoticesStack(
                queues, FailingClient(boto3.client("sqs")), FailingClient(boto3.client("dynamodb")), FailingClient(sns)
            )
