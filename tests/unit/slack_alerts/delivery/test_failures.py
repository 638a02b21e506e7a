import pytest

from outcomes.outcome import Later, LaterReason, Outcome, Park, ParkReason
from retry_policies import DeadlineExceeded
from slack_alerts.delivery.failures import Failure, outcome_of
from slack_alerts.models import ClosedDestination
from tests.support.steps.lane import (
    BAD_BLOCKS,
    BROKEN,
    BUSY,
    EXPIRED,
    GONE,
    NO_ANSWER,
    NOT_SENT,
    ODD,
    UNTRUSTED,
    answered,
)

HTML = answered(404, "<html>")


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (UNTRUSTED, Later(LaterReason.TLS)),
        (NO_ANSWER, Later(LaterReason.UNANSWERED)),
        (NOT_SENT, Later(LaterReason.UNREACHABLE)),
        (BUSY, Later(LaterReason.UNREACHABLE)),
        (BROKEN, Later(LaterReason.UNREACHABLE)),
        (answered(429), Later(LaterReason.THROTTLED)),
        (answered(503, "", 5.0), Later(LaterReason.THROTTLED)),
        (ODD, Later(LaterReason.UNEXPECTED_ANSWER)),
        (HTML, Later(LaterReason.UNEXPECTED_ANSWER)),
        (BAD_BLOCKS, Park(ParkReason.MESSAGE_REFUSED, "invalid_blocks")),
        (EXPIRED, Later(LaterReason.SECRET_EXPIRED)),
        (GONE, ClosedDestination("refused", "no_service")),
        (answered(302), ClosedDestination("refused", "302 unknown_body")),
        (DeadlineExceeded(), Later(LaterReason.NOT_ATTEMPTED)),
    ],
)
def test_each_failure_has_its_outcome(failure: Failure, outcome: Outcome | ClosedDestination) -> None:
    assert outcome_of(failure) == outcome
