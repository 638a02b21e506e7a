"""`python -m tests.support.mortal < order`: one invocation of the real handler, which SIGKILL ends where it is told.

What the steps hold is wrapped here, in the process that dies: the code under test knows nothing of it.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import boto3
from botocore.config import Config

from aws_events.envelope import Record
from record_batch.batch import BatchResponse, run_batch
from record_batch.deliveries_table import TABLE_POLICY, DeliveriesTable
from record_batch.outcome import Outcome
from record_batch.rows import Row, Rows
from record_batch.rows_with_fallback import RowsWithFallback
from retry_policies.deadline import Deadline
from slack_alerts import app
from slack_alerts.models import Credentials, SlackMessage
from tests.support.lambda_context import FixedContext


@dataclass(frozen=True)
class Death:
    """Where the process dies: at the nth time it comes to that step with that text in hand."""

    step: str
    """before or after: claimed, posted, parked, open (a row of that state), post, parking; or record (read), or end."""
    text: str = ""
    nth: int = 1


@dataclass
class Fate:
    """What this process has been told."""

    death: Death | None
    met: int = 0

    def at(self, step: str, text: str = "") -> None:
        """Die, if this is where."""
        if self.death is None or self.death.step != step or self.death.text not in text:
            return
        self.met += 1
        if self.met == self.death.nth:
            os.kill(os.getpid(), signal.SIGKILL)

    def read(self, record: Record) -> Record:
        """The record, by whoever survives the sight of it."""
        self.at("record", record.body)
        return record

    def around(self, step: str, text: str, act: Callable[[], None]) -> None:
        """Do it, with a step before and one after."""
        self.at(f"before {step}", text)
        act()
        self.at(f"after {step}", text)


@dataclass
class MortalRows:
    rows: Rows
    fate: Fate

    def read(self, key: str) -> Row | None:
        return self.rows.read(key)

    def swap(self, key: str, old: Row | None, new: Row) -> None:
        self.fate.around(new.state.value, key, lambda: self.rows.swap(key, old, new))

    def remove(self, key: str, old: Row) -> None:
        self.rows.remove(key, old)


@dataclass
class MortalQueue:
    """The SQS client, as far as it is called."""

    queue: Any
    fate: Fate

    def send_message(self, **request: Any) -> None:  # noqa: ANN401 - boto3's own
        self.fate.around("parking", request["MessageBody"], lambda: self.queue.send_message(**request))

    def delete_message(self, **request: Any) -> None:  # noqa: ANN401 - boto3's own
        self.queue.delete_message(**request)

    def change_message_visibility(self, **request: Any) -> None:  # noqa: ANN401 - boto3's own
        self.queue.change_message_visibility(**request)


def mortal(steps: app.Steps, fate: Fate, later: float) -> app.Steps:
    """The steps as app.wire() built them, mortal, and with the wall's clock moved on."""
    delivery, exits = steps.delivery, steps.exits
    rows, post = MortalRows(patient_rows(), fate), delivery.post

    def mortal_post(credentials: Credentials, message: SlackMessage, timeout: float) -> None:
        fate.around("post", message.text, lambda: post(credentials, message, timeout))

    def clock() -> float:
        return time.time() + later

    delivery = replace(
        delivery,
        post=mortal_post,
        policy=delivery.policy.with_(sleep=lambda _: None),
        claims=replace(delivery.claims, rows=rows, clock=clock),
        circuits=replace(delivery.circuits, rows=rows, clock=clock),
    )
    queue = MortalQueue(exits.parking.queue, fate)
    exits = replace(exits, handoff=replace(exits.handoff, queue=queue), parking=replace(exits.parking, queue=queue))
    return replace(steps, delivery=delivery, exits=exits)


def patient_rows() -> Rows:
    """The table, asked with more patience than an alert has: a busy machine must not look like a table that is down."""
    make: Any = boto3.client
    client = make("dynamodb", config=Config(connect_timeout=20, read_timeout=20))
    policy = TABLE_POLICY.with_(timeout=60.0)
    return RowsWithFallback(DeliveriesTable(client, os.environ["DELIVERIES_TABLE"], policy))


def main() -> None:
    """Read {"event", "death", "later"}; print the batch response as the last line."""
    order = json.load(sys.stdin)
    fate = Fate(Death(**order["death"]) if order["death"] else None)
    steps = mortal(app.wire(), fate, order["later"])
    visit = steps.delivery.visit()

    def step(records: Iterable[Record], deadline: Deadline) -> Iterator[tuple[Record, Outcome]]:
        return app.alert(steps, visit, map(fate.read, records), deadline)

    response: BatchResponse = run_batch(order["event"], FixedContext(120.0), step, steps.exits)
    fate.at("end")
    sys.stdout.write(json.dumps(response))


def order(event: object, death: Death | None, later: float) -> str:
    """What main() reads."""
    return json.dumps({"event": event, "death": death and asdict(death), "later": later})


if __name__ == "__main__":
    main()
