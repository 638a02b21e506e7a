"""The batch loop of standard queues: each record of an event gets an outcome; after Later it returns to its queue."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from aws_events.event_reading import read_event
from aws_events.record import Record, Source, UnreadableRecord
from observability.telemetry import logger
from outcomes.metrics import report_end, report_oldest
from outcomes.outcome import Delivered, Later, LaterReason, Moved, Outcome, Park
from outcomes.outcome_log import log_outcome
from record_batch.batch_response import BatchResponse, batch_response
from record_batch.parking import Parking
from record_batch.redelivery import Redelivery
from record_batch.step_errors import log_raised
from retry_policies.deadline import Clock, Deadline, LambdaContext

SUSPECT = 3
"""Receive from which a record is processed alone, because it may crash the function and so fail its batch."""

type Step = Callable[[Iterable[Record], Deadline], Iterator[tuple[Record, Outcome]]]
"""A function's own work: yield each record with its outcome, as soon as it is known."""

type Read = Callable[[object], list[Record | UnreadableRecord]]
"""Return the records of an event, unreadable ones as errors. Raise UnknownEvent."""


@dataclass(frozen=True, slots=True)
class BatchResources:
    """The queues and the time of the batch loop."""

    redelivery: Redelivery
    parking: Parking
    reserve: float
    """Seconds to answer the batch."""


def run_batch(  # noqa: PLR0913 - the last one is for tests
    event: object,
    context: LambdaContext,
    step: Step,
    resources: BatchResources,
    *,
    read: Read = read_event,
    clock: Clock = time.monotonic,
) -> BatchResponse:
    """Process an event; return its partial batch response.

    Raise UnknownEvent for an event that `read` does not know. Raise Undelivered for a failed record that cannot be
    named in a response: a direct record that the queue did not take, or an SQS record without an id.
    """
    deadline = Deadline.from_context(context, reserve=resources.reserve, clock=clock)
    entries = read(event)
    readable = [entry for entry in entries if isinstance(entry, Record)]
    unreadable = [entry for entry in entries if isinstance(entry, UnreadableRecord)]
    for problem in unreadable:
        logger.error("record unreadable", extra={"problem": str(problem)})
    records, without_facts = resources.parking.overflow.restore_all(readable)
    batch = Batch(step, deadline, resources)
    results = batch.work(records)
    results += [(record, batch.finish(record, Later(LaterReason.CLAIMS_UNAVAILABLE))) for record in without_facts]
    queued, refused = batch.redeliver(results)
    for record, outcome in results:
        log_outcome(record, outcome)
    failed = [record.message_id for record in queued] + [problem.message_id for problem in unreadable]
    return batch_response([*failed, *[""] * refused], of=len(entries))


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch and the outcomes of its records so far."""

    step: Step
    deadline: Deadline
    resources: BatchResources
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    """By the record's id(): two copies of one message are two records."""

    @property
    def end(self) -> Deadline:
        """The end of the invocation: the reserve is for calls to the queue."""
        return replace(self.deadline, at=self.deadline.at + self.resources.reserve)

    def work(self, records: Sequence[Record]) -> list[tuple[Record, Outcome]]:
        """Return each record with its outcome, in order. If the step raises, try each remaining record alone."""
        suspects = sorted((one for one in records if one.receive_count >= SUSPECT), key=lambda one: one.receive_count)
        fresh = [one for one in records if one.receive_count < SUSPECT]
        for group in (fresh, *([one] for one in suspects)):
            if group is not fresh and len(records) > 1:
                self._isolate(*group)
            if not self._run_step(group, has_suspects=bool(suspects)):
                for record in group:
                    if id(record) not in self.outcomes:
                        self._try_alone(record, has_suspects=bool(suspects))
        for record in records:
            if id(record) not in self.outcomes:
                self.finish(record, Later(LaterReason.NOT_ATTEMPTED))
        return [(record, self.outcomes[id(record)]) for record in records]

    def redeliver(self, results: Sequence[tuple[Record, Outcome]]) -> tuple[list[Record], int]:
        """Return the records that stay in the queue, hidden, and the number of direct ones the queue did not take."""
        redelivery = self.resources.redelivery
        returning = [(record, outcome) for record, outcome in results if isinstance(outcome, Later)]
        queued = [(record, later) for record, later in returning if record.source is Source.SQS]
        direct = [(record, later) for record, later in returning if record.source is not Source.SQS]
        report_oldest(record for record, _ in returning)
        is_moving = any(isinstance(outcome, Delivered | Moved) for _, outcome in results)
        redelivery.hide(queued, self.end, is_moving=is_moving)
        refused = sum(not redelivery.enqueue(record, later, self.end, is_moving=is_moving) for record, later in direct)
        return [record for record, _ in queued], refused

    def _try_alone(self, record: Record, *, has_suspects: bool) -> None:
        """Try a record alone after the step raised: if it raises again or its claim is still held, it is the cause."""
        has_raised = not self._run_step([record], has_suspects=has_suspects)
        if has_raised or self.outcomes.get(id(record)) == Later(LaterReason.IN_PROGRESS):
            self.finish(record, Later(LaterReason.UNEXPECTED))

    def _run_step(self, records: Sequence[Record], *, has_suspects: bool) -> bool:
        """Take outcomes until the deadline. Return False if the step raised; the log omits the error's text."""
        if not records or self.deadline.remaining() <= 0:
            return True
        try:
            for record, outcome in self.step(records, self.deadline):
                self.finish(record, outcome, has_suspects=has_suspects)
                if self.deadline.remaining() <= 0:
                    break
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - a failure of one record must not fail the others
            log_raised(error, records=len(records))
            return False
        return True

    def _isolate(self, suspect: Record) -> None:
        """Hide the suspect for its own delay, so that after a crash it does not return in one batch with the others."""
        if suspect.source is Source.SQS:
            self.resources.redelivery.hide([(suspect, Later(LaterReason.UNEXPECTED))], self.end, is_moving=False)

    def finish(self, record: Record, outcome: Outcome, *, has_suspects: bool = False) -> Outcome:
        """Carry out an outcome. Beside a suspect, delete a finished record at once: a crash would redeliver it."""
        result = self.resources.parking.commit(record, outcome) if isinstance(outcome, Park) else outcome
        self.outcomes[id(record)] = result
        report_end(result)
        if has_suspects and not isinstance(result, Later) and record.source is Source.SQS:
            self.resources.redelivery.delete(record, self.end)
        return result
