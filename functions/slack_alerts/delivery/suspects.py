"""Post alerts that may cause crashes or failures themselves, so that other alerts of the lane are delivered."""

from collections.abc import Sequence
from dataclasses import replace

from outcomes.outcome import Delivered, Later, LaterReason
from record_batch.lane_step import ContinueAlone, Outcomes
from shared_state.claims import Claim
from slack_alerts.delivery.alert_post import post_alert
from slack_alerts.delivery.batch_delivery import FULL_BATCH, BatchDelivery
from slack_alerts.delivery.claimed_alert import ClaimedAlert
from slack_alerts.delivery.undelivered import move_or_park, move_to_end

CRASH_LIMIT = 5
"""Crashes after which an alert is tried once per CRASH_PAUSE, while no other alert of its lane is delivered."""
CRASH_PAUSE = 900.0
"""Seconds between two tries of an alert with CRASH_LIMIT crashes."""


def post_after_crashes(batch: BatchDelivery, alerts: Sequence[ClaimedAlert]) -> Outcomes[Sequence[ClaimedAlert]]:
    """Post one by one: first the alerts that never crashed the function, then each suspect alone."""
    for one in alerts:
        batch.take(one).release_untried()
    at_limit = [one for one in alerts if one.claim.crashes >= CRASH_LIMIT]
    if len(at_limit) >= FULL_BATCH and not any(one.was_moved for one in at_limit):
        yield from move_to_end(batch, [one.record for one in at_limit])  # other alerts may wait behind them
        return ()
    is_delivered = False
    for one in sorted(alerts, key=lambda alert: alert.claim.crashes):
        if one.claim.crashes:
            batch.deadline = (yield ContinueAlone(one.claim.crashes)) or batch.deadline
        if not batch.wait_to_post():
            break
        if one in at_limit and not is_delivered and _was_tried_lately(batch, one.claim):
            yield one.record, Later(LaterReason.UNEXPECTED, CRASH_PAUSE)
        again = batch.claim(one.record, is_alone=is_delivered)
        if not isinstance(again, ClaimedAlert):
            yield one.record, again
        elif is_delivered and again.claim.crashes and again.claim.unanswered and again.claim.keeps_failing:
            yield again.record, move_or_park(batch, again)
        else:
            outcome = post_alert(batch, again)
            is_delivered |= isinstance(outcome, Delivered)
            yield again.record, outcome
    return ()


def _was_tried_lately(batch: BatchDelivery, claim: Claim) -> bool:
    return batch.services.clock() - claim.last_try < 0.9 * CRASH_PAUSE  # SQS and the clock may differ a little


def post_after_failures(batch: BatchDelivery, alerts: Sequence[ClaimedAlert]) -> Outcomes[Sequence[ClaimedAlert]]:
    """Try the first alert in one attempt, then another. If only the other is delivered, move the first to the end.

    The other alert is the one with the fewest failures: two alerts that fail alone must not block the lane. Return the
    alerts that were not tried.
    """
    first, *others = alerts
    if not batch.wait_to_post():
        return ()
    outcome = post_alert(batch, first, is_probe=True)  # one attempt leaves time for the next alert
    if isinstance(outcome, Later) and others and batch.wait_to_post():
        second = min(others, key=lambda one: one.claim.row.failures)
        others.remove(second)
        other = post_alert(batch, second)
        if isinstance(other, Later):
            outcome = replace(outcome, after=max(outcome.after, other.after))
        else:
            yield second.record, other
        if isinstance(other, Delivered):
            again = batch.claim(first.record)
            outcome = move_or_park(batch, again) if isinstance(again, ClaimedAlert) else again
    yield first.record, outcome
    return others
