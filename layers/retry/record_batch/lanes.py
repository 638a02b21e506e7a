"""The batch loop of LanesQueue: process the lanes of a batch in parallel."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from aws_events.event_reading import read_event
from aws_events.record import Record, Source, UnreadableRecord
from observability.telemetry import logger
from record_batch.batch_response import BatchResponse, Undelivered, batch_response
from record_batch.lane_batch import LaneBatch, LaneResources
from record_batch.lane_message import routed_message
from record_batch.lane_step import LaneStep
from retry_policies.deadline import Clock, Deadline, LambdaContext

type SideBySide = Callable[[Sequence[Callable[[], None]]], None]
"""Run all of these at the same time and return when the last one has ended."""


def in_threads(works: Sequence[Callable[[], None]]) -> None:
    """Run each in a thread; a single one in this thread."""
    if len(works) == 1:
        works[0]()
        return
    with ThreadPoolExecutor(max(1, len(works)), "lane") as pool:
        for running in [pool.submit(work) for work in works]:
            running.result()


def run_lanes(  # noqa: PLR0913 - the last two are for tests
    event: object,
    context: LambdaContext,
    step: LaneStep,
    resources: LaneResources,
    *,
    side_by_side: SideBySide = in_threads,
    clock: Clock = time.monotonic,
) -> BatchResponse:
    """Process an SQS FIFO event; return its partial batch response, with the records of each lane that stay.

    Raise UnknownEvent for an event that is neither SNS nor SQS, Undelivered if SNS must try again or if a record that
    stays has no id.
    """
    deadline = Deadline.from_context(context, reserve=resources.reserve, clock=clock)
    entries = read_event(event)
    lanes, failed = _by_lane(entries, resources, deadline)
    batches = [LaneBatch(lane, records, step, deadline, resources) for lane, records in lanes.items()]
    side_by_side([batch.work for batch in batches])
    while alone := [batch for batch in batches if batch.suspended is not None]:
        min(alone, key=lambda batch: batch.suspended.crashes if batch.suspended else 0).work()
    failed += [record.message_id for batch in batches for record in batch.staying]
    return batch_response(failed, of=len(entries))


def _by_lane(
    entries: Sequence[Record | UnreadableRecord], resources: LaneResources, deadline: Deadline
) -> tuple[dict[str, list[Record]], list[str]]:
    """Return the records of each lane and the ids of those without one; send those of SNS to the default lane."""
    lanes: dict[str, list[Record]] = {}
    failed: list[str] = []
    for entry in entries:
        if isinstance(entry, UnreadableRecord):
            logger.error("record unreadable", extra={"problem": str(entry)})
            failed.append(entry.message_id)
        elif entry.lane:
            lanes.setdefault(entry.lane, []).append(entry)
        # A record without a lane comes from a trigger of an older version; the update removes that trigger.
        elif entry.source is Source.SQS:  # intake receives it from its queue
            logger.warning("returned to its queue", extra={"record": entry.message_id})
            failed.append(entry.message_id)
        else:
            _forward(entry, resources, deadline)
    return lanes, failed


def _forward(record: Record, resources: LaneResources, deadline: Deadline) -> None:
    """Send a record that SNS delivered directly to the default lane. Raise Undelivered."""
    message = routed_message(record, resources.default_lane, identity=record.sns_message_id)
    if resources.lanes.send([message], deadline) != [True]:
        raise Undelivered("the lane did not take a record of SNS")
