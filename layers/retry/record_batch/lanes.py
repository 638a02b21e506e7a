"""The batch loop of LanesQueue: works lanes side by side; each deletes finished records and pauses if others stay."""

import time
import traceback
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace

from aws_events.envelope import Record, Source, UnreadableRecord, read_event
from observability.telemetry import log_keys, logger
from outcomes.metrics import report_end, report_oldest
from outcomes.outcome import Later, LaterReason, Move, Moved, Outcome, Park
from record_batch.batch import BatchResponse, Undelivered, log_outcome
from record_batch.lane_queue import LaneQueue, moved_message, routed_message
from record_batch.parking import Parking
from retry_policies.deadline import Clock, Deadline, LambdaContext
from shared_state.rows import RowsUnavailable


@dataclass(frozen=True, slots=True)
class ContinueAlone:
    """A step's request to delete its finished records now, because its next record may crash the function.

    The step resumes alone, after the other lanes of the batch have ended, with a new deadline. Of several such steps
    the one with the fewest crashes resumes first.
    """

    crashes: int = 0


type LaneSteps = Generator[tuple[Record, Outcome] | ContinueAlone, Deadline | None]
type LaneStep = Callable[[str, Sequence[Record], Deadline], LaneSteps]
"""A function's own work: (lane, its records in order, deadline) -> records with their outcomes.

The first Later ends the lane's batch: its `after` is the lane's pause. Records without an outcome stay in the queue.
"""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneResources:
    """The queues for records that are not delivered; lengths in seconds."""

    lanes: LaneQueue
    parking: Parking
    reserve: float
    """Kept to answer the batch."""
    lane_time: float
    """Time for one lane in one batch."""
    crash_pause: float
    """Pause of a lane after a fault of ours: as long as a lease, so that claims of a step that raised can lapse."""
    default_lane: str
    """For alerts that SNS delivers directly while a stack without lanes is updated."""


def run_lanes(  # noqa: PLR0913 - the last two are for tests
    event: object,
    context: LambdaContext,
    step: LaneStep,
    resources: LaneResources,
    *,
    side_by_side: SideBySide = in_threads,
    clock: Clock = time.monotonic,
) -> BatchResponse:
    """Work an SQS FIFO event; return its partial batch response: of each lane, the records that stay in the queue.

    A record without a lane comes from the mapping or the subscription of the version before lanes, which an update
    removes. An SQS record returns to its queue, where intake receives it. An SNS record goes to the default lane.
    Raises UnknownEvent for an event that is neither SNS nor SQS, Undelivered if SNS must try again or if a record that
    stays has no id.
    """
    deadline = Deadline.from_context(context, reserve=resources.reserve, clock=clock)
    lanes: dict[str, list[Record]] = {}
    failed: list[str] = []
    for entry in read_event(event):
        if isinstance(entry, UnreadableRecord):
            logger.error("record unreadable", extra={"problem": str(entry)})
            failed.append(entry.message_id)
        elif entry.lane:
            lanes.setdefault(entry.lane, []).append(entry)
        elif entry.source is Source.SQS:
            logger.warning("returned to its queue", extra={"record": entry.message_id})
            failed.append(entry.message_id)
        else:
            _forward(entry, resources, deadline)
    batches = [LaneBatch(lane, records, step, deadline, resources) for lane, records in lanes.items()]
    side_by_side([batch.work for batch in batches])
    while alone := [batch for batch in batches if batch.suspended is not None]:
        min(alone, key=lambda batch: batch.suspended.crashes if batch.suspended else 0).work()
    failed += [record.message_id for batch in batches for record in batch.staying]
    if "" in failed:
        raise Undelivered("a record without an id cannot be named in a response")
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _forward(record: Record, resources: LaneResources, deadline: Deadline) -> None:
    message = routed_message(record, resources.default_lane, identity=record.sns_message_id, as_text=False)
    if resources.lanes.send([message], deadline) != [True]:
        raise Undelivered("the lane did not take a record of SNS")


@dataclass(slots=True)
class LaneBatch:
    """The records of one lane in one batch."""

    lane: str
    records: Sequence[Record]
    step: LaneStep
    deadline: Deadline
    resources: LaneResources
    staying: list[Record] = field(default_factory=list)
    """Records without an end, in order."""
    ended: list[Record] = field(default_factory=list)
    """Records that have an end and are not deleted yet."""
    later: Later | None = None
    suspended: ContinueAlone | None = None
    """Set while the step waits for the other lanes of the batch to end."""
    steps: LaneSteps = field(init=False)

    def __post_init__(self) -> None:
        self.staying = list(self.records)
        self.steps = self._start()

    def work(self) -> None:
        """Start or resume the step; then delete finished records and, if others stay, pause the lane."""
        with log_keys(lane=self.lane):
            self._run()
            self._delete()
            if self.staying and self.suspended is None:
                report_oldest(self.staying)
                self.resources.lanes.pause(self.staying, self.later.after if self.later else 0.0, self._end)

    @property
    def _end(self) -> Deadline:
        """The end of the invocation: the reserve is for calls to the queue."""
        return replace(self.deadline, at=self.deadline.at + self.resources.reserve)

    def _start(self) -> LaneSteps:
        """Restore the facts that the records had no room for, then run the function's step."""
        try:
            records = [self.resources.lanes.overflow.restore(record) for record in self.records]
        except RowsUnavailable as error:
            logger.error("facts not read", extra={"error": str(error)})
            yield self.records[0], Later(LaterReason.CLAIMS_UNAVAILABLE, self.resources.crash_pause)
            return
        self.staying, self.records = records, records
        yield from self.step(self.lane, records, self.deadline.at_most(self.resources.lane_time))

    def _run(self) -> None:
        is_going_on, self.suspended = self.suspended is not None, None
        sent = self.deadline.at_most(self.resources.lane_time) if is_going_on else None
        try:
            while True:
                one, sent = self.steps.send(sent), None
                if isinstance(one, ContinueAlone):
                    self.suspended = one
                    return
                if not self._ends(*one):
                    self.steps.close()
                    return
        except StopIteration:
            return
        except KeyboardInterrupt:
            self.steps.close()
            raise
        except BaseException as error:  # noqa: BLE001 - one lane must not take the others down, whatever it raises
            frame = traceback.extract_tb(error.__traceback__)[-1]
            facts = {"error": type(error).__name__, "where": f"{frame.name}:{frame.lineno}"}
            logger.error("the step raised", extra=facts)
            with suppress(Exception):
                self.steps.close()  # if an outcome raised, the step still holds claims
            if self.staying and self.later is None:
                self._ends(self.staying[0], Later(LaterReason.UNEXPECTED, self.resources.crash_pause))

    def _ends(self, record: Record, outcome: Outcome) -> bool:
        """Carry out the outcome; return whether the batch goes on."""
        became = self._commit(record, outcome)
        report_end(became)
        log_outcome(record, became)
        if isinstance(became, Later):
            self.later = became
            return False
        self.staying = [one for one in self.staying if one is not record]
        self.ended.append(record)
        return True

    def _commit(self, record: Record, outcome: Outcome) -> Outcome:
        match outcome:
            case Park():
                parked = self.resources.parking.commit(record, outcome)
                return replace(parked, after=self.resources.crash_pause) if isinstance(parked, Later) else parked
            case Move(lane, note, hop, claims):
                [is_taken] = self.resources.lanes.send([moved_message(record, lane, note=note, hop=hop)], self._end)
                for claim in claims:
                    if is_taken:
                        claim.move()
                    else:
                        claim.release()
                return Moved(lane) if is_taken else Later(LaterReason.NOT_SENT, self.resources.crash_pause)
            case _:
                return outcome

    def _delete(self) -> None:
        if self.ended:
            self.resources.lanes.delete(self.ended, self._end)
            self.ended = []
