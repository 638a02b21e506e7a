"""The function redrive among moto's queues and table."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import boto3
import pytest

from redrive import app
from redrive.report import End
from redrive.request import Request
from retry_policies import Deadline
from shared_state.deliveries_table import TABLE_POLICY, DeliveriesTable
from shared_state.last_success import LastSuccess
from tests.support.handlers.aws_in_process import DOUBLES, Queues, aws_in_process, wired
from tests.support.handlers.failing_client import FailingClient
from tests.support.samples.events import sns_body
from tests.support.stack.deliveries import create_table
from tests.support.stack.environment import environment
from tests.support.steps import tables
from tests.support.steps.rewired import rewired

QUEUES = ("alerts", "lanes.fifo", "dead", "lanes-dead.fifo", "parking")
FOR_REAL: dict[str, Any] = {"dry_run": False}
BY_HAND: dict[str, Any] = {"queue": "parking", "dry_run": False}

type Report = dict[str, str | int | bool]


class RedriveStack(Queues):
    """The queues, the table and the clocks around the function."""

    def __init__(self) -> None:
        super().__init__(QUEUES)
        create_table(boto3.client("dynamodb"))
        self.sqs = DOUBLES["sqs"] = FailingClient(self.client)
        self.rows = DeliveriesTable(boto3.client("dynamodb"), tables.NAME, TABLE_POLICY)
        self.slept: list[float] = []
        self.on_pause: Callable[[], object] = lambda: None
        """Called once, during the first pause."""
        self.ahead = 0.0
        """Seconds that the wall clock is ahead of moto's."""

    def redrive(self, *, seconds: float = 55.0, **event: object) -> Report:
        """Redrive as the handler does; return the report. Only pauses take time, and they are not slept."""
        deadline = Deadline.after(seconds, clock=lambda: sum(self.slept))
        clocks = (time.time, self.clock), (time.sleep, self._sleep)
        own = rewired(app.wire(), *clocks)
        steps = replace(own, new_movers=lambda source: rewired(own.new_movers(source), *clocks))
        return app.redrive(steps, Request.from_event(event), deadline)

    def put_lane(self, lane: str, *numbers: int) -> list[str]:
        """Put dead letters of a lane with the facts of intake; return their ids."""
        facts = {"hop": 2, "mention": "<!here>", "as_text": False, "note": ""}
        ids: list[str] = []
        for one in numbers:
            own = {"alert_id": f"first-{one}", "identity": f"sns-{one}"}
            ids += self.put("lanes-dead.fifo", alert(one), lane=lane, **own, **facts)
        return ids

    def intake_succeeds(self) -> None:
        """Let intake finish a record now."""
        LastSuccess(self.rows, "intake", self.clock).record()

    def clock(self) -> float:
        return time.time() + self.ahead

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        do, self.on_pause = self.on_pause, lambda: None
        do()


@contextmanager
def redrive_stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[RedriveStack]:
    with aws_in_process():
        stack = RedriveStack()
        with wired(monkeypatch, app.wire, environment("Redrive")):
            yield stack


def alert(number: int) -> str:
    """Return an SNS envelope of its own."""
    return sns_body(f"alert {number}", message_id=f"sns-{number}")


def alerts(*numbers: int) -> list[str]:
    return [alert(number) for number in numbers]


def ends(report: Report) -> dict[str, int]:
    """Return the ends that happened, with their counts."""
    return {end.value: int(report[end.value]) for end in End if report[end.value]}
