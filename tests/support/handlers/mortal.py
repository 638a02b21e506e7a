"""`python -m tests.support.handlers.mortal < order`: one invocation of the handler, ended by SIGKILL at a given call.

The objects of the steps are wrapped here, in the process that dies: the code under test does not change.
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

from aws_events.envelope import Record
from record_batch.lane_batch import LaneSteps
from record_batch.lanes import run_lanes
from retry_policies.deadline import Deadline
from shared_state.deliveries_table import TABLE_POLICY, DeliveriesTable
from shared_state.rows import Row, SharedRows
from shared_state.rows_with_fallback import RowsWithFallback
from slack_alerts import app
from slack_alerts.models import Credentials, SlackMessage
from tests.support.handlers.lambda_context import FixedContext


@dataclass(frozen=True)
class Death:
    """Where the process dies: at the nth time it comes to that step with that text in hand."""

    step: str
    """before/after claimed, posted, parked, free (a row of that state), post, parking, sending, or record, or end."""
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
    rows: SharedRows
    fate: Fate

    @property
    def is_down(self) -> bool:
        return self.rows.is_down

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

    def send_message_batch(self, **request: Any) -> Any:  # noqa: ANN401 - boto3's own
        self.fate.at("before sending")
        answer = self.queue.send_message_batch(**request)
        self.fate.at("after sending")
        return answer

    def delete_message_batch(self, **request: Any) -> Any:  # noqa: ANN401 - boto3's own
        return self.queue.delete_message_batch(**request)

    def change_message_visibility_batch(self, **request: Any) -> Any:  # noqa: ANN401 - boto3's own
        return self.queue.change_message_visibility_batch(**request)


def mortal(steps: app.Steps, fate: Fate, later: float) -> app.Steps:
    """The steps as app.wire() built them, mortal, and with the wall's clock moved on."""
    delivery, resources = steps.delivery, steps.resources
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
        lanes=replace(delivery.lanes, rows=rows, clock=clock),
        clock=clock,
        sleep=lambda _: None,
    )
    queue = MortalQueue(resources.parking.queue, fate)
    resources = replace(
        resources, lanes=replace(resources.lanes, sqs=queue), parking=replace(resources.parking, queue=queue)
    )
    return replace(steps, delivery=delivery, resources=resources)


def patient_rows() -> SharedRows:
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

    def step(lane: str, records: Sequence[Record], deadline: Deadline) -> LaneSteps:
        return app.alert(steps, lane, [fate.read(one) for one in records], deadline)

    response = run_lanes(order["event"], FixedContext(120.0), step, steps.resources)
    fate.at("end")
    sys.stdout.write(json.dumps(response))


def order(event: object, death: Death | None, later: float) -> str:
    """What main() reads."""
    return json.dumps({"event": event, "death": death and asdict(death), "later": later})


if __name__ == "__main__":
    main()
