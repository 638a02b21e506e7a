"""Letters back to AlertsQueue, one by one: send, then delete. What dies in between is a duplicate, never a loss."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from record_batch.aws_errors import AWS_ERRORS, error_code
from record_batch.claims import Claim, Claims
from record_batch.outcome import Later, Park, ParkReason
from record_batch.parking import Parking, ParkingFailed
from record_batch.rows import RowsUnavailable
from record_batch.telemetry import logger
from redrive.judging import Judge, Judgement
from redrive.letters import Letter
from redrive.models import LEAVING, End, Report, Request, Stopped
from redrive.undelivered import WAIT, Undelivered
from retry_policies import Deadline
from retry_policies.deadline import Clock

PACE = 0.5
"""Seconds between two letters: Slack takes one a second, and the queue behind is worked at two at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """Works through one queue."""

    queue: Undelivered
    sqs: Any
    """boto3's SQS client."""
    to_url: str
    to_arn: str
    """Of the same queue: what was parked from another one is no alert."""
    parking: Parking
    claims: Claims
    judge: Judge
    sleep: Callable[[float], None] = time.sleep
    clock: Clock = time.time

    def work(self, request: Request, report: Report, deadline: Deadline) -> None:
        """Move what may move, before the deadline; what was looked at and left is shown again at the end.

        `report` is kept up to date, because what the judge or the queue cannot read raises.
        """
        held: dict[str, None] = {}
        try:
            report.stopped = self._work(request, report, held, deadline)
        finally:
            self.queue.show(held, deadline)

    def _work(self, request: Request, report: Report, held: dict[str, None], deadline: Deadline) -> Stopped:
        while deadline.remaining() > WAIT:
            letters = self.queue.receive()
            if not letters:
                return Stopped.DONE
            held |= dict.fromkeys(letter.receipt_handle for letter in letters)
            for letter in letters:
                if report.gone >= request.limit:
                    return Stopped.LIMIT
                if deadline.remaining() <= PACE:
                    return Stopped.TIME
                end = self._treat(letter, request, deadline)
                report.ends[end] += 1
                if end in LEAVING and not request.is_dry_run:
                    del held[letter.receipt_handle]
        return Stopped.TIME

    def _treat(self, letter: Letter, request: Request, deadline: Deadline) -> End:
        is_meant = not request.reasons or letter.reason in request.reasons
        is_ours = letter.parked_from in ("", self.to_arn)
        if not is_meant or not is_ours or self._age(letter) < request.older_than:
            return End.FILTERED
        judgement = self.judge.judge(letter, request.source, deadline)
        if request.is_dry_run or judgement.end is End.WAITING:
            return judgement.end
        try:
            return self._move(letter, judgement)
        except (*AWS_ERRORS, ParkingFailed) as error:
            code = str(error) if isinstance(error, ParkingFailed) else error_code(error)
            logger.error("not redriven", extra={"record": letter.record.message_id, "error": code})
            return End.FAILED
        finally:
            self.sleep(PACE)

    def _age(self, letter: Letter) -> float:
        return self.clock() - letter.since

    def _move(self, letter: Letter, judgement: Judgement) -> End:
        """To where it shall go, and only then out of its queue."""
        end = judgement.end
        if end is End.PARKED:
            end = self._park(letter, judgement)
        else:
            hop = letter.hop if end is End.PROBE or letter.reason else letter.hop + 1  # what is parked is on its next
            self.sqs.send_message(
                QueueUrl=self.to_url, MessageBody=letter.record.body, MessageAttributes=letter.sent_on(hop)
            )
        if end in LEAVING:
            self.queue.delete(letter)
        return end

    def _park(self, letter: Letter, judgement: Judgement) -> End:
        """Aside for good: first the message, then its row. Whoever is posting it at this moment goes first."""
        claim = self.claims.claim(judgement.destination, judgement.notification.identity, letter.hop)
        if isinstance(claim, Later):
            return End.WAITING
        if not isinstance(claim, Claim):
            return End.DUPLICATE
        try:
            self.parking.park(letter.record, Park(ParkReason.KEEPS_FAILING, f"{letter.hop} redrives", (claim,)))
        except ParkingFailed:
            claim.release()
            raise
        try:
            claim.park()
        except RowsUnavailable as error:  # parked twice is allowed, and better than for ever
            logger.warning("row not written", extra={"record": letter.record.message_id, "error": str(error)})
        return End.PARKED
