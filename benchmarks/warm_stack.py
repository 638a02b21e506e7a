"""The functions' own steps, warm, with SQS in memory, claims in memory or on the local AWS, and Slack on loopback."""

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from demo.clients import Clients, local_environment
from demo.ministack import ministack
from intake import app as intake
from record_batch.batch import run_batch
from record_batch.lanes import run_lanes
from shared_state.memory_rows import MemoryRows
from shared_state.rows_with_fallback import RowsWithFallback
from slack_alerts import app as slack_alerts
from slack_alerts.slack.http import SlackHttp
from tests.support.handlers.lambda_context import FixedContext
from tests.support.handlers.slack_alerts import PATH
from tests.support.samples.events import alarm_message, lane_record, sns_body, sqs_record
from tests.support.stack.deliveries import create_table
from tests.support.stack.environment import environment

BATCH = 10
DEFAULT = "default"
DESTINATIONS = (DEFAULT, *(f"team-{number}" for number in range(1, BATCH)))
NUMBERS = count(1)
CONTEXT = FixedContext(120.0)


@dataclass
class MemorySqs:
    """An SQS client that keeps the messages of batches and says that all else is done."""

    sent: list[Mapping[str, Any]] = field(default_factory=list)

    def send_message_batch(self, *, Entries: Sequence[Mapping[str, Any]], **_: object) -> object:
        self.sent += Entries
        return {"Successful": [{"Id": one["Id"]} for one in Entries]}

    def change_message_visibility_batch(self, *, Entries: Sequence[Mapping[str, Any]], **_: object) -> object:
        return {"Successful": [{"Id": one["Id"]} for one in Entries]}

    def delete_message_batch(self, *, Entries: Sequence[Mapping[str, Any]], **_: object) -> object:
        return {"Successful": [{"Id": one["Id"]} for one in Entries]}


@dataclass(frozen=True, kw_only=True)
class WarmStack:
    """Handlers that post to one webhook without pauses between the posts of a lane."""

    has_table: bool = False
    """Whether claims are in the table of the local AWS."""
    digest_from: int = 0
    ca_file: Path | None = None
    sqs: MemorySqs = field(default_factory=MemorySqs)

    @cached_property
    def sender(self) -> slack_alerts.Steps:
        """Return the steps of slack_alerts."""
        steps = slack_alerts.wire()
        delivery, resources = steps.delivery, steps.resources
        if not self.has_table:
            rows = RowsWithFallback(MemoryRows())
            claims, lanes = replace(delivery.claims, rows=rows), replace(delivery.lanes, rows=rows)
            delivery = replace(delivery, claims=claims, lanes=lanes)
        post = SlackHttp(ca_file=str(self.ca_file) if self.ca_file else None).post
        delivery = replace(delivery, post=post, digest_from=self.digest_from, post_interval=0.0)
        return replace(
            steps, delivery=delivery, resources=replace(resources, lanes=replace(resources.lanes, sqs=self.sqs))
        )

    @cached_property
    def router(self) -> intake.Steps:
        """Return the steps of intake."""
        steps = intake.wire()
        return replace(steps, lanes=replace(steps.lanes, sqs=self.sqs))

    def deliver(self, event: object) -> None:
        response = run_lanes(event, CONTEXT, partial(slack_alerts.alert, self.sender), self.sender.resources)
        _check(response)

    def route(self, event: object) -> list[dict[str, Any]]:
        """Send the records to their lanes; return these."""
        self.sqs.sent.clear()
        response = run_batch(event, CONTEXT, partial(intake.send_to_lanes, self.router), self.router.resources)
        _check(response)
        return [_lane_record(one, number) for number, one in enumerate(self.sqs.sent, 1)]


def alerts(destinations: Sequence[str] = (DEFAULT,)) -> dict[str, Any]:
    """Return a batch of ten new alarms for slack_alerts, for these destinations in turn."""
    records = [
        lane_record(_body(), next(NUMBERS), destinations[number % len(destinations)], renewed_at=time.time())
        for number in range(BATCH)
    ]
    return {"Records": records}


def published() -> dict[str, Any]:
    """Return a batch of ten new alarms for intake."""
    return {"Records": [sqs_record(_body(), next(NUMBERS)) for _ in range(BATCH)]}


@contextmanager
def warm_environment(webhook: str) -> Iterator[None]:
    """Run the local AWS with a table and the secrets of the destinations, and set the variables of both functions."""
    with ExitStack() as stack:
        endpoint = stack.enter_context(ministack(Path(stack.enter_context(TemporaryDirectory()))))
        clients = Clients(endpoint)
        create_table(clients.client("dynamodb"))
        for destination in DESTINATIONS:
            name = f"{PATH}/{destination}"
            clients.client("ssm").put_parameter(Name=name, Value=webhook, Type="SecureString")
        variables = {
            **local_environment({}, endpoint),
            **environment("Intake"),
            **environment("SlackAlerts"),
            "ALLOWED_HOSTS": "localhost",
            "PACE": "quick",
            "RESERVE_SECONDS": "15",  # 3 s for an answer of the local AWS, which may be slow at first
            "POWERTOOLS_SERVICE_NAME": "bench",
        }
        stack.enter_context(patch.dict(os.environ, variables))
        for wire in (intake.wire, slack_alerts.wire):
            wire.cache_clear()
            stack.callback(wire.cache_clear)
        yield


def _body() -> str:
    name = f"alarm-{next(NUMBERS)}"
    return sns_body(alarm_message(AlarmName=name), message_id=f"sns-{name}")


def _lane_record(entry: Mapping[str, Any], number: int) -> dict[str, Any]:
    facts = json.loads(entry["MessageAttributes"]["holdfast"]["StringValue"])
    return lane_record(entry["MessageBody"], number, entry["MessageGroupId"], **facts | {"renewed_at": time.time()})


def _check(response: Mapping[str, Any]) -> None:
    if response["batchItemFailures"]:
        raise RuntimeError(f"not delivered: {response}")
