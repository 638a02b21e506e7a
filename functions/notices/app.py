"""New messages in the parking queue and the dead-letter queues -> one notice to operations. Runs on a schedule."""

import logging
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, partial

from configuration.clients import aws_timeout, client
from configuration.init_phase import call_at_init
from notices.arrivals import arrivals
from notices.cached_cursors import CachedCursors
from notices.cursor_table import CursorTable
from notices.lanes_waiting import LanesWaiting
from notices.models import Arrivals, Cursor, Finding, Unreadable
from notices.publishing import Operations
from notices.settings import Settings
from notices.watched_queue import WatchedQueue
from observability.redaction import install_redaction
from observability.telemetry import count, logger, with_telemetry
from record_batch.overflow import Overflow
from record_batch.receiving import WAIT, QueueUnreadable
from retry_policies.deadline import Clock, Deadline, LambdaContext
from retry_policies.presets import AWS_READ, AWS_WRITE
from shared_state.deliveries_table import TABLE_POLICY, TABLE_TIMEOUT, DeliveriesTable
from shared_state.last_success import LAST_HOLD, LastSuccess
from shared_state.rows_with_fallback import RowsWithFallback

CURSORS_SHARE = 0.2
"""The share of the time for reading cursors: if the table hangs, time must remain for the queues."""
QUEUES_SHARE = 0.6
"""The share of the remaining time for reading queues; the rest is for the notice and the cursors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The collaborators of a run."""

    queues: tuple[WatchedQueue, ...]
    cursors: CachedCursors
    operations: Operations
    lanes: LanesWaiting
    reserve: float
    clock: Clock = time.time


def handler(_event: object, context: LambdaContext) -> dict[str, bool | dict[str, int]]:
    steps = wire()
    return report(steps, Deadline.from_context(context, reserve=steps.reserve))


def report(steps: Steps, deadline: Deadline) -> dict[str, bool | dict[str, int]]:
    """Publish the arrivals since the last notice, then advance the cursors.

    Raise NotPublished if the topic fails: then only the alarm on Lambda's errors notifies operations, and Lambda runs
    the function again. The cursors do not advance, so the next run reports the same messages.
    A crash before the cursors are written repeats the notice; it never omits a message.
    """
    findings = list(read_queues(steps, deadline))
    is_published = steps.operations.publish(findings, deadline)
    found = [one for one in findings if isinstance(one, Arrivals)]
    for one in found:
        steps.cursors.write(one.queue, one.cursor, deadline)
    steps.lanes.report(deadline)
    new = {one.queue: one.count for one in found if one.count}
    if is_published:
        logger.info("notice published", extra={"new": new})
    return {"published": is_published, "new": new}


def read_queues(steps: Steps, deadline: Deadline) -> Iterator[Finding]:
    """Yield the finding of each queue, each within its share of the time."""
    cursors_end = deadline.at_most(deadline.remaining() * CURSORS_SHARE)
    cursors = [steps.cursors.read(queue.name, cursors_end) for queue in steps.queues]
    queues_end = deadline.at_most(deadline.remaining() * QUEUES_SHARE)
    for left, queue, cursor in zip(range(len(cursors), 0, -1), steps.queues, cursors, strict=True):
        read_at = steps.clock()
        try:
            snapshot = queue.read(queues_end.at_most(queues_end.remaining() / left), deadline)
        except QueueUnreadable as error:
            logger.error("queue not read", extra={"queue": queue.name, "error": str(error)})
            count("NoticesFailed")
            yield Unreadable(queue=queue.name, code=str(error))
        else:
            found = arrivals(queue.name, snapshot, cursor or Cursor(), read_at)
            yield replace(found, is_cursor_lost=cursor is None)


@cache
def wire() -> Steps:
    """Build the steps at the first event; they live as long as the execution environment."""
    install_redaction(logger, logging.getLogger("retry_policies"))
    settings = Settings.from_env(os.environ)
    reads = with_telemetry(AWS_READ)
    writes = with_telemetry(AWS_WRITE.with_(repeatable=True))  # a second notice is better than none
    sqs = client("sqs", WAIT + aws_timeout(settings.reserve))
    table = CursorTable(
        client=client("dynamodb", aws_timeout(settings.reserve)),
        name=settings.deliveries_table,
        reads=reads,
        writes=writes,
    )
    rows = RowsWithFallback(
        DeliveriesTable(client("dynamodb", TABLE_TIMEOUT), settings.deliveries_table, with_telemetry(TABLE_POLICY))
    )
    queue = partial(WatchedQueue, sqs=sqs, overflow=Overflow(rows), reads=reads, writes=writes)
    return Steps(
        queues=tuple(queue(url=url) for url in settings.queue_urls),
        cursors=CachedCursors(table),
        operations=Operations(
            topic=client("sns", aws_timeout(settings.reserve)), topic_arn=settings.ops_topic_arn, writes=writes
        ),
        lanes=LanesWaiting(sqs=sqs, url=settings.lanes_queue_url, reads=reads, last_hold=LastSuccess(rows, LAST_HOLD)),
        reserve=settings.reserve,
    )


call_at_init(wire)
