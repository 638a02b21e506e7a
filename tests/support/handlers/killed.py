"""`python -m tests.support.handlers.killed < order`: one invocation of the handler, ended by SIGKILL at a given call.

This process wraps the objects of the steps; the code under test does not change.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import boto3
from botocore.config import Config

from aws_events.record import Record
from record_batch.lane_step import Outcomes
from record_batch.lanes import run_lanes
from retry_policies.deadline import Deadline
from shared_state.deliveries_table import TABLE_POLICY, DeliveriesTable
from shared_state.rows import Row
from shared_state.rows_with_fallback import RowsWithFallback
from slack_alerts import app
from slack_alerts.models import Credentials, SlackMessage
from tests.support.handlers.lambda_context import FixedContext
from tests.support.steps.rewired import rewired


@dataclass(frozen=True)
class KillPoint:
    """The nth time that the process reaches this step with this text."""

    step: str
    """before/after claimed, posted, parked, free (a row of that state), post, parking, sending; or record, or end."""
    text: str = ""
    nth: int = 1


@dataclass
class Killer:
    """Kills this process at its point."""

    point: KillPoint | None
    reached: int = 0

    def at(self, step: str, text: str = "") -> None:
        if self.point is None or self.point.step != step or self.point.text not in text:
            return
        self.reached += 1
        if self.reached == self.point.nth:
            os.kill(os.getpid(), signal.SIGKILL)

    def around[T](self, step: str, text: str, call: Callable[[], T]) -> T:
        self.at(f"before {step}", text)
        result = call()
        self.at(f"after {step}", text)
        return result


@dataclass
class KilledRows(RowsWithFallback):
    """Rows that may kill the process before or after a write."""

    killer: Killer | None = None

    def swap(self, key: str, old: Row | None, new: Row) -> None:
        assert self.killer is not None
        self.killer.around(new.state.value, key, lambda: super(KilledRows, self).swap(key, old, new))


@dataclass
class KilledSqs:
    """An SQS client that may kill the process before or after it sends a message."""

    sqs: Any
    killer: Killer

    def send_message(self, **request: Any) -> Any:  # noqa: ANN401 - boto3's own
        return self.killer.around("parking", request["MessageBody"], lambda: self.sqs.send_message(**request))

    def send_message_batch(self, **request: Any) -> Any:  # noqa: ANN401 - boto3's own
        return self.killer.around("sending", "", lambda: self.sqs.send_message_batch(**request))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - boto3's own
        return getattr(self.sqs, name)


def with_killer(steps: app.Steps, killer: Killer, later: float) -> app.Steps:
    """Return the steps of app.wire() with the killer, and a wall clock that is ahead by `later` seconds."""
    post, sqs = steps.delivery.post, steps.resources.parking.queue
    rows = KilledRows(_table(), killer=killer)

    def killed_post(credentials: Credentials, message: SlackMessage, timeout: float) -> None:
        killer.around("post", message.text, lambda: post(credentials, message, timeout))

    steps = replace(steps, delivery=replace(steps.delivery, post=killed_post))
    clocks = (time.time, lambda: time.time() + later), (time.sleep, lambda _: None)
    return rewired(steps, *clocks, (sqs, KilledSqs(sqs, killer)), kinds={RowsWithFallback: rows})


def _table() -> DeliveriesTable:
    """Return the table with long timeouts: a busy machine must not look like a table that is down."""
    make: Any = boto3.client
    client = make("dynamodb", config=Config(connect_timeout=20, read_timeout=20))
    return DeliveriesTable(client, os.environ["DELIVERIES_TABLE"], TABLE_POLICY.with_(timeout=60.0))


def order(event: object, point: KillPoint | None, later: float) -> str:
    """Return the input of main()."""
    return json.dumps({"event": event, "point": point and asdict(point), "later": later})


def main() -> None:
    """Read an order; print the batch response as the last line."""
    given = json.load(sys.stdin)
    killer = Killer(KillPoint(**given["point"]) if given["point"] else None)
    steps = with_killer(app.wire(), killer, given["later"])

    def step(lane: str, records: Sequence[Record], deadline: Deadline) -> Outcomes[None]:
        for record in records:
            killer.at("record", record.body)
        return app.alert(steps, lane, records, deadline)

    response = run_lanes(given["event"], FixedContext(120.0), step, steps.resources)
    killer.at("end")
    sys.stdout.write(json.dumps(response))


if __name__ == "__main__":
    main()
