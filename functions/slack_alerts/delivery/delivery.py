"""The alerts of one lane -> their outcomes.

find the destination -> claim -> post, alone or as a digest -> end the claims -> hold until the next post may begin
"""

from collections.abc import Sequence

from aws_events.record import Record
from outcomes.outcome import Duplicate, Later, LaterReason
from record_batch.lane_step import Outcomes
from retry_policies import Deadline
from slack_alerts.delivery.alert_post import post_alert
from slack_alerts.delivery.batch_delivery import BatchDelivery
from slack_alerts.delivery.claimed_alert import ClaimedAlert, identity_of
from slack_alerts.delivery.digest_post import post_digest
from slack_alerts.delivery.probing import probe
from slack_alerts.delivery.services import Services
from slack_alerts.delivery.suspects import post_after_crashes, post_after_failures
from slack_alerts.delivery.undelivered import may_not_repeat, park_unanswered, reroute
from slack_alerts.models import Access

FRESH = 1.0
"""Age in seconds up to which a single alert does not hold its lane: no other alert waits behind it yet."""
TIME_TO_CLAIM = 1.0
"""Seconds for one more claim: a slow table must leave time for the post."""


def deliver(services: Services, lane: str, records: Sequence[Record], deadline: Deadline) -> Outcomes[None]:
    """Deliver the alerts of a lane in order; yield each with its outcome."""
    batch, left = BatchDelivery(services, lane, deadline), records
    try:
        while left:
            found = batch.find_destination()
            if isinstance(found, Later):
                yield left[0], found
                break
            is_probe = isinstance(found, Access) and batch.state.is_in_doubt
            left = yield from (probe if is_probe else claim_and_post)(batch, left)
        if batch.is_late and batch.pace.started is None:  # no post was made: without a pause the lane returns at once
            yield records[0], Later(LaterReason.NOT_ATTEMPTED, batch.state.record_failure())
        batch.edit_headlines()
        if len(records) > 1 or any(batch.age(record) > FRESH for record in records):
            batch.pace.wait()  # SQS gives the lane to no other invocation until its records are deleted
    except GeneratorExit:  # the batch loop stops here: an outcome was Later or could not be carried out
        batch.release_all()
        batch.defer_headlines()
        raise
    batch.release_all()


def claim_and_post(batch: BatchDelivery, records: Sequence[Record]) -> Outcomes[Sequence[Record]]:
    """Claim the alerts in order and post them. A second copy of an alert ends after the first."""
    claimed: list[ClaimedAlert] = []
    copies: list[Record] = []
    blocked: tuple[Record, Later] | None = None
    for record in records:
        if claimed and batch.deadline.remaining() < batch.services.policy.min_attempt_time + TIME_TO_CLAIM:
            break
        one = batch.claim(record)
        if isinstance(one, ClaimedAlert):
            claimed.append(one)
        elif isinstance(one, Duplicate):
            yield record, one
        elif any(identity_of(record) == identity_of(other.record) for other in claimed):
            copies.append(record)
        else:
            blocked = (record, one)
            break
    yield from post_claimed(batch, claimed)
    for record in copies if not batch.open else ():
        one = batch.claim(record)
        if isinstance(one, Duplicate):
            yield record, one
    if blocked and not batch.open:
        yield blocked
    return ()


def post_claimed(batch: BatchDelivery, claimed: Sequence[ClaimedAlert]) -> Outcomes[None]:
    """Post the alerts as a digest or one by one; after crashes or failures by the rules for suspects."""
    if batch.closed is not None:
        for one in claimed:
            yield one.record, reroute(batch, one, batch.closed)
        return
    exhausted = [one for one in claimed if _is_exhausted(batch, one)]
    for one in exhausted:
        yield one.record, park_unanswered(batch, one)
    alerts: Sequence[ClaimedAlert] = [one for one in claimed if one not in exhausted]
    if any(one.claim.crashes for one in alerts):
        alerts = yield from post_after_crashes(batch, alerts)
    elif alerts and alerts[0].claim.keeps_failing:
        alerts = yield from post_after_failures(batch, alerts)
    elif 0 < batch.services.digest_from <= len(alerts) and not any(one.claim.row.simplified for one in alerts):
        alerts = yield from post_digest(batch, alerts)
    for one in alerts:
        if not batch.wait_to_post():
            return
        yield one.record, post_alert(batch, one)


def _is_exhausted(batch: BatchDelivery, one: ClaimedAlert) -> bool:
    """Return whether to park the alert for its unanswered posts."""
    return may_not_repeat(batch, one) or one.claim.unanswered >= batch.services.claims.unanswered_limit
