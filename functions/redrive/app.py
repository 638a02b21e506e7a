"""Redrive: dead letters to the end of their lane or to AlertsQueue; by hand, parked alerts to AlertsQueue."""

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from configuration.clients import aws_timeout, client
from configuration.init_phase import call_at_init
from observability.redaction import install_redaction
from observability.telemetry import count, logger, with_telemetry
from record_batch.lane_queue import LaneQueue
from record_batch.overflow import Overflow
from record_batch.parking import Parking
from record_batch.receiving import WAIT, QueueUnreadable
from redrive.intake import Intake
from redrive.moves import Mover
from redrive.report import End, Report, Stopped
from redrive.request import Request, Source
from redrive.settings import Settings
from redrive.source_queue import SourceQueue
from retry_policies.deadline import Deadline, LambdaContext
from retry_policies.presets import AWS_WRITE
from shared_state.claims import Claim, Claims
from shared_state.deliveries_table import TABLE_POLICY, TABLE_TIMEOUT, DeliveriesTable
from shared_state.last_success import LastSuccess
from shared_state.rows import Rows, RowsUnavailable


@dataclass(frozen=True, slots=True)
class Steps:
    """The parts of a redrive."""

    claims: Claims
    new_movers: Callable[[Source], Sequence[Mover]]
    """Make the movers of one redrive: each redrive checks again whether intake works."""
    reserve: float


def handler(event: object, context: LambdaContext) -> dict[str, str | int | bool]:
    request = Request.from_event(event)
    steps = wire()
    return redrive(steps, request, Deadline.from_context(context, reserve=steps.reserve))


def redrive(steps: Steps, request: Request, deadline: Deadline) -> dict[str, str | int | bool]:
    """Work through the queues; return the number of messages per end, and why the redrive stopped."""
    report = Report()
    try:
        with alone(steps.claims, request.source) as is_alone:
            if is_alone:
                for mover in steps.new_movers(request.source):
                    work(mover, request, report, deadline)
            else:
                report.stop(Stopped.RUNNING)
    except RowsUnavailable as error:
        report_trouble(error, report)
    if report.stopped is Stopped.TROUBLE or report.ends[End.FAILED]:
        count("RedriveStopped")
    result = report.as_dict(request)
    logger.info("redriven", extra=result)
    return result


def work(mover: Mover, request: Request, report: Report, deadline: Deadline) -> None:
    """Work through one queue. If it cannot be read, report that; the redrive goes on with the next queue."""
    try:
        mover.work(request, report, deadline)
    except QueueUnreadable as error:
        report_trouble(error, report)


def report_trouble(error: Exception, report: Report) -> None:
    """Report and log that the table or a queue cannot be read."""
    report.stopped = Stopped.TROUBLE
    logger.error("redrive stopped", extra={"problem": type(error).__name__, "error": str(error)})


@contextmanager
def alone(claims: Claims, source: Source) -> Iterator[bool]:
    """Yield whether no other redrive works on these queues. After a crash the lease lapses.

    Raises RowsUnavailable if the table does not answer.
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
    """Build the parts at the first event; they live as long as the execution environment."""
    install_redaction(logger, logging.getLogger("retry_policies"))
    settings = Settings.from_env(os.environ)
    rows = DeliveriesTable(client("dynamodb", TABLE_TIMEOUT), settings.deliveries_table, with_telemetry(TABLE_POLICY))
    sqs = client("sqs", WAIT + aws_timeout(settings.reserve))
    return Steps(Claims(rows=rows, lease=settings.lease), partial(_movers, settings, sqs, rows), settings.reserve)


def _movers(settings: Settings, sqs: Any, rows: Rows, source: Source) -> list[Mover]:  # noqa: ANN401 - boto3's client
    """Return one mover per queue; the lanes come first, because their messages have waited longest."""
    overflow = Overflow(rows)
    intake = Intake(sqs=sqs, url=settings.alerts_queue_url, overflow=overflow, last_success=LastSuccess(rows, "intake"))
    urls = {
        Source.DEAD_LETTERS: (settings.lanes_dead_letters_url, settings.dead_letters_url),
        Source.PARKING: (settings.parking_queue_url,),
    }
    return [
        Mover(
            queue=SourceQueue(sqs=sqs, url=url, overflow=overflow, hidden=settings.lease, grace=settings.reserve / 2),
            source=source,
            intake=intake,
            lanes=LaneQueue(
                sqs=sqs,
                url=settings.lanes_queue_url,
                overflow=overflow,
                policy=with_telemetry(AWS_WRITE.with_(repeatable=True)),
            ),
            parking=Parking(sqs, settings.parking_queue_url, overflow),
            own_queues=frozenset({settings.alerts_queue_arn, settings.lanes_queue_arn}),
        )
        for url in urls[source]
    ]


call_at_init(wire)
