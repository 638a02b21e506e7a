"""The alerts of one lane -> their outcomes.

find the destination -> claim -> post, alone or as a digest -> end the claims -> hold until the next post may follow
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from aws_events.envelope import Record
from aws_events.message_attributes import read_facts
from notifications.models import Notification
from notifications.parsing import parse
from observability.telemetry import log_keys, logger
from outcomes.metrics import report_latency, report_retry_after
from outcomes.outcome import Delivered, Duplicate, Later, LaterReason, Move, Outcome, Park, ParkReason
from record_batch.lanes import ContinueAlone, LaneSteps
from retry_policies import Deadline, RetryPolicy
from retry_policies.deadline import Clock
from shared_state.claims import Claim, Claims
from shared_state.lane_state import LaneState, LaneStates
from slack_alerts.delivery.destinations import Destinations
from slack_alerts.delivery.pace import Pace
from slack_alerts.delivery.posting import Posted, Posting, outcome_of
from slack_alerts.delivery.probing import Candidate, find_fresh, find_spent
from slack_alerts.formatting.digest import format_digest
from slack_alerts.formatting.message import format_line, format_message, format_plain
from slack_alerts.models import Access, Alert, ClosedDestination, Credentials, SlackMessage

FULL_BATCH = 10
"""Most records of one batch. Behind a full batch the lane may have more records."""
HOP_LIMIT = 3
"""Moves to the end of its lane, or redrives from parking, after which an alert that keeps failing is parked."""
FRESH = 1.0
"""Age in seconds up to which a single alert does not hold its lane: no other alert waits behind it yet."""
LONGEST_WAIT_FOR_PROBE = 900.0
"""Longest pause, in seconds, of a lane whose alerts are all spent: a new alert must not wait for longer."""
CRASH_LIMIT = 5
"""Crashes after which an alert is tried once per CRASH_PAUSE, while no other alert of its lane is delivered."""
CRASH_PAUSE = 900.0
"""Seconds between two tries of an alert with CRASH_LIMIT crashes."""
TOLD_AFTER = 900.0
"""Seconds after which operations are told of an answer that is not Slack's."""
BLAMED = frozenset({LaterReason.UNREACHABLE, LaterReason.UNANSWERED, LaterReason.UNEXPECTED_ANSWER})
"""Failures that may be the alert's own."""
TOLD = frozenset({LaterReason.UNEXPECTED_ANSWER, LaterReason.SECRET_EXPIRED})
"""Failures that only people can repair: operations are told."""

TIME_TO_CLAIM = 1.0
"""Seconds for one more claim: a slow table must leave time for the post."""
DIGEST_REFUSED, BLOCKS_REFUSED = 1, 2
"""The forms of an alert that Slack refused, as `Row.simplified` counts them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The delivery of alerts to Slack, by a policy. Lengths in seconds."""

    destinations: Destinations
    lanes: LaneStates
    claims: Claims
    post: Callable[[Credentials, SlackMessage, float], None]
    """(credentials, message, timeout) -> None; raises SlackRefused or SlackUnreachable."""
    policy: RetryPolicy
    digest_from: int
    """Least number of alerts in a batch that are posted as one message; 0 for never."""
    post_interval: float
    """From the beginning of one post of a lane to the beginning of the next."""
    tell_ops: Callable[[str, str, Deadline], None]
    clock: Clock = time.time
    """The wall clock."""
    monotonic: Clock = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def deliver(self, lane: str, records: Sequence[Record], deadline: Deadline) -> LaneSteps:
        """Deliver the alerts of a lane in order; yield each with its outcome."""
        yield from LaneDelivery(self, lane, deadline, Pace(self.post_interval, self.monotonic, self.sleep)).run(records)


@dataclass(frozen=True, slots=True)
class ClaimedAlert:
    """A record and its claim."""

    record: Record
    claim: Claim


@dataclass(slots=True)
class LaneDelivery:
    """One lane in one batch."""

    delivery: Delivery
    lane: str
    deadline: Deadline
    pace: Pace
    state: LaneState = field(init=False)
    access: Access = field(init=False)
    closed: ClosedDestination | None = None
    """Set once the destination takes no message."""
    open: list[Claim] = field(default_factory=list)
    """Claims that have not ended."""
    is_late: bool = False
    """Whether a post was omitted for lack of time."""

    def run(self, records: Sequence[Record]) -> LaneSteps:
        try:
            yield from self._deliver(records)
            if self.is_late and self.pace.started is None:
                yield records[0], Later(LaterReason.NOT_ATTEMPTED, self.state.record_failure())
            if len(records) > 1 or any(self._age(record) > FRESH for record in records):
                self.pace.wait()  # the lane stays closed to other invocations until its records are deleted
        except GeneratorExit:  # the batch loop stops here: an outcome was Later or could not be carried out
            self._release_open()
            raise
        self._release_open()

    def _deliver(self, records: Sequence[Record]) -> LaneSteps:
        if not records:
            return
        self.state = self.delivery.lanes.read(self.lane)
        found = self.delivery.destinations.find(self.lane, self.state, self.deadline)
        match found:
            case Later(reason):
                after = self.state.record_failure(has_secret=reason is not LaterReason.SECRET_MISSING)
                yield records[0], Later(reason, after)
            case ClosedDestination():
                self.closed = found
                yield from self._work(records)
            case Access():
                self.access = found
                yield from self._probe(records) if self.state.is_in_doubt else self._work(records)
            case _:
                assert_never(found)

    def _probe(self, records: Sequence[Record]) -> LaneSteps:
        """Post one alert alone, in one attempt, to learn whether the destination answers again."""
        look = self.delivery.claims.read
        candidates = [Candidate(record, look(self.lane, _identity(record))) for record in records]
        probe = find_fresh(candidates)
        if probe is None and len(records) >= FULL_BATCH and not any(one.was_moved for one in candidates):
            yield from self._move_to_end(records)  # alerts with fewer failures may wait behind them
            return
        if probe is None:
            probe = find_spent(candidates)
            wait = probe.ready_at - self.delivery.clock()
            if wait > 0.0:
                yield records[0], Later(LaterReason.UNANSWERED, min(wait, LONGEST_WAIT_FOR_PROBE))
                return
        record = probe.record
        match claim := self._claim(record):
            case Claim():
                outcome = self._post_one(ClaimedAlert(record, claim), self.delivery.policy.with_(max_attempts=1))
            case _:
                outcome = claim
        yield record, outcome
        yield from self._deliver([one for one in records if one is not record])

    def _work(self, records: Sequence[Record]) -> LaneSteps:
        claimed: list[ClaimedAlert] = []
        twins: list[Record] = []
        blocked: tuple[Record, Later] | None = None
        for record in records:
            if claimed and self.deadline.remaining() < self.delivery.policy.min_attempt_time + TIME_TO_CLAIM:
                break
            claim = self._claim(record)
            if isinstance(claim, Claim):
                claimed.append(ClaimedAlert(record, claim))
            elif isinstance(claim, Duplicate):
                yield record, claim
            elif any(_identity(record) == _identity(one.record) for one in claimed):
                twins.append(record)
            else:
                blocked = (record, claim)
                break
        yield from self._post_all(claimed)
        for record in twins if not self.open else ():
            claim = self._claim(record)
            if isinstance(claim, Duplicate):
                yield record, claim
        if blocked and not self.open:
            yield blocked

    def _post_all(self, claimed: list[ClaimedAlert]) -> LaneSteps:
        if self.closed is not None:
            for one in claimed:
                yield one.record, self._reroute(one, self.closed)
            return
        exhausted = [one for one in claimed if self._is_exhausted(one.claim)]
        for one in exhausted:
            yield one.record, self._unknown(one)
        alerts = [one for one in claimed if one not in exhausted]
        digests = 0 < self.delivery.digest_from <= len(alerts)
        if any(one.claim.crashes for one in alerts):
            yield from self._post_carefully(alerts)
        elif alerts and alerts[0].claim.keeps_failing:
            yield from self._post_after_failures(alerts)
        elif digests and not any(one.claim.row.simplified for one in alerts):
            yield from self._post_digest(alerts)
        else:
            yield from self._post_singly(alerts)

    def _is_exhausted(self, claim: Claim) -> bool:
        """Return whether too many posts got no answer. A lane in doubt only probes and never asks this."""
        limit = self.delivery.claims.unanswered_limit
        return claim.is_exhausted if limit == 1 else claim.unanswered >= limit

    def _post_singly(self, alerts: Sequence[ClaimedAlert]) -> LaneSteps:
        for one in alerts:
            if not self._has_time():
                return
            yield one.record, self._post_one(one)

    def _post_digest(self, alerts: Sequence[ClaimedAlert]) -> LaneSteps:
        """Post one message for all; if Slack refuses it, post them one by one."""
        if not self._has_time():
            return
        marked = [self._alert(one.record, is_doubtful=one.claim.is_doubtful) for one in alerts]
        posted, end = self._post(self._posting(self.delivery.policy, is_doubtful=False), format_digest(marked))
        if posted.is_doubtful:
            for one in alerts:
                one.claim.doubt()
        if posted.refuses_message:
            logger.warning("digest refused", extra={"code": str(posted.failure), "alerts": len(alerts)})
            self.state.record_answer()
            for one in alerts:
                one.claim.simplify(DIGEST_REFUSED)
            yield from self._post_singly(alerts)
            return
        if isinstance(end, Later):
            yield from self._leave(alerts, self._paused(posted, end))
            return
        self.state.record_answer()
        for one, alert in zip(alerts, marked, strict=True):
            yield one.record, self._finish(one, alert.notification, posted, end)

    def _leave(self, alerts: Sequence[ClaimedAlert], later: Later) -> LaneSteps:
        """End the claims of a digest that was not posted, or park its alerts."""
        if not self._parks(later):
            yield from [(one.record, self._end_claim(one, later)) for one in alerts]
            return
        for one in alerts:
            one.claim.leave_unanswered()  # all before the first is parked: if that fails, the batch ends
        for one in alerts:
            yield one.record, self._unknown(one)

    def _post_carefully(self, alerts: Sequence[ClaimedAlert]) -> LaneSteps:
        """Post one by one: first those that never crashed the function, then each suspect alone."""
        for one in alerts:
            self._drop(one.claim).release_untried()
        suspects = [one for one in alerts if one.claim.crashes >= CRASH_LIMIT]
        if len(suspects) >= FULL_BATCH and not any(map(_was_moved, suspects)):
            yield from self._move_to_end([one.record for one in suspects])  # other alerts may wait behind them
            return
        is_delivered = False
        for one in sorted(alerts, key=lambda alert: alert.claim.crashes):
            if one.claim.crashes:
                self.deadline = (yield ContinueAlone(one.claim.crashes)) or self.deadline
            if not self._has_time():
                return
            if one in suspects and not is_delivered and self._was_tried_lately(one.claim):
                yield one.record, Later(LaterReason.UNEXPECTED, CRASH_PAUSE)
            claim = self._claim(one.record, is_alone=is_delivered)
            if not isinstance(claim, Claim):
                yield one.record, claim
                continue
            again = ClaimedAlert(one.record, claim)
            if claim.crashes and claim.unanswered and claim.keeps_failing and is_delivered:
                yield again.record, self._move_or_park(again)
                continue
            outcome = self._post_one(again)
            is_delivered |= isinstance(outcome, Delivered)
            yield again.record, outcome

    def _post_after_failures(self, alerts: Sequence[ClaimedAlert]) -> LaneSteps:
        """Try the first alert, then the next one: if only the next is delivered, the first one fails alone."""
        first, *others = alerts
        if not self._has_time():
            return
        outcome = self._post_one(
            first, self.delivery.policy.with_(max_attempts=1)
        )  # so that time is left for the next one
        if isinstance(outcome, Later) and others and self._has_time():
            second = others.pop(0)
            match other := self._post_one(second):
                case Later():
                    outcome = replace(outcome, after=max(outcome.after, other.after))
                case Delivered():
                    yield second.record, other
                    claim = self._claim(first.record)
                    outcome = (
                        self._move_or_park(ClaimedAlert(first.record, claim)) if isinstance(claim, Claim) else claim
                    )
                case _:
                    yield second.record, other
        yield first.record, outcome
        yield from self._post_singly(others)

    def _move_to_end(self, records: Sequence[Record]) -> LaneSteps:
        """Move these to the end of their lane."""
        for record in records:
            yield record, Move(self.lane, read_facts(record).note, read_facts(record).hop)

    def _move_or_park(self, one: ClaimedAlert) -> Move | Park:
        """Return the move of an alert that fails alone to the end of its lane; after HOP_LIMIT hops park it."""
        hop = max(one.claim.hop, read_facts(one.record).hop)
        if hop >= HOP_LIMIT:
            return Park(ParkReason.KEEPS_FAILING, f"{hop} turns", self._held(one))
        return Move(self.lane, read_facts(one.record).note, hop + 1, self._held(one))

    def _post_one(self, one: ClaimedAlert, policy: RetryPolicy | None = None) -> Outcome:
        with log_keys(record=one.record.message_id):
            alert = self._alert(one.record)
            if self.closed is not None:
                return self._reroute(one, self.closed)
            posting = self._posting(policy or self.delivery.policy, is_doubtful=one.claim.is_doubtful)
            if one.claim.row.simplified >= BLOCKS_REFUSED:
                posted, end = self._post(posting, format_plain(alert))
            else:
                posted, end = self._post(posting, format_message(alert), lambda: format_plain(alert))
            if posted.refused_blocks:
                one.claim.simplify(BLOCKS_REFUSED)
            if isinstance(end, Later):
                end = self._paused(posted, end)
            else:
                self.state.record_answer()
            return self._finish(one, alert.notification, posted, end)

    def _posting(self, policy: RetryPolicy, *, is_doubtful: bool) -> Posting:
        return Posting(self.delivery.post, policy, self.deadline, self.pace, is_doubtful)

    def _post(
        self, posting: Posting, message: SlackMessage, plain: Callable[[], SlackMessage] | None = None
    ) -> tuple[Posted, Delivered | Later | Park | ClosedDestination]:
        """Post; if the credentials are refused, read the secret again and post once more with newer ones."""
        posted = posting.post(self.access.credentials, message, plain)
        report_retry_after(posted.asked)
        end = outcome_of(posted)
        if isinstance(end, ClosedDestination) or end == Later(LaterReason.SECRET_EXPIRED):
            match other := self.delivery.destinations.find_again(self.lane, self.deadline):
                case Access():
                    self.access = other
                    posted = posting.post(other.credentials, message, plain)
                    end = outcome_of(posted)
                case Later():
                    end = other
                case None:
                    pass
        return posted, end

    def _finish(
        self,
        one: ClaimedAlert,
        notification: Notification,
        posted: Posted,
        end: Delivered | Later | Park | ClosedDestination,
    ) -> Outcome:
        """End the claim by the result of the post; if the alert is parked or moved, the claim ends after that."""
        if posted.is_doubtful:
            one.claim.doubt()
        if isinstance(end, ClosedDestination):
            if self.closed is None:
                logger.error("destination closed", extra={"why": end.why, "code": end.code})
            self.closed = end
            return self._reroute(one, end)
        outcome = self._end_claim(one, end)
        if isinstance(outcome, Delivered):
            report_latency(notification.occurred_at, self.delivery.clock())
        return outcome

    def _end_claim(self, one: ClaimedAlert, end: Delivered | Later | Park) -> Outcome:
        claim = one.claim
        match end:
            case Delivered():
                self._drop(claim).commit()
            case Park():
                return replace(end, claims=self._held(one))
            case Later() if self._parks(end):
                claim.leave_unanswered()  # if parking fails, the redelivered alert is not posted again
                return self._unknown(one)
            case Later(reason) if reason in BLAMED:
                self._drop(claim).fail(is_answered=reason is not LaterReason.UNANSWERED)
            case Later():
                self._drop(claim).release()
            case _:
                assert_never(end)
        return end

    def _parks(self, later: Later) -> bool:
        """Return whether UnansweredPosts=suppress parks at the first post without an answer."""
        return later.reason is LaterReason.UNANSWERED and self.delivery.claims.unanswered_limit == 1

    def _unknown(self, one: ClaimedAlert) -> Park:
        return Park(ParkReason.DELIVERY_UNKNOWN, "unanswered", self._held(one))

    def _paused(self, posted: Posted, later: Later) -> Later:
        """Record the failure of the lane; return Later with its pause."""
        after = self.state.record_failure(posted.asked, posted.evidence)
        if later.reason in TOLD and self.state.failing_for >= TOLD_AFTER:
            line = f"Destination {self.lane}: {later.reason.value} ({posted.failure}), and its alerts wait"
            self.delivery.tell_ops(self.lane, line, self.deadline)
        return Later(later.reason, after)

    def _reroute(self, one: ClaimedAlert, closed: ClosedDestination) -> Move | Park:
        """Return the move to the default destination's lane, or the end of an alert that this one refuses."""
        default = self.delivery.destinations.default
        line = f"Destination {self.lane}: {closed.why} ({closed.code})"
        if self.lane == default:
            self.delivery.tell_ops(self.lane, f"{line}. {format_line(self._alert(one.record))}", self.deadline)
            return Park(ParkReason.DESTINATION_REFUSED, closed.code, self._held(one))
        self.delivery.tell_ops(self.lane, f"{line}; its alerts go to {default}", self.deadline)
        return Move(default, f"meant for {self.lane}: {closed.why}", read_facts(one.record).hop, self._held(one))

    def _alert(self, record: Record, *, is_doubtful: bool = False) -> Alert:
        before = read_facts(record)
        notification = parse(record, as_text=before.as_text)
        return Alert(notification, before.mention, before.note, is_doubtful)

    def _has_time(self) -> bool:
        """Wait until the next post may begin; tell whether there is time for it."""
        if not self.closed:
            self.pace.wait(self.deadline)
        has_time = self.deadline.remaining() >= self.delivery.policy.min_attempt_time
        self.is_late |= not has_time
        return has_time

    def _was_tried_lately(self, claim: Claim) -> bool:
        return self.delivery.clock() - claim.last_try < 0.9 * CRASH_PAUSE  # SQS and the clock may differ a little

    def _age(self, record: Record) -> float:
        return self.delivery.clock() - (record.published_at or 0.0)

    def _claim(self, record: Record, *, is_alone: bool = False) -> Claim | Duplicate | Later:
        claim = self.delivery.claims.claim(self.lane, _identity(record), read_facts(record).hop, is_alone=is_alone)
        if isinstance(claim, Claim):
            self.open.append(claim)
        return claim

    def _drop(self, claim: Claim) -> Claim:
        """Return the claim, which its caller ends."""
        self.open = [one for one in self.open if one is not claim]
        return claim

    def _held(self, one: ClaimedAlert) -> tuple[Claim]:
        """Return the claim for an outcome that ends it."""
        return (self._drop(one.claim),)

    def _release_open(self) -> None:
        for claim in list(self.open):
            self._drop(claim).release_untried()


def _was_moved(one: ClaimedAlert) -> bool:
    """Return whether the alert was sent to the end of its lane after its last try."""
    return (one.record.queued_at or 0.0) >= one.claim.last_try


def _identity(record: Record) -> str:
    """Return the identity that intake parsed; a second delivery of the alert has the same."""
    before = read_facts(record)
    return before.identity or record.sns_message_id or before.alert_id
