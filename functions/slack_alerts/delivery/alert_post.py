"""Post one alert alone, and end its claim by the result of the post."""

from dataclasses import replace
from functools import partial
from typing import assert_never

from observability.telemetry import log_keys, logger
from outcomes.metrics import report_latency
from outcomes.outcome import Delivered, Later, Outcome, Park
from slack_alerts.delivery.batch_delivery import BatchDelivery
from slack_alerts.delivery.claimed_alert import ClaimedAlert
from slack_alerts.delivery.follow_up import FollowUp, follow_up
from slack_alerts.delivery.posting import Posted
from slack_alerts.delivery.undelivered import end_undelivered, pause_lane, reroute
from slack_alerts.formatting.message import format_message, format_plain
from slack_alerts.models import Alert, ClosedDestination, SlackMessage

DIGEST_REFUSED, BLOCKS_REFUSED = 1, 2
"""The forms of an alert that Slack refused, as `Row.simplified` counts them."""


def post_alert(batch: BatchDelivery, one: ClaimedAlert, *, is_probe: bool = False) -> Outcome:
    """Post the alert and end its claim. A probe is one attempt."""
    with log_keys(record=one.record.message_id):
        alert = one.parse()
        if batch.closed is not None:
            return reroute(batch, one, batch.closed)
        following = follow_up(batch, alert)
        posting = batch.posting(is_doubtful=one.claim.is_doubtful, is_probe=is_probe)
        plain = partial(_plain, following)
        if one.claim.row.simplified >= BLOCKS_REFUSED:
            posted = posting.post(plain())
        else:
            posted = posting.post(following.in_thread(format_message(following.alert)), plain)
        if posted.refused_blocks:
            one.claim.simplify(BLOCKS_REFUSED)
        outcome = end_alert(batch, one, alert, posted)
        if isinstance(outcome, Delivered):
            following.record(batch, posted)
        return outcome


def _plain(following: FollowUp) -> SlackMessage:
    return following.in_thread(format_plain(following.alert))


def end_alert(batch: BatchDelivery, one: ClaimedAlert, alert: Alert, posted: Posted) -> Outcome:
    """Record the result of the post in the lane and in the claim; return the outcome."""
    outcome = posted.outcome
    if isinstance(outcome, Later):
        outcome = pause_lane(batch, posted, outcome)
    else:
        batch.state.record_answer()
    if posted.is_doubtful:
        one.claim.doubt()
    match outcome:
        case Delivered():
            batch.take(one).commit()
            report_latency(alert.notification.occurred_at, batch.services.clock())
            return outcome
        case Park():
            return replace(outcome, claims=(batch.take(one),))
        case Later():
            return end_undelivered(batch, one, outcome)
        case ClosedDestination():
            if batch.closed is None:
                logger.error("destination closed", extra={"why": outcome.why, "code": outcome.code})
            batch.closed = outcome
            return reroute(batch, one, outcome)
        case _:
            assert_never(outcome)
