"""An alert that was not delivered pauses its lane, and is freed or parked."""

import pytest

from outcomes.outcome import Later, LaterReason, Park, ParkReason
from tests.support.steps.lane import (
    BAD_BLOCKS,
    BUSY,
    DELIVERED,
    LEASE,
    NO_ANSWER,
    NOT_SENT,
    ODD,
    UNTRUSTED,
    Lane,
    answered,
)

UNKNOWN = Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")


@pytest.mark.parametrize(
    ("error", "posts", "outcome"),
    [
        (answered(429, "rate_limited", 30.0), 1, Later(LaterReason.THROTTLED, 30.0)),
        (answered(429, "rate_limited"), 3, Later(LaterReason.THROTTLED, 5.0)),
        (answered(503, "", 60.0), 1, Later(LaterReason.THROTTLED, 60.0)),
        (answered(429, "", 99_999.0), 1, Later(LaterReason.THROTTLED, 3_600.0)),
        (BUSY, 4, Later(LaterReason.UNREACHABLE, 5.0)),
        (answered(500, "rollup_error"), 4, Later(LaterReason.UNREACHABLE, 5.0)),
        (answered(502), 4, Later(LaterReason.UNREACHABLE, 5.0)),
        (NOT_SENT, 4, Later(LaterReason.UNREACHABLE, 5.0)),
        (NO_ANSWER, 1, Later(LaterReason.UNANSWERED, 5.0)),
        (UNTRUSTED, 1, Later(LaterReason.TLS, 5.0)),
        (ODD, 1, Later(LaterReason.UNEXPECTED_ANSWER, 5.0)),
    ],
)
@pytest.mark.parametrize("names", ["ab", "abc"])
def test_a_failure_that_may_pass_pauses_the_lane_by_its_head(
    lane: Lane, error: Exception, posts: int, outcome: Later, names: str
) -> None:
    lane.slack.always["team"] = error
    assert lane.receive(*names) == [("a", outcome)]
    assert len(lane.posts) == posts
    assert lane.queues.hidden == {"a": outcome.after, **dict.fromkeys(names[1:], 0)}
    assert lane.states(*names)[0] == "free"
    assert (lane.ops_lines, lane.queues.parked, lane.queues.sent) == ([], [], [])


@pytest.mark.parametrize("names", ["a", "abc"])
def test_suppress_parks_at_the_first_post_without_an_answer_and_marks_a_redriven_copy(lane: Lane, names: str) -> None:
    lane.unanswered_limit = 1
    lane.slack.answers = [NO_ANSWER]
    assert lane.receive(*names) == [(name, UNKNOWN) for name in names]
    assert lane.states(*names) == ["parked"] * len(names)
    assert lane.receive("a", hop=1) == [("a", DELIVERED)]
    assert lane.posts[-1] == "team a doubtful"


def test_e1_suppress_does_not_post_again_after_failed_parking_and_leaves_no_claim_to_lapse(lane: Lane) -> None:
    lane.unanswered_limit = 1
    lane.slack.answers = [NO_ANSWER]
    lane.queues.is_full = True
    lane.receive("a")
    assert (len(lane.posts), lane.states("a")) == (1, ["free"])
    lane.queues.is_full = False
    assert (lane.receive("a"), len(lane.posts)) == ([("a", UNKNOWN)], 1)


def test_e1_an_alert_that_cannot_be_parked_stays_with_its_claim_released(lane: Lane) -> None:
    lane.slack.always["team"] = BAD_BLOCKS
    lane.queues.is_full = True
    lane.receive("a", "b")
    assert lane.queues.hidden == {"a": LEASE, "b": 0}
    assert lane.states("a", "b") == ["free", "free"]
