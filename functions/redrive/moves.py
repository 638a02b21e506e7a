"""Messages -> lanes or AlertsQueue, in order: send, then delete. A crash in between is a duplicate, never a loss."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from observability.aws_errors import AWS_ERRORS, error_code
from observability.telemetry import logger
from record_batch.admission import EXPIRED, is_expired
from record_batch.lane_message import moved_message
from record_batch.lane_queue import LaneQueue
from record_batch.parking import Parking, ParkingFailed
from record_batch.receiving import WAIT
from redrive.intake import Intake
from redrive.messages import Message
from redrive.report import LEAVING, End, Report, Stopped
from redrive.request import Request, Source
from redrive.source_queue import SourceQueue
from retry_policies import Deadline
from retry_policies.deadline import Clock

type Ends = Iterator[tuple[Message, End]]
"""Messages, each with its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """Moves the messages of one queue."""

    queue: SourceQueue
    source: Source
    intake: Intake
    lanes: LaneQueue
    parking: Parking
    own_queues: frozenset[str]
    """ARNs of AlertsQueue and LanesQueue: a message parked from another queue is not an alert."""
    clock: Clock = time.time

    def work(self, request: Request, report: Report, deadline: Deadline) -> None:
        """Move messages until none is visible or the time ends; make the others visible. Update `report` with each."""
        hidden: dict[str, None] = {}
        try:
            report.stop(self._work(request, report, hidden, deadline))
        finally:
            self.queue.show(hidden, deadline)

    def _work(self, request: Request, report: Report, hidden: dict[str, None], deadline: Deadline) -> Stopped:
        while deadline.remaining() > WAIT:
            messages = self.queue.receive()
            if not messages:
                return Stopped.DONE
            hidden |= dict.fromkeys(message.receipt_handle for message in messages)
            if deadline.remaining() <= 0:
                return Stopped.TIME
            room = request.limit - report.moved
            selected = [message for message in messages if self._is_selected(message, request)]
            report.ends[End.FILTERED] += len(messages) - len(selected)
            for message, end in self._move(selected[:room], request, deadline):
                report.ends[end] += 1
                if end in LEAVING and not request.is_dry_run:
                    del hidden[message.receipt_handle]
                if deadline.remaining() <= 0:
                    return Stopped.TIME
            if len(selected) > room:
                return Stopped.LIMIT
        return Stopped.TIME

    def _is_selected(self, message: Message, request: Request) -> bool:
        has_reason = not request.reasons or message.reason in request.reasons
        is_ours = not message.parked_from or message.parked_from in self.own_queues
        return has_reason and is_ours and self.clock() - message.since >= request.older_than

    def _move(self, messages: Sequence[Message], request: Request, deadline: Deadline) -> Ends:
        """Yield the messages, each with its end as soon as it is known."""
        expired = [
            one for one in messages if self.source is Source.DEAD_LETTERS and is_expired(one.record, self.clock())
        ]
        others = [one for one in messages if one not in expired]
        for one in expired:
            yield one, self._send_and_delete(one, self._park, End.EXPIRED, request)
        if self.source is Source.PARKING:
            for one in others:
                yield one, self._send_and_delete(one, self._renew, End.MOVED, request)
        elif any(one.lane for one in others):
            yield from self._to_lanes(others, request, deadline)
        else:
            yield from self._to_intake(others, request, deadline)

    def _to_lanes(self, messages: Sequence[Message], request: Request, deadline: Deadline) -> Ends:
        """Send the messages to the end of their lanes."""
        if request.is_dry_run:
            yield from ((one, End.MOVED) for one in messages)
            return
        taken = self.lanes.send([moved_message(one.record, one.lane) for one in messages], deadline)
        yield from [  # all at once: each sent message is deleted even if the time ends meanwhile
            (one, self._send_and_delete(one, _sent, End.MOVED, request) if is_taken else End.FAILED)
            for one, is_taken in zip(messages, taken, strict=True)
        ]

    def _to_intake(self, messages: Sequence[Message], request: Request, deadline: Deadline) -> Ends:
        """Send the messages to AlertsQueue once intake works; until then only one goes, as a probe."""
        for one in messages:
            if self.intake.check():
                end = End.MOVED
            elif self.intake.has_probed:
                yield one, End.WAITING
                continue
            else:
                end, self.intake.has_probed = End.PROBE, True
            became = self._send_and_delete(one, self.intake.send, end, request)
            yield one, became
            if became is End.PROBE and not request.is_dry_run:
                self.intake.wait(deadline)

    def _send_and_delete(self, message: Message, send: Callable[[Message], None], end: End, request: Request) -> End:
        """Send the message, then delete it from its queue; do nothing in a dry run."""
        if request.is_dry_run:
            return end
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
        self.parking.park(message.record, EXPIRED)


def _sent(_: Message) -> None:
    """Do nothing: the batch call has sent it."""
