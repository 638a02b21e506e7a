"""One lane in one batch: run the function's step, carry out the outcomes, then delete records and pause the lane."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from aws_events.record import Record
from observability.telemetry import log_keys, logger
from outcomes.metrics import report_end, report_oldest
from outcomes.outcome import Later, LaterReason, Move, Moved, Outcome, Park
from outcomes.outcome_log import log_outcome
from record_batch.lane_message import moved_message
from record_batch.lane_queue import LaneQueue
from record_batch.lane_step import ContinueAlone, LaneStep, Outcomes
from record_batch.parking import Parking
from record_batch.step_errors import log_raised
from retry_policies.deadline import Deadline
from shared_state.rows import RowsUnavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneResources:
    """The queues and the times of the lanes' batch loop; lengths in seconds."""

    lanes: LaneQueue
    parking: Parking
    reserve: float
    """Time to answer the batch."""
    lane_time: float
    """Time for one lane in one batch."""
    crash_pause: float
    """Pause of a lane after a fault of our own: as long as a lease, so that the claims of the step lapse."""
    default_lane: str
    """For alerts that SNS delivers directly while a stack without lanes is updated."""


@dataclass(slots=True)
class LaneBatch:
    """The records of one lane in one batch."""

    lane: str
    records: Sequence[Record]
    step: LaneStep
    deadline: Deadline
    resources: LaneResources
    staying: list[Record] = field(default_factory=list)
    """Records that have not ended, in order."""
    ended: list[Record] = field(default_factory=list)
    """Records that have ended and are not deleted yet."""
    later: Later | None = None
    suspended: ContinueAlone | None = None
    """Set while the step waits for the other lanes of the batch."""
    running: Outcomes[None] = field(init=False)
    """The step's generator."""

    def __post_init__(self) -> None:
        self.staying = list(self.records)
        self.running = self._start()

    def work(self) -> None:
        """Start or resume the step; then delete finished records and, if others stay, pause the lane."""
        with log_keys(lane=self.lane):
            self._run()
            self._delete()
            if self.staying and self.suspended is None:
                if not self._is_muted:
                    report_oldest(self.staying)
                self.resources.lanes.pause(self.staying, self.later.after if self.later else 0.0, self._end)

    @property
    def _is_muted(self) -> bool:
        return self.later is not None and self.later.reason is LaterReason.MUTED

    @property
    def _end(self) -> Deadline:
        """The end of the invocation: the reserve is for calls to the queue."""
        return replace(self.deadline, at=self.deadline.at + self.resources.reserve)

    def _start(self) -> Outcomes[None]:
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
        is_resumed, self.suspended = self.suspended is not None, None
        new_deadline = self.deadline.at_most(self.resources.lane_time) if is_resumed else None
        try:
            while True:
                one, new_deadline = self.running.send(new_deadline), None
                if isinstance(one, ContinueAlone):
                    self.suspended = one
                    return
                if not self._finish(*one):
                    self.running.close()
                    return
        except StopIteration:
            return
        except KeyboardInterrupt:
            self.running.close()
            raise
        except BaseException as error:  # noqa: BLE001 - a failure of one lane must not fail the others
            log_raised(error)
            with suppress(Exception):
                self.running.close()  # if carrying out an outcome raised, the step still holds claims
            if self.staying and self.later is None:
                self._finish(self.staying[0], Later(LaterReason.UNEXPECTED, self.resources.crash_pause))

    def _finish(self, record: Record, outcome: Outcome) -> bool:
        """Carry out the outcome; return whether the batch continues."""
        result = self._carry_out(record, outcome)
        report_end(result)
        log_outcome(record, result)
        if isinstance(result, Later):
            self.later = result
            return False
        self.staying = [one for one in self.staying if one is not record]
        self.ended.append(record)
        return True

    def _carry_out(self, record: Record, outcome: Outcome) -> Outcome:
        match outcome:
            case Park():
                parked = self.resources.parking.commit(record, outcome)
                return replace(parked, after=self.resources.crash_pause) if isinstance(parked, Later) else parked
            case Move(lane, note, hop, claims, renewed_at):
                renewed = {} if renewed_at is None else {"renewed_at": renewed_at}
                message = moved_message(record, lane, note=note, hop=hop, **renewed)
                [is_taken] = self.resources.lanes.send([message], self._end)
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
