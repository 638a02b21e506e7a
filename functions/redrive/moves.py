"""Letters back to AlertsQueue, one by one: send, then delete. What dies in between is a duplicate, never a loss."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from record_batch.aws_errors import AWS_ERRORS, error_code
from record_batch.claims import Claim, Claims
from record_batch.outcome import Later, Park, ParkReason
from record_batch.parking import Parking, ParkingFailed
from record_batch.telemetry import logger
from redrive.judging import Judge, Verdict
from redrive.letters import Letter, read_letter
from redrive.models import Report, Request
from retry_policies import Deadline
from retry_policies.deadline import Clock

HIDDEN = 120
"""Seconds that a letter is hidden while a redrive holds it: longer than the function runs."""
PACE = 0.5
"""Seconds between two letters: Slack takes one a second, and the queue behind is worked at two at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """Works through one queue."""

    sqs: Any
    """boto3's SQS client."""
    from_url: str
    to_url: str
    parking: Parking
    claims: Claims
    judge: Judge
    sleep: Callable[[float], None] = time.sleep
    clock: Clock = time.time
    held: list[Letter] = field(default_factory=list)
    """Looked at and left: visible again at the end, so that one run sees none of them twice."""

    def work(self, request: Request, report: Report, deadline: Deadline) -> None:
        """Move what may move, before the deadline; `report` counts it, also where something raises."""
        try:
            for letter in self._letters(deadline):
                if report.gone >= request.limit:
                    self.held.append(letter)
                    return
                report.counts[self._treat(letter, request, deadline)] += 1
        finally:
            for letter in self.held:
                self._show(letter)

    def _letters(self, deadline: Deadline) -> Iterator[Letter]:
        """One after the other until there is none, or no time."""
        while deadline.remaining() > 0:
            answer = self.sqs.receive_message(
                QueueUrl=self.from_url,
                MaxNumberOfMessages=10,
                VisibilityTimeout=HIDDEN,
                MessageAttributeNames=["All"],
                AttributeNames=["SentTimestamp"],
            )
            letters = [letter for one in answer.get("Messages", []) if (letter := read_letter(one)) is not None]
            if not letters:
                return
            for number, letter in enumerate(letters):
                if deadline.remaining() <= 0:
                    self.held.extend(letters[number:])
                    return
                yield letter

    def _treat(self, letter: Letter, request: Request, deadline: Deadline) -> str:
        """Do with it what is to be done -> the end it is counted under. What stays is held until the end."""
        self.held.append(letter)
        is_meant = not request.reasons or letter.reason in request.reasons
        if not is_meant or self.clock() - letter.since < request.older_than:
            return "filtered"
        verdict, destination, notification = self.judge.judge(letter, request.source, deadline)
        end = str(verdict.value)
        if verdict is Verdict.WAIT or request.is_dry_run:
            return end
        try:
            if verdict is not Verdict.PARK:
                self._send(letter, letter.hop + (verdict is Verdict.MOVE))
            elif not self._park(letter, destination, notification.identity):
                return str(Verdict.WAIT.value)
            self.sqs.delete_message(QueueUrl=self.from_url, ReceiptHandle=letter.receipt_handle)
        except (*AWS_ERRORS, ParkingFailed) as error:
            logger.error("not redriven", extra={"record": letter.record.message_id, "error": error_code(error)})
            return "failed"
        self.held.remove(letter)
        self.sleep(PACE)
        return end

    def _send(self, letter: Letter, hop: int) -> None:
        self.sqs.send_message(
            QueueUrl=self.to_url, MessageBody=letter.record.body, MessageAttributes=letter.sent_on(hop)
        )

    def _park(self, letter: Letter, destination: str, identity: str) -> bool:
        """Aside for good, first the message, then its row; False while somebody is posting it."""
        claim = self.claims.claim(destination, identity, letter.hop)
        if isinstance(claim, Later):
            return False
        if isinstance(claim, Claim):
            try:
                self.parking.park(letter.record, Park(ParkReason.KEEPS_FAILING, f"{letter.hop} redrives"))
            except ParkingFailed:
                claim.release()
                raise
            claim.park()
        return True

    def _show(self, letter: Letter) -> None:
        """Visible again at once; where that fails, after HIDDEN."""
        with contextlib.suppress(*AWS_ERRORS):
            self.sqs.change_message_visibility(
                QueueUrl=self.from_url, ReceiptHandle=letter.receipt_handle, VisibilityTimeout=0
            )
