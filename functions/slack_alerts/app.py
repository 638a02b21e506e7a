"""SQS FIFO event -> Slack, lane by lane: admit -> claim -> format -> post -> batch response."""

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from aws_events.record import Record
from configuration.clients import aws_timeout, client
from configuration.init_phase import call_at_init
from configuration.stores import STORES, ParameterStore
from observability.ops import OpsTopic
from observability.redaction import install_redaction
from observability.telemetry import logger, with_telemetry
from outcomes.metrics import report_pause
from record_batch.admission import Admission
from record_batch.batch_response import BatchResponse
from record_batch.lane_batch import LaneResources
from record_batch.lane_message import SELF_TESTS
from record_batch.lane_queue import LaneQueue
from record_batch.lane_step import Outcomes
from record_batch.lanes import run_lanes
from record_batch.overflow import Overflow
from record_batch.parking import Parking
from retry_policies.deadline import Deadline, LambdaContext
from retry_policies.presets import AWS_READ, AWS_WRITE, SLACK_WEBHOOK
from routes.muted_lane import MutedLane
from shared_state.claims import Claims
from shared_state.deliveries_table import TABLE_POLICY, TABLE_TIMEOUT, DeliveriesTable
from shared_state.lane_state import LaneStates
from shared_state.last_success import LastSuccess
from shared_state.rows import SharedRows
from shared_state.rows_with_fallback import RowsWithFallback
from slack_alerts.credentials.store import CredentialStore
from slack_alerts.delivery.delivery import deliver
from slack_alerts.delivery.destinations import Destinations
from slack_alerts.delivery.failures import classify
from slack_alerts.delivery.services import Services
from slack_alerts.delivery.thread_services import build_headlines, build_open_alarms, build_threads, sweep_threads
from slack_alerts.self_tests import SelfTestLane
from slack_alerts.settings import Settings
from slack_alerts.slack.http import SlackHttp

if TYPE_CHECKING:
    from slack_alerts.muting import Muting
    from slack_alerts.pictures.pictures import Pictures


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps that know the outside world."""

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
        steps.pictures.wanted.clear()  # of an invocation that raised
    response = run_lanes(event, context, partial(alert, steps), steps.resources)
    if steps.pictures is not None:  # all records have ended, and lanes with others are paused
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
    resources = _resources(settings, Overflow(table))
    return Steps(
        admission=Admission(settings.lanes_queue_arn, None),
        self_tests=SelfTestLane(
            credential_store,
            settings.default_destination,
            LastSuccess(rows, "heartbeat"),
            LastSuccess(rows, "test_alarm"),
            settings.has_test_alarm,
        ),
        muting=cache(partial(_muting, settings, _claims(settings, rows), resources.lanes)),
        delivery=_delivery(settings, credential_store, rows, pictures),
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


def _delivery(
    settings: Settings, credential_store: CredentialStore, rows: SharedRows, pictures: "Pictures | None"
) -> Services:
    return Services(
        destinations=Destinations(credential_store, settings.default_destination),
        lanes=LaneStates(
            rows=rows,
            first_pause=settings.first_pause,
            pause_cap=settings.pause_cap,
            doubt_pause_cap=settings.doubt_pause_cap,
        ),
        threads=cache(partial(build_threads, rows)),
        open_alarms=cache(partial(build_open_alarms, rows)),
        edits_messages=settings.edits_messages,
        headlines=cache(partial(build_headlines, rows, SlackHttp(settings.slack_api_url).update)),
        claims=_claims(settings, rows),
        want_picture=None if pictures is None else pictures.want,
        post=SlackHttp(settings.slack_api_url).post,
        policy=with_telemetry(
            SLACK_WEBHOOK.with_(
                classifier=classify, min_attempt_time=settings.least_post_time, on_retry=(report_pause,)
            )
        ),
        digest_from=settings.digest_from,
        post_interval=settings.post_interval,
        notify_ops=OpsTopic(
            cache(lambda: client("sns", aws_timeout(settings.reserve))),
            settings.ops_topic_arn,
            with_telemetry(AWS_WRITE.with_(repeatable=True)),
        ).publish,
    )


def _claims(settings: Settings, rows: SharedRows) -> Claims:
    return Claims(rows=rows, lease=settings.lease, unanswered_limit=settings.unanswered_limit)


def _muting(settings: Settings, claims: Claims, lanes: LaneQueue) -> "Muting":
    from slack_alerts.muting import build_muting  # noqa: PLC0415 - only muted routes need it

    store = ParameterStore(client("ssm", aws_timeout(settings.reserve)))
    return build_muting(store, settings.routes_parameter, claims, lanes)


def _resources(settings: Settings, overflow: Overflow) -> LaneResources:
    sqs = client("sqs", aws_timeout(settings.reserve))
    return LaneResources(
        lanes=LaneQueue(
            sqs=sqs,
            url=settings.lanes_queue_url,
            overflow=overflow,
            policy=with_telemetry(AWS_WRITE.with_(repeatable=True)),
        ),
        parking=Parking(sqs, settings.parking_queue_url, overflow),
        reserve=settings.reserve,
        lane_time=settings.lane_time,
        crash_pause=settings.lease,
        default_lane=settings.default_destination,
    )


call_at_init(wire)
