"""Dead letters and parked alerts -> back to AlertsQueue, once their destination answers again."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, NoReturn

from record_batch.circuit import Circuits
from record_batch.claims import Claim, Claims
from record_batch.clients import client
from record_batch.deliveries_table import TABLE_POLICY, TABLE_TIMEOUT, DeliveriesTable
from record_batch.documents import Trouble
from record_batch.parking import Parking
from record_batch.redaction import install
from record_batch.rows import RowsUnavailable
from record_batch.stores import ParameterStore
from record_batch.telemetry import count, logger, observed
from redrive.judging import Judge
from redrive.models import Report, Request, Source
from redrive.moves import Mover
from redrive.settings import Settings
from redrive.versions import STORES, Versions, VersionUnreadable
from retry_policies.deadline import Deadline, LambdaContext
from retry_policies.presets import AWS_READ
from slack_alerts.routing import Router


class RoutesUnusable(Exception):  # noqa: N818 - the name says what it is
    """Nobody knows where the alerts would go, so none is moved."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What a redrive works with."""

    settings: Settings
    sqs: Any
    claims: Claims
    circuits: Circuits
    router: Router
    version: Versions


def handler(event: object, context: LambdaContext) -> dict[str, object]:
    request = Request.from_event(event)
    steps = wire()
    return redrive(steps, request, Deadline.from_context(context, reserve=steps.settings.reserve))


def redrive(steps: Steps, request: Request, deadline: Deadline) -> dict[str, object]:
    """Work through the queue -> what became of its messages, and why it stopped where something was in its way."""
    report, stopped = Report(), ""
    try:
        with alone(steps.claims, request.source) as is_alone:
            if is_alone:
                mover(steps, request.source).work(request, report, deadline)
            else:
                stopped = "running"
    except (RowsUnavailable, RoutesUnusable, VersionUnreadable) as error:
        stopped = type(error).__name__
        logger.error("redrive stopped", extra={"problem": stopped, "error": str(error)})
        count("RedriveStopped")
    said = report.as_dict(request, stopped)
    logger.info("redriven", extra=said)
    return said


@contextmanager
def alone(claims: Claims, source: Source) -> Iterator[bool]:
    """Whether no other redrive works through this queue. A lease ends by itself if we die."""
    lease = claims.claim("redrive", source.value, 0)
    if not isinstance(lease, Claim):
        yield False
        return
    try:
        yield True
    finally:
        lease.release()


def mover(steps: Steps, source: Source) -> Mover:
    """For one redrive."""
    settings = steps.settings
    from_url = settings.dead_letters_url if source is Source.DEAD_LETTERS else settings.parking_queue_url
    return Mover(
        sqs=steps.sqs,
        from_url=from_url,
        to_url=settings.alerts_queue_url,
        parking=Parking(steps.sqs, settings.parking_queue_url),
        claims=steps.claims,
        judge=Judge(steps.router, steps.circuits, steps.version),
    )


@cache
def wire() -> Steps:
    """Built at the first event, kept for the life of the execution environment."""
    install(logger, logging.getLogger("retry_policies"))
    settings = Settings.from_env(os.environ)
    timeout = settings.reserve * 0.2
    rows = DeliveriesTable(client("dynamodb", TABLE_TIMEOUT), settings.deliveries_table, observed(TABLE_POLICY))
    return Steps(
        settings=settings,
        sqs=client("sqs", timeout),
        claims=Claims(rows=rows, lease=settings.lease),
        circuits=Circuits(rows=rows, first_pause=settings.first_pause, pause_cap=settings.pause_cap),
        router=Router(
            default_destination=settings.default_destination,
            store=ParameterStore(client("ssm", timeout)),
            parameter=settings.routes_parameter,
            policy=observed(AWS_READ),
            on_trouble=_refuse,
        ),
        version=Versions(
            STORES[settings.secret_store](client(settings.secret_store, timeout)),
            settings.destinations_path,
            observed(AWS_READ),
        ),
    )


def _refuse(trouble: Trouble) -> NoReturn:
    raise RoutesUnusable(trouble.value)
