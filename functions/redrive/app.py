"""Dead letters and parked alerts -> back to AlertsQueue, once their destination answers again."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
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
from redrive.models import End, Report, Request, Source, Stopped
from redrive.moves import Mover
from redrive.settings import Settings
from redrive.undelivered import WAIT, QueueUnreadable, Undelivered
from redrive.versions import STORES, Versions, VersionUnreadable
from retry_policies.deadline import Deadline, LambdaContext
from retry_policies.presets import AWS_READ
from slack_alerts.routing import Router


class RoutesUnusable(Exception):  # noqa: N818 - the name says what it is
    """Nobody knows where the alerts would go, so none is moved."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What a redrive works with."""

    claims: Claims
    new_mover: Callable[[Source], Mover]
    """Of each redrive its own: what was read for an earlier one may be true no more."""
    reserve: float


def handler(event: object, context: LambdaContext) -> dict[str, str | int | bool]:
    request = Request.from_event(event)
    steps = wire()
    return redrive(steps, request, Deadline.from_context(context, reserve=steps.reserve))


def redrive(steps: Steps, request: Request, deadline: Deadline) -> dict[str, str | int | bool]:
    """Work through the queue -> what became of its letters, and why it ended."""
    report = Report()
    try:
        with alone(steps.claims, request.source) as is_alone:
            if is_alone:
                steps.new_mover(request.source).work(request, report, deadline)
            else:
                report.stopped = Stopped.RUNNING
    except (RowsUnavailable, RoutesUnusable, VersionUnreadable, QueueUnreadable) as error:
        report.stopped = Stopped.TROUBLE
        logger.error("redrive stopped", extra={"problem": type(error).__name__, "error": str(error)})
    if report.stopped is Stopped.TROUBLE or report.ends[End.FAILED]:
        count("RedriveStopped")
    said = report.as_dict(request)
    logger.info("redriven", extra=said)
    return said


@contextmanager
def alone(claims: Claims, source: Source) -> Iterator[bool]:
    """Whether no other redrive works through this queue; where nobody knows, RowsUnavailable.

    The lease ends by itself if we die.
    """
    lease = claims.claim("redrive", source.value, 0)
    if not isinstance(lease, Claim):
        yield False
        return
    try:
        yield True
    finally:
        lease.release()


@cache
def wire() -> Steps:
    """Built at the first event, kept for the life of the execution environment."""
    install(logger, logging.getLogger("retry_policies"))
    settings = Settings.from_env(os.environ)
    rows = DeliveriesTable(client("dynamodb", TABLE_TIMEOUT), settings.deliveries_table, observed(TABLE_POLICY))
    claims = Claims(rows=rows, lease=settings.lease)
    circuits = Circuits(rows=rows, first_pause=settings.first_pause, pause_cap=settings.pause_cap)
    ssm, store = client("ssm", settings.aws_timeout), client(settings.secret_store, settings.aws_timeout)

    def new_judge() -> Judge:
        router = Router(
            default_destination=settings.default_destination,
            store=ParameterStore(ssm),
            parameter=settings.routes_parameter,
            policy=observed(AWS_READ),
            on_trouble=_refuse,
        )
        versions = Versions(STORES[settings.secret_store](store), settings.destinations_path, observed(AWS_READ))
        return Judge(router=router, circuits=circuits, versions=versions)

    new_mover = partial(_mover, settings, client("sqs", WAIT + settings.aws_timeout), claims, new_judge)
    return Steps(claims, new_mover, settings.reserve)


def _mover(settings: Settings, sqs: Any, claims: Claims, new_judge: Callable[[], Judge], source: Source) -> Mover:  # noqa: ANN401 - boto3's client
    is_dead = source is Source.DEAD_LETTERS
    url = settings.dead_letters_url if is_dead else settings.parking_queue_url
    return Mover(
        queue=Undelivered(sqs=sqs, url=url, hidden=settings.lease, grace=settings.reserve / 2),
        sqs=sqs,
        to_url=settings.alerts_queue_url,
        to_arn=settings.alerts_queue_arn,
        parking=Parking(sqs, settings.parking_queue_url),
        claims=claims,
        judge=new_judge(),
    )


def _refuse(trouble: Trouble) -> NoReturn:
    raise RoutesUnusable(trouble.value)
