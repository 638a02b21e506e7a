"""SNS or SQS event -> Slack: parse -> route -> format -> deliver -> batch response."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial

import boto3

from aws_events.envelope import Record
from record_batch.batch import BatchResponse, run_batch
from record_batch.handoff import Handoff
from record_batch.outcome import Outcome
from record_batch.telemetry import observed
from retry_policies.aws import aws_config
from retry_policies.deadline import Deadline, LambdaContext
from retry_policies.presets import AWS_READ, SLACK_WEBHOOK
from slack_alerts.credentials import Credentials
from slack_alerts.delivery import Delivery, classify
from slack_alerts.formatting import format_message
from slack_alerts.models import Alert
from slack_alerts.parsing import parse
from slack_alerts.routing import Routes
from slack_alerts.settings import Settings
from slack_alerts.slack_http import post


@dataclass(frozen=True, slots=True)
class Steps:
    """The parts that know the outside world."""

    routes: Routes
    delivery: Delivery
    handoff: Handoff
    reserve: float


def handler(event: object, context: LambdaContext) -> BatchResponse:
    steps = wire()
    return run_batch(event, context, partial(alert, steps), handoff=steps.handoff, reserve=steps.reserve)


def alert(steps: Steps, records: Iterable[Record], deadline: Deadline) -> Iterator[tuple[Record, Outcome]]:
    for destination, notifications in steps.routes.route(map(parse, records)):
        alerts = (Alert(notification.record, format_message(notification)) for notification in notifications)
        yield from steps.delivery.deliver(destination, alerts, deadline)


@cache
def wire() -> Steps:
    """Built at the first event, kept for the life of the execution environment."""
    settings = Settings.from_env(os.environ)
    webhook = SLACK_WEBHOOK.with_(classifier=classify)
    within_reserve = aws_config(connect_timeout=settings.reserve * 0.2, read_timeout=settings.reserve * 0.2)
    ssm = boto3.client("ssm", config=within_reserve)
    credentials = Credentials(ssm, settings.destinations_path, observed(AWS_READ))
    return Steps(
        routes=Routes(settings.default_destination),
        delivery=Delivery(credentials.webhook, post, observed(webhook)),
        handoff=Handoff(
            queue=boto3.client("sqs", config=within_reserve),
            queue_url=settings.queue_url,
            first_delay=settings.first_delay,
            delay_cap=settings.delay_cap,
            time_for_call=settings.reserve * 0.5,  # both timeouts of within_reserve, and time to answer
        ),
        reserve=settings.reserve,
    )
