"""The batch loop: every record of an event gets an outcome; a record for later goes back to its queue."""

import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypedDict

from aws_events.envelope import Record, Source, UnreadableRecord, read_event
from observability.telemetry import logger
from outcomes.metrics import report_end, report_oldest
from outcomes.outcome import Delivered, Duplicate, Later, LaterReason, Move, Moved, Outcome, Park, Skipped
from record_batch.overflow import Overflow
from record_batch.parking import Parking
from record_batch.redelivery import Redelivery
from retry_policies.deadline import Clock, Deadline, LambdaContext
from shared_state.rows import RowsUnavailable

SUSPECT = 3
"""Receive from which a record is processed alone: it may crash the function and so fail the rest of its batch."""

type Step = Callable[[Iterable[Record], Deadline], Iterator[tuple[Record, Outcome]]]
"""A function's own work: records -> each with its outcome, as soon as it is known."""


class ItemFailure(TypedDict):
    itemIdentifier: str


class BatchResponse(TypedDict):
    """The records that SQS delivers again; empty if all have ended."""

    batchItemFailures: list[ItemFailure]


class Undelivered(Exception):
    """A failure that no batch response can name: the invocation fails, and SNS or SQS tries again."""


@dataclass(frozen=True, slots=True)
class BatchResources:
    """The queues for records that are not delivered."""

    redelivery: Redelivery
    parking: Parking
    reserve: float
    """Seconds kept to answer the batch."""


def run_batch(
    event: object, context: LambdaContext, step: Step, resources: BatchResources, *, clock: Clock = time.monotonic
) -> BatchResponse:
    """Work an event; return its partial batch response.

    Raises UnknownEvent for an event that is neither SNS nor SQS, Undelivered for a failed record that cannot be named
    in a response: an SNS record that the queue did not take, or an SQS record without an id.
    """
    deadline = Deadline.from_context(context, reserve=resources.reserve, clock=clock)
    entries = read_event(event)
    records, waiting = _with_facts(
        [entry for entry in entries if isinstance(entry, Record)], resources.parking.overflow
    )
    unreadable = [entry for entry in entries if isinstance(entry, UnreadableRecord)]
    for problem in unreadable:
        logger.error("record unreadable", extra={"problem": str(problem)})
    batch = Batch(step, deadline, resources)
    results = [*batch.work(records), *waiting]
    returning = [(record, outcome) for record, outcome in results if isinstance(outcome, Later)]
    queued = [(record, later) for record, later in returning if record.source is Source.SQS]
    report_oldest(record for record, _ in returning)
    is_moving = any(isinstance(outcome, Delivered | Moved) for _, outcome in results)
    resources.redelivery.hide(queued, batch.end, is_moving=is_moving)
    direct = [(record, later) for record, later in returning if record.source is Source.SNS]
    stuck = sum(
        not resources.redelivery.enqueue(record, later, batch.end, is_moving=is_moving) for record, later in direct
    )
    for record, outcome in results:
        log_outcome(record, outcome)
    nameless = stuck + sum(not problem.message_id for problem in unreadable)
    if nameless:
        raise Undelivered(f"{nameless} of {len(entries)} records were not delivered and cannot be named in a response")
    failed = [record.message_id for record, _ in queued] + [problem.message_id for problem in unreadable]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _with_facts(records: Iterable[Record], overflow: Overflow) -> tuple[list[Record], list[tuple[Record, Outcome]]]:
    """Return the records with their facts from the table, and the records whose facts cannot be read."""
    restored: list[Record] = []
    waiting: list[tuple[Record, Outcome]] = []
    for record in records:
        try:
            restored.append(overflow.restore(record))
        except RowsUnavailable as error:
            logger.error("facts not read", extra={"record": record.message_id, "error": str(error)})
            waiting.append((record, Later(LaterReason.CLAIMS_UNAVAILABLE)))
    return restored, waiting


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch on its way through the step."""

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
        """Return each record with its outcome, in order. If the step raises, each remaining record is tried alone."""
        suspects = sorted((one for one in records if one.receive_count >= SUSPECT), key=lambda one: one.receive_count)
        fresh = [one for one in records if one.receive_count < SUSPECT]
        for together in (fresh, *([one] for one in suspects)):
            if together is not fresh and len(records) > 1:
                self._set_apart(*together)
            if not self._pull(together, is_fragile=bool(suspects)):
                for record in together:
                    if id(record) not in self.outcomes:
                        self._try_alone(record, is_fragile=bool(suspects))
        for record in records:
            if id(record) not in self.outcomes:
                self._end(record, Later(LaterReason.NOT_ATTEMPTED))
        return [(record, self.outcomes[id(record)]) for record in records]

    def _try_alone(self, record: Record, *, is_fragile: bool) -> None:
        """Try a record alone after the step raised: if it raises again or its claim is still held, it is the cause."""
        has_raised = not self._pull([record], is_fragile=is_fragile)
        if has_raised or self.outcomes.get(id(record)) == Later(LaterReason.IN_PROGRESS):
            self._end(record, Later(LaterReason.UNEXPECTED))

    def _pull(self, records: Sequence[Record], *, is_fragile: bool) -> bool:
        """Take outcomes until the deadline. Return False if the step raised; the log omits the error's text."""
        if not records or self.deadline.remaining() <= 0:
            return True
        try:
            for record, outcome in self.step(records, self.deadline):
                self._end(record, outcome, is_fragile=is_fragile)
                if self.deadline.remaining() <= 0:
                    break
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - one record must not take the others down, whatever it raises
            frame = traceback.extract_tb(error.__traceback__)[-1]
            facts = {"error": type(error).__name__, "where": f"{frame.name}:{frame.lineno}", "records": len(records)}
            logger.error("the step raised", extra=facts)
            return False
        return True

    def _set_apart(self, suspect: Record) -> None:
        """Hide the suspect for its own delay: after a crash it must not return in one batch with the others."""
        if suspect.source is Source.SQS:
            self.resources.redelivery.hide([(suspect, Later(LaterReason.UNEXPECTED))], self.end, is_moving=False)

    def _end(self, record: Record, outcome: Outcome, *, is_fragile: bool = False) -> None:
        """Carry out an outcome. Beside a suspect, delete a finished record at once: a crash would redeliver it."""
        became = self.resources.parking.commit(record, outcome) if isinstance(outcome, Park) else outcome
        self.outcomes[id(record)] = became
        report_end(became)
        if is_fragile and not isinstance(became, Later) and record.source is Source.SQS:
            self.resources.redelivery.delete(record, self.end)


def log_outcome(record: Record, outcome: Outcome) -> None:
    """Log the end of a record: one line with its ids and its reason."""
    facts = {"record": record.message_id, "sns_message_id": record.sns_message_id, "receive": record.receive_count}
    match outcome:
        case Delivered():
            logger.info("delivered", extra=facts)
        case Duplicate(is_parked=True):
            logger.warning("duplicate", extra={**facts, "parked": True})
        case Duplicate():
            logger.info("duplicate", extra=facts)
        case Skipped(reason):
            logger.info("skipped", extra={**facts, "reason": reason.value})
        case Move(lane) | Moved(lane):
            logger.info("moved", extra={**facts, "lane": lane})
        case Later(reason, after):
            logger.warning("later", extra={**facts, "reason": reason.value, "asked": after})
        case Park(reason, detail):
            logger.error("parked", extra={**facts, "reason": reason.value, "detail": detail})
