"""SNS or SQS event -> Slack: admit -> parse -> route -> format -> deliver -> batch response."""

import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial

from aws_events.envelope import Record
from record_batch.admission import Admission
from record_batch.batch import BatchResponse, Exits, run_batch
from record_batch.carried import carried
from record_batch.circuit import Circuits
from record_batch.claims import Claims
from record_batch.clients import client
from record_batch.deliveries_table import TABLE_POLICY, TABLE_TIMEOUT, DeliveriesTable
from record_batch.handoff import Handoff
from record_batch.metrics import report_pause
from record_batch.ops import OpsTopic
from record_batch.outcome import Outcome
from record_batch.parking import Parking
from record_batch.redaction import install
from record_batch.rows_with_fallback import RowsWithFallback
from record_batch.stores import STORES, ParameterStore
from record_batch.telemetry import count, logger, observed
from retry_policies.deadline import Deadline, LambdaContext
from retry_policies.presets import AWS_READ, AWS_WRITE, SLACK_WEBHOOK
from slack_alerts.credentials import Keyring
from slack_alerts.delivery import Delivery, Visit
from slack_alerts.formatting import format_line, format_message, format_plain
from slack_alerts.models import Alert, Routed
from slack_alerts.parsing import parse
from slack_alerts.posting import classify
from slack_alerts.routing import Router
from slack_alerts.self_tests import SelfTests
from slack_alerts.settings import Settings
from slack_alerts.slack_http import SlackHttp


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps that know the outside world."""

    admission: Admission
    router: Router
    self_tests: SelfTests
    delivery: Delivery
    exits: Exits


def handler(event: object, context: LambdaContext) -> BatchResponse:
    steps = wire()
    return run_batch(event, context, partial(alert, steps, steps.delivery.visit()), steps.exits)


def alert(
    steps: Steps, visit: Visit, records: Iterable[Record], deadline: Deadline
) -> Iterator[tuple[Record, Outcome]]:
    admitted, others = steps.admission.admit(records)
    yield from others
    for destination, together in steps.router.route(map(parse, admitted), deadline):
        yield from visit.deliver(destination, (as_alert(one, steps.self_tests) for one in together), deadline)


def as_alert(routed: Routed, self_tests: SelfTests) -> Alert:
    """Say it for Slack, both ways, and in one line for operations."""
    record = routed.notification.record
    return Alert(
        record=record,
        message=format_message(routed),
        plain=format_plain(routed),
        line=format_line(routed),
        identity=routed.notification.identity,
        hop=carried(record).hop,
        occurred_at=routed.notification.occurred_at,
        self_test=self_tests.recognise(routed.notification),
    )


@cache
def wire() -> Steps:
    """Built at the first event, kept for the life of the execution environment."""
    install(logger, logging.getLogger("retry_policies"))
    settings = Settings.from_env(os.environ)
    return Steps(
        admission=Admission(settings.alerts_queue_arn, settings.allowed_topic_arns),
        router=_router(settings),
        self_tests=SelfTests(settings.test_alarm),
        delivery=_delivery(settings),
        exits=_exits(settings),
    )


def _router(settings: Settings) -> Router:
    return Router(
        default_destination=settings.default_destination,
        store=ParameterStore(client("ssm", settings.aws_timeout)),
        parameter=settings.routes_parameter,
        policy=observed(AWS_READ),
        on_trouble=lambda _: count("RoutesNotUsed"),
    )


def _delivery(settings: Settings) -> Delivery:
    keyring = Keyring(
        store=STORES[settings.secret_store](client(settings.secret_store, settings.aws_timeout)),
        path=settings.destinations_path,
        egress=settings.egress,
        api_url=settings.slack_api_url,
        policy=observed(AWS_READ),
    )
    table = DeliveriesTable(client("dynamodb", TABLE_TIMEOUT), settings.deliveries_table, observed(TABLE_POLICY))
    rows = RowsWithFallback(table)
    return Delivery(
        keyring=keyring,
        post=SlackHttp(settings.slack_api_url).post,
        policy=observed(
            SLACK_WEBHOOK.with_(
                classifier=classify, min_attempt_time=settings.least_post_time, on_retry=(report_pause,)
            )
        ),
        default=settings.default_destination,
        claims=Claims(rows=rows, lease=settings.lease, unanswered_limit=settings.unanswered_limit),
        circuits=Circuits(rows=rows, first_pause=settings.first_pause, pause_cap=settings.pause_cap),
        tell_ops=OpsTopic(client("sns", settings.aws_timeout), settings.ops_topic_arn, observed(AWS_WRITE)).tell,
    )


def _exits(settings: Settings) -> Exits:
    sqs = client("sqs", settings.aws_timeout)
    handoff = Handoff(
        queue=sqs,
        queue_url=settings.alerts_queue_url,
        first_delay=settings.first_delay,
        delay_cap=settings.delay_cap,
        time_for_call=settings.reserve * 0.5,
    )
    return Exits(handoff, Parking(sqs, settings.parking_queue_url), settings.reserve)
