"""Letters back to where alerts are worked, in order: send, then delete. A crash in between is a duplicate, never a loss."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from record_batch.admission import is_expired
from record_batch.aws_errors import AWS_ERRORS, error_code
from record_batch.lane_queue import LaneQueue, moved
from record_batch.last_success import LastSuccess
from record_batch.outcome import Park, ParkReason
from record_batch.parking import Parking, ParkingFailed
from record_batch.telemetry import logger
from redrive.letters import Letter
from redrive.models import LEAVING, End, Report, Request, Source, Stopped
from redrive.undelivered import WAIT, Undelivered
from retry_policies import Deadline
from retry_policies.deadline import Clock

TIME_FOR_PAGE = 5.0
"""Seconds that a page of ten letters may take."""
WORKS_WITHIN = 300.0
"""Seconds: intake works if it finished a record so recently."""
LOOK_EVERY = 1.0
"""Seconds between two looks whether intake finished the probe."""


@dataclass(slots=True, kw_only=True)
class Intake:
    """Whether intake works, and AlertsQueue before it."""

    sqs: Any
    """boto3's SQS client."""
    url: str
    last_success: LastSuccess
    clock: Clock = time.time
    sleep: Callable[[float], None] = time.sleep
    works: bool = False

    def look(self) -> bool:
        """Tell whether intake has finished a record lately. May raise RowsUnavailable."""
        self.works = self.works or self.last_success.at() >= self.clock() - WORKS_WITHIN
        return self.works

    def wait(self, deadline: Deadline) -> None:
        """Wait until intake has finished the probe, or until the deadline."""
        while not self.look() and deadline.remaining() > TIME_FOR_PAGE:
            self.sleep(LOOK_EVERY)

    def send(self, letter: Letter, **facts: object) -> None:
        """Send the letter to AlertsQueue; raises boto3's errors."""
        self.sqs.send_message(
            QueueUrl=self.url, MessageBody=letter.record.body, MessageAttributes=letter.attributes(**facts)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """Works through one queue."""

    queue: Undelivered
    source: Source
    intake: Intake
    lanes: LaneQueue
    parking: Parking
    own_queues: frozenset[str]
    """ARNs of AlertsQueue and LanesQueue: what was parked from another queue is not an alert."""
    clock: Clock = time.time

    def work(self, request: Request, report: Report, deadline: Deadline) -> None:
        """Move letters while there are any and time remains; show the others again. Keeps `report` up to date."""
        held: dict[str, None] = {}
        try:
            report.stopped = self._work(request, report, held, deadline)
        finally:
            self.queue.show(held, deadline)

    def _work(self, request: Request, report: Report, held: dict[str, None], deadline: Deadline) -> Stopped:
        while deadline.remaining() > WAIT + TIME_FOR_PAGE:
            letters = self.queue.receive()
            if not letters:
                return Stopped.DONE
            held |= dict.fromkeys(letter.receipt_handle for letter in letters)
            room = request.limit - report.gone
            asked = [letter for letter in letters if self._is_asked(letter, request)]
            report.ends[End.FILTERED] += len(letters) - len(asked)
            for letter, end in self._treat(asked[:room], request, deadline):
                report.ends[end] += 1
                if end in LEAVING and not request.is_dry_run:
                    del held[letter.receipt_handle]
            if len(asked) > room:
                return Stopped.LIMIT
        return Stopped.TIME

    def _is_asked(self, letter: Letter, request: Request) -> bool:
        is_meant = not request.reasons or letter.reason in request.reasons
        is_ours = not letter.parked_from or letter.parked_from in self.own_queues
        return is_meant and is_ours and self.clock() - letter.since >= request.older_than

    def _treat(self, letters: Sequence[Letter], request: Request, deadline: Deadline) -> list[tuple[Letter, End]]:
        """Return the letters with their ends, in order."""
        expired = [
            one for one in letters if self.source is Source.DEAD_LETTERS and is_expired(one.record, self.clock())
        ]
        others = [one for one in letters if one not in expired]
        if request.is_dry_run:
            return [*((one, End.EXPIRED) for one in expired), *self._foresee(others)]
        ends = [(one, self._carry_out(one, self._park, End.EXPIRED)) for one in expired]
        if any(one.lane for one in others):
            return ends + self._to_lanes(others, deadline)
        return ends + self._to_intake(others, deadline)

    def _foresee(self, letters: Sequence[Letter]) -> list[tuple[Letter, End]]:
        if not letters or letters[0].lane or self.source is Source.PARKING or self.intake.look():
            return [(one, End.MOVED) for one in letters]
        return [(letters[0], End.PROBE), *((one, End.WAITING) for one in letters[1:])]

    def _to_lanes(self, letters: Sequence[Letter], deadline: Deadline) -> list[tuple[Letter, End]]:
        """Send the letters to the end of their lanes."""
        taken = self.lanes.send([moved(one.record, one.lane) for one in letters], deadline)
        return [
            (one, self._carry_out(one, _sent, End.MOVED) if is_taken else End.FAILED)
            for one, is_taken in zip(letters, taken, strict=True)
        ]

    def _to_intake(self, letters: Sequence[Letter], deadline: Deadline) -> list[tuple[Letter, End]]:
        """Send the letters to AlertsQueue: dead ones once intake works, which one of them may have to show."""
        if self.source is Source.PARKING:
            return [(one, self._carry_out(one, self._renew, End.MOVED)) for one in letters]
        ends: list[tuple[Letter, End]] = []
        for one in letters:
            if self.intake.look():
                ends.append((one, self._carry_out(one, self.intake.send, End.MOVED)))
            elif any(end is End.PROBE for _, end in ends):
                ends.append((one, End.WAITING))
            else:
                ends.append((one, self._carry_out(one, self.intake.send, End.PROBE)))
                self.intake.wait(deadline)
        return ends

    def _carry_out(self, letter: Letter, send: Callable[[Letter], None], end: End) -> End:
        """Send the letter, then delete it from its queue."""
        try:
            send(letter)
            self.queue.delete(letter)
        except (*AWS_ERRORS, ParkingFailed) as error:
            code = str(error) if isinstance(error, ParkingFailed) else error_code(error)
            logger.error("not redriven", extra={"record": letter.record.message_id, "error": code})
            return End.FAILED
        return end

    def _renew(self, letter: Letter) -> None:
        """Send a parked letter as if it had been published now: whoever redrives it wants it delivered."""
        self.intake.send(letter, renewed_at=self.clock())

    def _park(self, letter: Letter) -> None:
        self.parking.park(letter.record, Park(ParkReason.EXPIRED, "12 days old"))


def _sent(_: Letter) -> None:
    """Do nothing: the batch call has sent it."""
