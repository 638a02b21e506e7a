"""Post several alerts as one message; each keeps its own claim and outcome."""

from collections.abc import Sequence

from observability.telemetry import logger
from outcomes.outcome import Later
from record_batch.lane_step import Outcomes
from slack_alerts.delivery.alert_post import DIGEST_REFUSED, end_alert
from slack_alerts.delivery.batch_delivery import BatchDelivery
from slack_alerts.delivery.claimed_alert import ClaimedAlert
from slack_alerts.delivery.undelivered import end_undelivered, park_unanswered, parks_unanswered, pause_lane
from slack_alerts.formatting.digest import format_digest
from slack_alerts.models import Refused


def post_digest(batch: BatchDelivery, alerts: Sequence[ClaimedAlert]) -> Outcomes[Sequence[ClaimedAlert]]:
    """Post one message for all. If Slack refuses it, return the alerts: they are posted one by one."""
    if not batch.wait_to_post():
        return ()
    parsed = [one.parse() for one in alerts]
    posted = batch.posting(is_doubtful=False).post(format_digest(parsed))
    if posted.is_doubtful:
        for one in alerts:
            one.claim.doubt()
    if posted.refused is Refused.MESSAGE:
        logger.warning("digest refused", extra={"code": str(posted.failure), "alerts": len(alerts)})
        batch.state.record_answer()
        for one in alerts:
            one.claim.simplify(DIGEST_REFUSED)
        return alerts
    if isinstance(posted.outcome, Later):
        yield from _end_undelivered(batch, alerts, pause_lane(batch, posted, posted.outcome))
        return ()
    for one, alert in zip(alerts, parsed, strict=True):
        yield one.record, end_alert(batch, one, alert, posted)
    if posted.failure is None and any(map(batch.follows, parsed)):
        from slack_alerts.delivery.follow_up import record_digest  # noqa: PLC0415 - webhooks have no threads

        record_digest(batch, parsed, posted)
    return ()


def _end_undelivered(batch: BatchDelivery, alerts: Sequence[ClaimedAlert], later: Later) -> Outcomes[None]:
    """End the claims of all alerts before the first yield: the batch loop stops at the first Later."""
    if not parks_unanswered(batch, later):
        yield from [(one.record, end_undelivered(batch, one, later)) for one in alerts]
        return
    for one in alerts:
        one.claim.leave_unanswered()  # write all before parking the first: if parking fails, the batch ends
    for one in alerts:
        yield one.record, park_unanswered(batch, one)
