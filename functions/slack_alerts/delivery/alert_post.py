"""Post one alert alone, and end its claim by the result of the post."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, assert_never

from observability.telemetry import log_keys, logger
from outcomes.metrics import report_latency
from outcomes.outcome import Delivered, Later, Outcome, Park
from slack_alerts.delivery.batch_delivery import BatchDelivery
from slack_alerts.delivery.claimed_alert import ClaimedAlert
from slack_alerts.delivery.posting import Posted
from slack_alerts.delivery.undelivered import end_undelivered, pause_lane, reroute
from slack_alerts.formatting.message import format_message, format_plain
from slack_alerts.models import Alert, ClosedDestination, SlackMessage

if TYPE_CHECKING:
    from slack_alerts.delivery.follow_up import FollowUp

DIGEST_REFUSED, BLOCKS_REFUSED = 1, 2
"""The forms of an alert that Slack refused, as `Row.simplified` counts them."""


def post_alert(batch: BatchDelivery, one: ClaimedAlert, *, is_probe: bool = False) -> Outcome:
    """Post the alert and end its claim. A probe is one attempt."""
    with log_keys(record=one.record.message_id):
        alert = one.parse()
        if batch.closed is not None:
            return reroute(batch, one, batch.closed)
        following = _follow_up(batch, alert)
        posting = batch.posting(is_doubtful=one.claim.is_doubtful, is_probe=is_probe)
        rich, plain = (partial(_message, following, alert, form) for form in (format_message, format_plain))
        is_plain = one.claim.row.simplified >= BLOCKS_REFUSED
        posted = posting.post(plain()) if is_plain else posting.post(rich(), plain)
        if posted.refused_blocks:
            one.claim.simplify(BLOCKS_REFUSED)
        outcome = end_alert(batch, one, alert, posted)
        if following is not None and isinstance(outcome, Delivered):
            following.record(batch, posted)
        if isinstance(outcome, Delivered) and not one.claim.crashes:  # an alert that may cause crashes gets no picture
            batch.want_picture(alert, posted.place)
        return outcome


def _follow_up(batch: BatchDelivery, alert: Alert) -> "FollowUp | None":
    """Return the alert with the thread of its alarm; None if it is not followed."""
    if not batch.follows(alert):
        return None
    from slack_alerts.delivery.follow_up import follow_up  # noqa: PLC0415 - webhooks have no threads

    return follow_up(batch, alert)


def _message(following: "FollowUp | None", alert: Alert, form: Callable[[Alert], SlackMessage]) -> SlackMessage:
    return form(alert) if following is None else following.in_thread(form(following.alert))


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
