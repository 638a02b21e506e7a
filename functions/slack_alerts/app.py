"""SQS FIFO event -> Slack, lane by lane: admit -> claim -> format -> post -> batch response."""

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING

from aws_events.record import Record
from configuration.clients import aws_timeout, client
from configuration.init_phase import call_at_init
from configuration.stores import STORES, ParameterStore
from observability.redaction import install_redaction
from observability.telemetry import logger, with_telemetry
from record_batch.admission import Admission
from record_batch.batch_response import BatchResponse
from record_batch.lane_batch import LaneResources
from record_batch.lane_message import SELF_TESTS
from record_batch.lane_queue import LaneQueue
from record_batch.lane_step import Outcomes
from record_batch.lanes import run_lanes
from record_batch.overflow import Overflow
from retry_policies.deadline import Deadline, LambdaContext
from retry_policies.presets import AWS_READ
from routes.muted_lane import MutedLane
from shared_state.claims import Claims
from shared_state.deliveries_table import TABLE_POLICY, TABLE_TIMEOUT, DeliveriesTable
from shared_state.rows_with_fallback import RowsWithFallback
from slack_alerts.building import build_delivery, build_resources, build_self_tests
from slack_alerts.credentials.store import CredentialStore
from slack_alerts.delivery.delivery import deliver
from slack_alerts.delivery.services import Services
from slack_alerts.delivery.thread_services import sweep_threads
from slack_alerts.self_tests import SelfTestLane
from slack_alerts.settings import Settings
from slack_alerts.slack.http import SlackHttp

if TYPE_CHECKING:
    from slack_alerts.muting import Muting
    from slack_alerts.pictures.pictures import Pictures


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of slack_alerts, with their AWS clients."""

    admission: Admission
    self_tests: SelfTestLane
    muting: Callable[[], "Muting"]
    """Return the muted lanes; most stacks have none."""
    delivery: Services
    resources: LaneResources
    pictures: "Pictures | None" = None


def handler(event: object, context: LambdaContext) -> BatchResponse:
    steps = wire()
    if steps.pictures is not None:
        steps.pictures.wanted.clear()  # left by an invocation that raised
    response = run_lanes(event, context, partial(alert, steps), steps.resources)
    if steps.pictures is not None:  # each record has ended, or its lane is paused
        steps.pictures.post(Deadline.from_context(context, reserve=steps.resources.reserve))
    return response


def alert(steps: Steps, lane: str, records: Sequence[Record], deadline: Deadline) -> Outcomes[None]:
    """Work one lane: deliver its alerts, hold them while they are muted, or end its self-tests."""
    admitted, others = steps.admission.admit(records)
    yield from others
    if lane == SELF_TESTS:
        yield from steps.self_tests.end(admitted, deadline)
        sweep_threads(steps.delivery, deadline)
    elif muted := MutedLane.of(lane):
        yield from steps.muting().hold(muted, admitted, deadline)
    else:
        yield from deliver(steps.delivery, lane, admitted, deadline)


@cache
def wire() -> Steps:
    """Build the steps at the first event; they live as long as the execution environment."""
    install_redaction(logger, logging.getLogger("retry_policies"))
    settings = Settings.from_env(os.environ)
    credential_store = _credential_store(settings)
    table = DeliveriesTable(client("dynamodb", TABLE_TIMEOUT), settings.deliveries_table, with_telemetry(TABLE_POLICY))
    rows = RowsWithFallback(table)
    pictures = _pictures(settings) if settings.draws_pictures else None
    sns = cache(partial(client, "sns", aws_timeout(settings.reserve)))
    delivery = build_delivery(settings, credential_store, rows, sns)
    resources = build_resources(settings, Overflow(table), client("sqs", aws_timeout(settings.reserve)))
    return Steps(
        admission=Admission(settings.lanes_queue_arn, None),
        self_tests=build_self_tests(settings, credential_store, rows),
        muting=cache(partial(_muting, settings, delivery.claims, resources.lanes)),
        delivery=replace(delivery, want_picture=pictures.want if pictures else None),
        resources=resources,
        pictures=pictures,
    )


def _credential_store(settings: Settings) -> CredentialStore:
    return CredentialStore(
        store=STORES[settings.secret_store](client(settings.secret_store, aws_timeout(settings.reserve))),
        path=settings.destinations_path,
        egress=settings.egress,
        api_url=settings.slack_api_url,
        policy=with_telemetry(AWS_READ),
    )


def _pictures(settings: Settings) -> "Pictures":
    from slack_alerts.pictures.building import build_pictures  # noqa: PLC0415 - only stacks with pictures need it

    return build_pictures(settings.lanes_queue_arn, SlackHttp(settings.slack_api_url), settings.egress)


def _muting(settings: Settings, claims: Claims, lanes: LaneQueue) -> "Muting":
    from slack_alerts.muting import build_muting  # noqa: PLC0415 - only muted routes need it

    store = ParameterStore(client("ssm", aws_timeout(settings.reserve)))
    return build_muting(store, settings.routes_parameter, claims, lanes)


call_at_init(wire)
