"""SQS event -> AWS calls: admit -> read the request (parse, rules) -> call -> batch response."""

import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial

from aws_actions.calling.actions import Actions
from aws_actions.calling.call_role import session_under
from aws_actions.calling.calling import Calling
from aws_actions.models import AlarmWithoutRule, Request
from aws_actions.publishing import AlertsTopic
from aws_actions.request_reader import RequestReader
from aws_actions.rules.rulebook import Rulebook
from aws_actions.settings import Settings
from aws_events.message_attributes import read_facts
from aws_events.record import Record
from configuration.clients import aws_timeout, client
from configuration.init_phase import call_at_init
from configuration.stores import ParameterStore
from observability.redaction import install_redaction
from observability.telemetry import count, logger, with_telemetry
from outcomes.outcome import Outcome
from record_batch.admission import Admission
from record_batch.batch import BatchResources, run_batch
from record_batch.batch_response import BatchResponse
from record_batch.overflow import Overflow
from record_batch.parking import Parking
from record_batch.redelivery import Redelivery
from retry_policies.aws import aws_config
from retry_policies.deadline import Deadline, LambdaContext
from retry_policies.presets import AWS_READ, AWS_WRITE
from shared_state.claims import Claims
from shared_state.deliveries_table import TABLE_POLICY, TABLE_TIMEOUT, DeliveriesTable
from shared_state.rows import Rows


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of aws_actions, with their AWS clients."""

    admission: Admission
    request_reader: RequestReader
    calling: Calling
    resources: BatchResources


def handler(event: object, context: LambdaContext) -> BatchResponse:
    steps = wire()
    return run_batch(event, context, partial(act, steps), steps.resources)


def act(steps: Steps, records: Iterable[Record], deadline: Deadline) -> Iterator[tuple[Record, Outcome]]:
    admitted, others = steps.admission.admit(records)
    yield from others
    for record in admitted:
        with logger.append_context_keys(record=record.message_id):
            outcome = _carry_out(steps, record, deadline)
        yield record, outcome


def _carry_out(steps: Steps, record: Record, deadline: Deadline) -> Outcome:
    hop = read_facts(record).hop
    match steps.request_reader.read(record, deadline):
        case Request() as request:
            return steps.calling.call(request, hop, deadline)
        case AlarmWithoutRule() as alarm:
            return steps.calling.skip(alarm, hop)
        case outcome:
            return outcome


@cache
def wire() -> Steps:
    """Build the steps at the first event; they live as long as the execution environment."""
    install_redaction(logger, logging.getLogger("retry_policies"))
    settings = Settings.from_env(os.environ)
    rows = DeliveriesTable(client("dynamodb", TABLE_TIMEOUT), settings.deliveries_table, with_telemetry(TABLE_POLICY))
    return Steps(
        admission=Admission(settings.actions_queue_arn, settings.allowed_topic_arns, expires=False),
        request_reader=RequestReader(cache(lambda: _rulebook(settings))),
        calling=_calling(settings, rows),
        resources=_resources(settings, rows),
    )


def _rulebook(settings: Settings) -> Rulebook:
    return Rulebook(
        store=ParameterStore(client("ssm", aws_timeout(settings.reserve))),
        parameter=settings.rules_parameter,
        policy=with_telemetry(AWS_READ),
        on_trouble=lambda _: count("RulesNotUsed"),
    )


def _calling(settings: Settings, rows: Rows) -> Calling:
    topic = cache(lambda: client("sns", aws_timeout(settings.reserve)))
    return Calling(
        actions=_actions(settings),
        claims=Claims(rows=rows, lease=settings.lease),
        publish_outcome=AlertsTopic(
            topic, settings.alerts_topic_arn, with_telemetry(AWS_WRITE.with_(repeatable=True))
        ).publish_outcome,
    )


def _actions(settings: Settings) -> Actions:
    seconds = settings.attempt_time
    sts = cache(lambda: client("sts", aws_timeout(settings.reserve)))
    return Actions(
        allowed=settings.allowed_actions,
        session=cache(lambda: session_under(settings.call_role_arn, sts)),
        config=aws_config(connect_timeout=aws_timeout(settings.reserve), read_timeout=settings.call_timeout),
        read=with_telemetry(AWS_READ.with_(min_attempt_time=seconds, timeout=seconds)),
        write=with_telemetry(AWS_WRITE.with_(min_attempt_time=seconds, timeout=seconds)),
    )


def _resources(settings: Settings, rows: Rows) -> BatchResources:
    sqs = client("sqs", aws_timeout(settings.reserve))
    redelivery = Redelivery(
        queue=sqs,
        queue_url=settings.actions_queue_url,
        first_delay=settings.first_delay,
        delay_cap=settings.delay_cap,
        time_for_call=settings.reserve * 0.5,
    )
    return BatchResources(redelivery, Parking(sqs, settings.parking_queue_url, Overflow(rows)), settings.reserve)


call_at_init(wire)
