"""The alerts of one destination -> their outcomes: posted there, or by the default one, or parked.

find the door (secret, circuit) -> claim -> post -> end the claim
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from aws_events.envelope import Record
from record_batch.circuit import Circuits
from record_batch.claims import Claim, Claims
from record_batch.metrics import report_asked, report_latency
from record_batch.outcome import (
    Delivered,
    Duplicate,
    Later,
    LaterReason,
    Outcome,
    Park,
    ParkReason,
    Skipped,
    SkipReason,
)
from record_batch.telemetry import logger
from retry_policies import Deadline, RetryPolicy
from retry_policies.deadline import Clock
from slack_alerts.doors import NO_SECRET, Door, Doors, Keyring, Open, is_without_secret
from slack_alerts.models import Alert, Closed, Credentials, SlackMessage
from slack_alerts.posting import Posted, Posting, judge


@dataclass(frozen=True, slots=True)
class Turned:
    """An alert turned away at a closed door, still claimed there."""

    door: Closed
    claim: Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Hands alerts over, by a policy."""

    keyring: Keyring
    post: Callable[[Credentials, SlackMessage, float], None]
    """(credentials, message, timeout) -> None, or SlackRefused or SlackUnreachable."""
    policy: RetryPolicy
    default: str
    claims: Claims
    circuits: Circuits
    tell_ops: Callable[[str, str, Deadline], None]
    clock: Clock = time.time
    """The wall's, which alarms go by."""

    def visit(self) -> "Visit":
        """One batch's deliveries."""
        return Visit(self, Doors(self.keyring, self.circuits, self.default))


@dataclass(frozen=True, slots=True)
class Visit:
    """One batch, however often the step is run over parts of it."""

    delivery: Delivery
    doors: Doors

    def deliver(
        self, destination: str, alerts: Iterable[Alert], deadline: Deadline
    ) -> Iterator[tuple[Record, Outcome]]:
        """Each record with its outcome; those for which no time is left are not yielded."""
        for alert in alerts:
            if deadline.remaining() < self.delivery.policy.min_attempt_time:
                return
            with logger.append_context_keys(record=alert.record.message_id, destination=destination):
                outcome = self._end_of(destination, alert, deadline)
            yield alert.record, outcome

    def _end_of(self, destination: str, alert: Alert, deadline: Deadline) -> Outcome:
        """What becomes of it; one of our own stops at the door, whatever Slack may say behind it."""
        if alert.self_test is not None:
            door = self.doors.find(destination, alert.record, deadline)
            return Skipped(SkipReason.SELF_TEST_FAILED if is_without_secret(door) else alert.self_test)
        outcome = self._hand_over(destination, alert, deadline)
        if isinstance(outcome, Delivered):
            report_latency(alert.occurred_at, self.delivery.clock())
        return outcome

    def _hand_over(self, destination: str, alert: Alert, deadline: Deadline) -> Outcome:
        """To its destination; where that is closed, to the default one; where that is too, aside."""
        end = self._bring(destination, alert, deadline)
        if not isinstance(end, Turned):
            return end
        door, claim = end.door, end.claim
        logger.error("destination closed", extra={"why": door.why, "code": door.code})
        if destination == self.delivery.default:
            return self._park(destination, alert, door, deadline, claim)
        note = f"meant for {destination}: {door.why}"
        match other := self._bring(self.delivery.default, alert.noted(note), deadline, is_doubtful=claim.is_doubtful):
            case Turned():
                return self._park(destination, alert, door, deadline, claim, other.claim)
            case Park():
                return replace(other, held=(claim, *other.held))
            case Delivered() | Duplicate(is_parked=False):
                claim.commit()
                if door is NO_SECRET:
                    self._tell(destination, alert, door, deadline)
            case _:
                claim.release()
        return other

    def _park(self, destination: str, alert: Alert, door: Closed, deadline: Deadline, *claims: Claim) -> Park:
        self._tell(destination, alert, door, deadline)
        return Park(ParkReason.DESTINATION_REFUSED, door.code, claims)

    def _tell(self, destination: str, alert: Alert, door: Closed, deadline: Deadline) -> None:
        line = f"Destination {destination}: {door.why} ({door.code}). {alert.line}"
        self.delivery.tell_ops(destination, line, deadline)

    def _bring(
        self, destination: str, alert: Alert, deadline: Deadline, *, is_doubtful: bool = False
    ) -> Outcome | Turned:
        """To this destination and no other: claimed there before anything is sent.

        is_doubtful: it may have arrived at another one.
        """
        door = self.doors.find(destination, alert.record, deadline)
        if isinstance(door, Later):
            return door
        claim = self.delivery.claims.claim(destination, alert.identity, alert.hop)
        if not isinstance(claim, Claim):
            return claim
        if claim.is_exhausted:
            return Park(ParkReason.DELIVERY_UNKNOWN, "unanswered", (claim,))
        if isinstance(door, Closed):
            return Turned(door, claim)
        if (later := self._knock(destination, door, deadline)) is not None:
            claim.release()
            return later
        posting = Posting(self.delivery.post, self.delivery.policy, deadline, claim.is_doubtful or is_doubtful)
        return self._post(destination, door, claim, alert, posting)

    def _knock(self, destination: str, door: Open, deadline: Deadline) -> Later | None:
        """None where a post may start. A probe that there is no time for would keep all others out for nothing."""
        if deadline.remaining() < self.delivery.policy.min_attempt_time:
            return Later(LaterReason.NOT_ATTEMPTED)
        return self.doors.knock(destination, door)

    def _find_again(self, destination: str, deadline: Deadline) -> Door | None:
        """Another way in, knocked at; None if there is none."""
        other = self.doors.find_again(destination, deadline)
        return (self._knock(destination, other, deadline) or other) if isinstance(other, Open) else other

    def _post(self, destination: str, door: Open, claim: Claim, alert: Alert, posting: Posting) -> Outcome | Turned:
        """Post; where the credentials are refused, once more if there are others by now."""
        posted = posting.post(door.access.credentials, alert)
        report_asked(posted.asked)
        end = judge(posted, alert.record)
        other = self._find_again(destination, posting.deadline) if isinstance(end, Closed) else None
        if isinstance(other, Open):
            door, posted = other, posting.post(other.access.credentials, alert)
            end = judge(posted, alert.record)
        elif other is not None:
            end = other
        return _end(claim, self.doors.learn(destination, door, end, posted.asked), posted)


def _end(claim: Claim, end: Outcome | Closed, posted: Posted) -> Outcome | Turned:
    """End the claim as the post ended; what is to be parked or goes elsewhere stays claimed until that is done."""
    if posted.is_doubtful:
        claim.doubt()
    match end:
        case Closed():
            return Turned(end, claim)
        case Park():
            return replace(end, held=(claim,))
        case Delivered():
            claim.commit()
        case Later(LaterReason.UNANSWERED):
            if not claim.leave_unanswered():
                return Park(ParkReason.DELIVERY_UNKNOWN, "unanswered", (claim,))
        case _:
            claim.release()
    return end
