"""SNS or SQS event -> Slack: admit -> parse -> route -> format -> deliver -> batch response."""

import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import boto3

from aws_events.envelope import Record
from record_batch.admission import Admission
from record_batch.batch import BatchResponse, Exits, run_batch
from record_batch.handoff import Handoff
from record_batch.ops import OpsTopic
from record_batch.outcome import Outcome
from record_batch.parking import Parking
from record_batch.redaction import install
from record_batch.telemetry import count, logger, observed
from retry_policies.aws import aws_config
from retry_policies.deadline import Deadline, LambdaContext
from retry_policies.presets import AWS_READ, AWS_WRITE, SLACK_WEBHOOK
from slack_alerts.credentials import Keyring
from slack_alerts.delivery import Delivery, classify
from slack_alerts.formatting import format_line, format_message, format_plain
from slack_alerts.models import Alert
from slack_alerts.parsing import parse
from slack_alerts.routing import Router
from slack_alerts.settings import Settings
from slack_alerts.slack_http import SlackHttp
from slack_alerts.stores import STORES, ParameterStore


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps that know the outside world."""

    admission: Admission
    router: Router
    delivery: Delivery
    exits: Exits


def handler(event: object, context: LambdaContext) -> BatchResponse:
    steps = wire()
    return run_batch(event, context, partial(alert, steps), steps.exits)


def alert(steps: Steps, records: Iterable[Record], deadline: Deadline) -> Iterator[tuple[Record, Outcome]]:
    admitted, others = steps.admission.admit(records)
    yield from others
    visit = steps.delivery.visit(deadline)
    for destination, together in steps.router.route(map(parse, admitted), deadline):
        alerts = (
            Alert(one.notification.record, format_message(one), format_plain(one), format_line(one)) for one in together
        )
        yield from visit.deliver(destination, alerts)


@cache
def wire() -> Steps:
    """Built at the first event, kept for the life of the execution environment."""
    install(logger, logging.getLogger("retry_policies"))
    settings = Settings.from_env(os.environ)
    clients = Clients(settings.reserve)
    return Steps(
        admission=Admission(settings.alerts_queue_arn, settings.allowed_topic_arns),
        router=_router(settings, clients),
        delivery=_delivery(settings, clients),
        exits=_exits(settings, clients),
    )


@dataclass(frozen=True, slots=True)
class Clients:
    """boto3 clients whose every call ends within the reserve, though it began when only that was left."""

    reserve: float

    def make(self, service: str) -> Any:  # noqa: ANN401 - each service has its own type
        """Two timeouts of a fifth each: half the reserve is enough for a call."""
        fifth = self.reserve * 0.2
        make: Any = boto3.client
        return make(service, config=aws_config(connect_timeout=fifth, read_timeout=fifth))


def _router(settings: Settings, clients: Clients) -> Router:
    return Router(
        default_destination=settings.default_destination,
        store=ParameterStore(clients.make("ssm")),
        parameter=settings.routes_parameter,
        policy=observed(AWS_READ),
        on_trouble=lambda trouble: count("RoutesNotUsed", trouble=trouble.value),
    )


def _delivery(settings: Settings, clients: Clients) -> Delivery:
    keyring = Keyring(
        store=STORES[settings.secret_store](clients.make(settings.secret_store)),
        path=settings.destinations_path,
        egress=settings.egress,
        policy=observed(AWS_READ),
    )
    return Delivery(
        keyring=keyring,
        post=SlackHttp(settings.slack_api_url).post,
        policy=observed(SLACK_WEBHOOK.with_(classifier=classify)),
        default=settings.default_destination,
        tell_ops=OpsTopic(clients.make("sns"), settings.ops_topic_arn, observed(AWS_WRITE)).tell,
    )


def _exits(settings: Settings, clients: Clients) -> Exits:
    sqs = clients.make("sqs")
    handoff = Handoff(
        queue=sqs,
        queue_url=settings.alerts_queue_url,
        first_delay=settings.first_delay,
        delay_cap=settings.delay_cap,
        time_for_call=settings.reserve * 0.5,
    )
    return Exits(handoff, Parking(sqs, settings.parking_queue_url), settings.reserve)
