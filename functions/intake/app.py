"""SQS, SNS or alarm event -> lanes: admit -> route (parse, match) -> send -> batch response."""

import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from aws_events.alarm_action import read_invocation
from aws_events.record import Record
from configuration.clients import aws_timeout, client
from configuration.init_phase import call_at_init
from configuration.stores import ParameterStore
from intake.crashes import Crashes
from intake.models import Invocation
from intake.routing import Router
from intake.settings import Settings
from observability.redaction import install_redaction
from observability.telemetry import count, logger, with_telemetry
from outcomes.outcome import Later, LaterReason, Moved, Outcome
from record_batch.admission import Admission
from record_batch.batch import BatchResources, run_batch
from record_batch.batch_response import BatchResponse
from record_batch.lane_message import LaneMessage
from record_batch.lane_queue import LaneQueue
from record_batch.overflow import Overflow
from record_batch.parking import Parking
from record_batch.redelivery import Redelivery
from retry_policies.deadline import Deadline
from retry_policies.presets import AWS_READ, AWS_WRITE
from routes.muted_lane import MutedLane
from shared_state.claims import Claims
from shared_state.deliveries_table import TABLE_POLICY, TABLE_TIMEOUT, DeliveriesTable
from shared_state.last_success import LastSuccess
from shared_state.rows_with_fallback import RowsWithFallback


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of intake, with their AWS clients."""

    admission: Admission
    crashes: Crashes
    router: Router
    lanes: LaneQueue
    last_success: LastSuccess
    resources: BatchResources


def handler(event: object, context: Invocation) -> BatchResponse:
    steps = wire()
    read = partial(read_invocation, request_id=context.aws_request_id)
    return run_batch(event, context, partial(send_to_lanes, steps), steps.resources, read=read)


def send_to_lanes(steps: Steps, records: Iterable[Record], deadline: Deadline) -> Iterator[tuple[Record, Outcome]]:
    """Route the records and send them to their lanes; yield each with its outcome."""
    admitted, others = steps.admission.admit(records)
    yield from others
    messages = [route(steps, record, deadline) for record in admitted]
    for record, message, is_taken in zip(admitted, messages, steps.lanes.send(messages, deadline), strict=True):
        yield record, Moved(message.lane) if is_taken else Later(LaterReason.NOT_SENT)
        if is_taken:
            steps.last_success.record()
            if MutedLane.of(message.lane):
                count("Muted")


def route(steps: Steps, record: Record, deadline: Deadline) -> LaneMessage:
    """Route the record; after two crashes of the function it goes to the default lane as text."""
    with steps.crashes.watch(record) as may_parse:
        return steps.router.route(record, deadline) if may_parse else steps.router.as_text(record)


@cache
def wire() -> Steps:
    """Build the steps at the first event; they live as long as the execution environment."""
    install_redaction(logger, logging.getLogger("retry_policies"))
    settings = Settings.from_env(os.environ)
    sqs = client("sqs", aws_timeout(settings.reserve))
    table = DeliveriesTable(client("dynamodb", TABLE_TIMEOUT), settings.deliveries_table, with_telemetry(TABLE_POLICY))
    rows = RowsWithFallback(table)
    overflow = Overflow(table)
    return Steps(
        admission=Admission(settings.alerts_queue_arn, settings.allowed_topic_arns, settings.direct_alarm_arn),
        crashes=Crashes(Claims(rows=rows, lease=settings.lease)),
        router=_router(settings),
        lanes=LaneQueue(
            sqs=sqs,
            url=settings.lanes_queue_url,
            overflow=overflow,
            policy=with_telemetry(AWS_WRITE.with_(repeatable=True)),
        ),
        last_success=LastSuccess(rows, "intake"),
        resources=BatchResources(
            _redelivery(settings, sqs), Parking(sqs, settings.parking_queue_url, overflow), settings.reserve
        ),
    )


def _router(settings: Settings) -> Router:
    return Router(
        default_destination=settings.default_destination,
        test_alarm_arn=settings.test_alarm_arn,
        store=ParameterStore(client("ssm", aws_timeout(settings.reserve))),
        parameter=settings.routes_parameter,
        policy=with_telemetry(AWS_READ),
        on_trouble=lambda _: count("RoutesNotUsed"),
    )


def _redelivery(settings: Settings, sqs: Any) -> Redelivery:  # noqa: ANN401 - boto3's client
    return Redelivery(
        queue=sqs,
        queue_url=settings.alerts_queue_url,
        first_delay=settings.first_delay,
        delay_cap=settings.delay_cap,
        time_for_call=settings.reserve * 0.5,
    )


call_at_init(wire)
