"""Messages -> lanes or AlertsQueue, in order: send, then delete. A crash in between is a duplicate, never a loss."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from observability.aws_errors import AWS_ERRORS, error_code
from observability.telemetry import logger
from outcomes.outcome import Park, ParkReason
from record_batch.admission import is_expired
from record_batch.lane_queue import LaneQueue, moved_message
from record_batch.overflow import Overflow
from record_batch.parking import Parking, ParkingFailed
from redrive.messages import Message
from redrive.models import LEAVING, End, Report, Request, Source, Stopped
from redrive.undelivered import WAIT, Undelivered
from retry_policies import Deadline
from retry_policies.deadline import Clock
from shared_state.last_success import LastSuccess

WORKS_WITHIN = 300.0
"""Seconds: intake counts as working if it finished a record within this time."""
OVERFLOW_DELAY = 10
"""Seconds of delay for a message whose facts are written to the table after it is sent."""
LOOK_EVERY = 1.0
"""Seconds between two checks whether intake has finished the probe."""

type Ends = Iterator[tuple[Message, End]]
"""Messages, each with its end."""


@dataclass(slots=True, kw_only=True)
class Intake:
    """The state of intake, and AlertsQueue, from which it receives."""

    sqs: Any
    """boto3's SQS client."""
    url: str
    overflow: Overflow
    last_success: LastSuccess
    clock: Clock = time.time
    sleep: Callable[[float], None] = time.sleep
    works: bool = False
    has_probed: bool = False
    """Whether this redrive has tried to send a probe; a second probe would give no new information."""

    def look(self) -> bool:
        """Return whether intake has finished a record lately. May raise RowsUnavailable."""
        self.works = self.works or self.last_success.at() >= self.clock() - WORKS_WITHIN
        return self.works

    def wait(self, deadline: Deadline) -> None:
        """Wait until intake has finished the probe, for half of the time: the rest is for the other messages."""
        end = deadline.at_most(deadline.remaining() / 2)
        while not self.look() and end.remaining() > 0:
            self.sleep(LOOK_EVERY)

    def send(self, message: Message, **facts: object) -> None:
        """Send the message to AlertsQueue; raises boto3's errors or RowsUnavailable."""
        beside = message.attributes(**facts)
        answer = self.sqs.send_message(
            QueueUrl=self.url,
            MessageBody=message.record.body,
            MessageAttributes=beside.sent,
            DelaySeconds=OVERFLOW_DELAY if beside.overflow else 0,
        )
        self.overflow.keep(answer["MessageId"], beside.overflow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """Works through one queue."""

    queue: Undelivered
    source: Source
    intake: Intake
    lanes: LaneQueue
    parking: Parking
    own_queues: frozenset[str]
    """ARNs of AlertsQueue and LanesQueue: a message parked from another queue is not an alert."""
    clock: Clock = time.time

    def work(self, request: Request, report: Report, deadline: Deadline) -> None:
        """Move messages until none is visible or the time ends; show the others again. Update `report` with each."""
        held: dict[str, None] = {}
        try:
            report.stop(self._work(request, report, held, deadline))
        finally:
            self.queue.show(held, deadline)

    def _work(self, request: Request, report: Report, held: dict[str, None], deadline: Deadline) -> Stopped:
        while deadline.remaining() > WAIT:
            messages = self.queue.receive()
            if not messages:
                return Stopped.DONE
            held |= dict.fromkeys(message.receipt_handle for message in messages)
            if deadline.remaining() <= 0:
                return Stopped.TIME
            room = request.limit - report.gone
            asked = [message for message in messages if self._is_asked(message, request)]
            report.ends[End.FILTERED] += len(messages) - len(asked)
            for message, end in self._treat(asked[:room], request, deadline):
                report.ends[end] += 1
                if end in LEAVING and not request.is_dry_run:
                    del held[message.receipt_handle]
                if deadline.remaining() <= 0:
                    return Stopped.TIME
            if len(asked) > room:
                return Stopped.LIMIT
        return Stopped.TIME

    def _is_asked(self, message: Message, request: Request) -> bool:
        is_meant = not request.reasons or message.reason in request.reasons
        is_ours = not message.parked_from or message.parked_from in self.own_queues
        return is_meant and is_ours and self.clock() - message.since >= request.older_than

    def _treat(self, messages: Sequence[Message], request: Request, deadline: Deadline) -> Ends:
        """Yield the messages, each with its end as soon as it is known."""
        expired = [
            one for one in messages if self.source is Source.DEAD_LETTERS and is_expired(one.record, self.clock())
        ]
        others = [one for one in messages if one not in expired]
        for one in expired:
            yield one, End.EXPIRED if request.is_dry_run else self._carry_out(one, self._park, End.EXPIRED)
        if self.source is Source.PARKING:
            for one in others:
                yield one, End.MOVED if request.is_dry_run else self._carry_out(one, self._renew, End.MOVED)
        elif any(one.lane for one in others):
            yield from ((one, End.MOVED) for one in others) if request.is_dry_run else self._to_lanes(others, deadline)
        else:
            yield from self._to_intake(others, request, deadline)

    def _to_lanes(self, messages: Sequence[Message], deadline: Deadline) -> Ends:
        """Send the messages to the end of their lanes."""
        taken = self.lanes.send([moved_message(one.record, one.lane) for one in messages], deadline)
        yield from [  # all at once: each sent message is deleted even if the time ends meanwhile
            (one, self._carry_out(one, _sent, End.MOVED) if is_taken else End.FAILED)
            for one, is_taken in zip(messages, taken, strict=True)
        ]

    def _to_intake(self, messages: Sequence[Message], request: Request, deadline: Deadline) -> Ends:
        """Send the messages to AlertsQueue once intake works; until then only one goes, as a probe."""
        for one in messages:
            if self.intake.look():
                end = End.MOVED
            elif self.intake.has_probed:
                yield one, End.WAITING
                continue
            else:
                end, self.intake.has_probed = End.PROBE, True
            became = end if request.is_dry_run else self._carry_out(one, self.intake.send, end)
            yield one, became
            if became is End.PROBE and not request.is_dry_run:
                self.intake.wait(deadline)

    def _carry_out(self, message: Message, send: Callable[[Message], None], end: End) -> End:
        """Send the message, then delete it from its queue."""
        try:
            send(message)
            self.queue.delete(message)
        except (*AWS_ERRORS, ParkingFailed) as error:
            code = str(error) if isinstance(error, ParkingFailed) else error_code(error)
            logger.error("not redriven", extra={"record": message.record.message_id, "error": code})
            return End.FAILED
        return end

    def _renew(self, message: Message) -> None:
        """Send a parked message; its age counts from now."""
        self.intake.send(message, renewed_at=self.clock())

    def _park(self, message: Message) -> None:
        self.parking.park(message.record, Park(ParkReason.EXPIRED, "12 days old"))


def _sent(_: Message) -> None:
    """Do nothing: the batch call has sent it."""
