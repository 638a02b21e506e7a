"""The ends of an alert that was not delivered: it is freed, moved or parked, and its lane may pause.

The claim of an alert that is moved or parked is part of the outcome: the batch loop ends the claim afterwards.
"""

from collections.abc import Sequence

from aws_events.message_attributes import read_facts
from aws_events.record import Record
from outcomes.outcome import Later, LaterReason, Move, Park, ParkReason
from record_batch.lane_step import Outcomes
from slack_alerts.delivery.batch_delivery import BatchDelivery
from slack_alerts.delivery.claimed_alert import ClaimedAlert
from slack_alerts.delivery.posting import Posted
from slack_alerts.formatting.ops_line import format_line
from slack_alerts.models import ClosedDestination

HOP_LIMIT = 3
"""Moves to the end of its lane, or redrives from parking, after which an alert that keeps failing is parked."""
NOTIFY_AFTER = 900.0
"""Seconds for which a lane fails before operations are notified."""
NOTIFIED = frozenset({LaterReason.UNEXPECTED_ANSWER, LaterReason.SECRET_EXPIRED})
"""Failures that only people can repair."""
ALERT_FAILURES = frozenset({LaterReason.UNREACHABLE, LaterReason.UNANSWERED, LaterReason.UNEXPECTED_ANSWER})
"""Failures that the alert may cause itself: they count against it."""


def pause_lane(batch: BatchDelivery, posted: Posted, later: Later) -> Later:
    """Record the failure of the lane; return Later with its pause."""
    asked = max(later.after, posted.retry_after or 0.0)
    pause = batch.state.record_failure(asked, posted.evidence)
    if later.reason in NOTIFIED and batch.state.failing_for >= NOTIFY_AFTER:
        batch.notify_ops(f"{later.reason.value} ({posted.failure}), and its alerts wait")
    return Later(later.reason, pause)


def end_undelivered(batch: BatchDelivery, one: ClaimedAlert, later: Later) -> Later | Park:
    """Free the alert and count a failure that it may have caused; or park it."""
    if parks_unanswered(batch, later):
        one.claim.leave_unanswered()  # if parking fails, the redelivered alert is not posted again
        return park_unanswered(batch, one)
    claim = batch.take(one)
    if later.reason in ALERT_FAILURES:
        claim.fail(is_answered=later.reason is not LaterReason.UNANSWERED, may_exhaust=not batch.state.is_in_doubt)
    else:
        claim.release()
    return later


def parks_unanswered(batch: BatchDelivery, later: Later) -> bool:
    """Return whether to park after this first unanswered post, as UnansweredPosts=suppress requires."""
    return later.reason is LaterReason.UNANSWERED and batch.services.claims.unanswered_limit == 1


def may_not_repeat(batch: BatchDelivery, one: ClaimedAlert) -> bool:
    """Return whether UnansweredPosts=suppress forbids a post: a crashed invocation may have posted the alert."""
    return batch.services.claims.unanswered_limit == 1 and one.claim.is_exhausted


def park_unanswered(batch: BatchDelivery, one: ClaimedAlert) -> Park:
    return Park(ParkReason.DELIVERY_UNKNOWN, "unanswered", (batch.take(one),))


def reroute(batch: BatchDelivery, one: ClaimedAlert, closed: ClosedDestination) -> Move | Park:
    """Return the move to the default destination's lane; park the alert if this is that lane."""
    default = batch.services.destinations.default
    if batch.lane == default:
        batch.notify_ops(f"{closed.why} ({closed.code}). {format_line(one.parse())}")
        return Park(ParkReason.DESTINATION_REFUSED, closed.code, (batch.take(one),))
    batch.notify_ops(f"{closed.why} ({closed.code}); its alerts go to {default}")
    facts = read_facts(one.record)
    note = "; ".join(filter(None, (facts.note, f"meant for {batch.lane}: {closed.why}")))
    return Move(default, note, facts.hop, (batch.take(one),))


def move_or_park(batch: BatchDelivery, one: ClaimedAlert) -> Move | Park:
    """Return the move of an alert that fails alone to the end of its lane; after HOP_LIMIT hops park it."""
    facts = read_facts(one.record)
    hop = max(one.claim.hop, facts.hop)
    claims = (batch.take(one),)
    if hop >= HOP_LIMIT:
        return Park(ParkReason.KEEPS_FAILING, f"{hop} moves", claims)
    return Move(batch.lane, facts.note, hop + 1, claims)


def move_to_end(batch: BatchDelivery, records: Sequence[Record]) -> Outcomes[None]:
    """Move these to the end of their lane."""
    for record in records:
        facts = read_facts(record)
        yield record, Move(batch.lane, facts.note, facts.hop)
